//! The file of ossutil, `~/.ossutilconfig`.

use super::Found;
use crate::config::field::Field;
use crate::config::ini::{Ini, Section};

/// Reads the one profile: ossutil 1 has it in the section `Credentials`, ossutil 2 in `default`.
pub(super) fn read(text: &str) -> Result<Vec<Found>, String> {
    let ini = Ini::parse(text);
    let named = |name: &str| ini.sections().iter().find(|section| section.name.eq_ignore_ascii_case(name));
    let section = named("credentials").or_else(|| named("default"));
    let section = section.ok_or("there is neither a section [Credentials] nor [default]")?;
    let place = format!("section [{}]", section.name);
    let value = |key: &str| get(section, key).filter(|value| !value.is_empty());
    let needed = |key: &str| value(key).ok_or_else(|| format!("{place}: {key} is missing"));
    let token = value("stsToken");
    let mode = if token.is_some() { "StsToken" } else { "AK" };
    let mut found = Found::new("", mode, place.clone());
    found.set(Field::AccessKeyId, needed("accessKeyID")?);
    found.set(Field::AccessKeySecret, needed("accessKeySecret")?);
    found.set(Field::StsToken, token.unwrap_or_default());
    let region = value("region").or_else(|| value("endpoint").and_then(region_of));
    found.set(Field::RegionId, region.unwrap_or_default());
    Ok(vec![found])
}

/// Returns the value of a key, in any case of its letters.
fn get<'a>(section: &'a Section, key: &str) -> Option<&'a str> {
    section
        .keys()
        .find(|name| name.eq_ignore_ascii_case(key))
        .and_then(|name| section.get(name))
        .map(|value| value.expose())
}

/// Returns the region that an endpoint of OSS names: `cn-shanghai` for `https://oss-cn-shanghai-internal.aliyuncs.com`.
fn region_of(endpoint: &str) -> Option<&str> {
    let host = endpoint.rsplit_once("://").map_or(endpoint, |(_, host)| host);
    let label = host.split(['.', '/', ':']).find_map(|label| label.strip_prefix("oss-"))?;
    let region = label.strip_suffix("-internal").unwrap_or(label);
    Some(region).filter(|region| region.contains('-') && !region.starts_with("accelerate"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_of_the_file_are_read() {
        for (text, region) in [
            (
                "[Credentials]\naccessKeyID=i\naccessKeySecret=s\nendpoint=oss-cn-beijing.aliyuncs.com\n",
                "cn-beijing",
            ),
            ("[default]\naccessKeyID = i\naccessKeySecret = s\nregion = cn-hangzhou\n", "cn-hangzhou"),
        ] {
            let [found] = read(text).unwrap().try_into().unwrap();
            let texts =
                [Field::Mode, Field::AccessKeyId, Field::RegionId].map(|field| found.profile.text(field));
            assert_eq!(texts, ["AK", "i", region]);
        }
        assert!(read("[default]\naccess_key_id = i\naccess_key_secret = s\n").is_err());
    }

    #[test]
    fn an_endpoint_names_its_region_in_every_form() {
        for (endpoint, region) in [
            ("oss-cn-shanghai.aliyuncs.com", Some("cn-shanghai")),
            ("https://oss-cn-beijing-internal.aliyuncs.com/x", Some("cn-beijing")),
            ("http://bucket.oss-us-west-1.aliyuncs.com:80", Some("us-west-1")),
            ("oss-accelerate.aliyuncs.com", None),
            ("oss-accelerate-overseas.aliyuncs.com", None),
            ("example.com", None),
        ] {
            assert_eq!(region_of(endpoint), region, "{endpoint}");
        }
    }
}
