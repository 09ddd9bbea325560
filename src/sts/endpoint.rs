//! Which host a call goes to (wire, section 5).

use url::Url;

use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::error::{Error, Result};

const CENTRAL: &str = "sts.aliyuncs.com";

/// The regions that have an endpoint inside their VPCs (wire, section 5.3).
pub(crate) const VPC_REGIONS: &[&str] = &[
    "us-west-1",
    "us-east-1",
    "na-south-1",
    "me-east-1",
    "me-central-1",
    "eu-west-1",
    "eu-central-1",
    "cn-zhangjiakou",
    "cn-wulanchabu",
    "cn-wuhan-lr",
    "cn-shenzhen-finance-1",
    "cn-shenzhen",
    "cn-shanghai-finance-1",
    "cn-shanghai",
    "cn-qingdao",
    "cn-nanjing",
    "cn-huhehaote",
    "cn-hongkong",
    "cn-heyuan",
    "cn-hangzhou",
    "cn-guangzhou",
    "cn-fuzhou",
    "cn-chengdu",
    "cn-beijing-finance-1",
    "cn-beijing",
    "ap-southeast-7",
    "ap-southeast-5",
    "ap-southeast-3",
    "ap-southeast-1",
    "ap-northeast-2",
    "ap-northeast-1",
];

/// Returns the endpoint that issues sessions: `sts_endpoint`, else that of `sts_region`, else the central one
/// (wire, section 5.1).
///
/// # Errors
///
/// [`Error::InvalidInput`] where the profile names something other than a host.
pub(crate) fn session_endpoint(profile: &Profile) -> Result<Url> {
    let named = profile.text(Field::StsEndpoint).trim();
    let region = profile.text(Field::StsRegion);
    match (named, region) {
        ("", "") => endpoint(CENTRAL, Field::StsEndpoint),
        ("", region) => endpoint(&format!("sts.{region}.aliyuncs.com"), Field::StsRegion),
        (named, _) => endpoint(named, Field::StsEndpoint),
    }
}

/// Returns the endpoint of a call by the user: `endpoint`, else that inside the region's VPC where
/// `endpoint_type` asks for it, else the central one (wire, section 5.3).
///
/// # Errors
///
/// [`Error::InvalidInput`] where the profile names something other than a host.
pub(crate) fn call_endpoint(profile: &Profile) -> Result<Url> {
    let named = profile.text(Field::Endpoint).trim();
    if !named.is_empty() {
        return endpoint(named, Field::Endpoint);
    }
    let region = profile.text(Field::RegionId);
    let inside = profile.text(Field::EndpointType).eq_ignore_ascii_case("vpc");
    if inside && VPC_REGIONS.contains(&region) {
        return endpoint(&format!("sts-vpc.{region}.aliyuncs.com"), Field::Endpoint);
    }
    endpoint(CENTRAL, Field::Endpoint)
}

/// Makes a URL of `host[:port]`, with or without a scheme and a trailing slash.
fn endpoint(named: &str, field: Field) -> Result<Url> {
    let host = named.strip_prefix("https://").unwrap_or(named);
    let host = host.strip_prefix("http://").unwrap_or(host);
    let host = host.strip_suffix('/').unwrap_or(host);
    let wrong = || {
        let field = field.json();
        Error::invalid(format!("{field} '{named}' is no host; it should look like {CENTRAL}"))
    };
    // With a path or a user name, what is signed would differ from what is sent.
    if host.is_empty() || host.contains(['/', '?', '#', '@', '\\']) {
        return Err(wrong());
    }
    Url::parse(&format!("https://{host}/")).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(fields: &[(Field, &str)]) -> Profile {
        let mut profile = Profile::new("p");
        for (field, value) in fields {
            profile.set_text(*field, *value);
        }
        profile
    }

    #[test]
    fn sessions_come_from_the_named_endpoint_else_the_region_else_the_centre() {
        for (endpoint, region, want) in [
            ("", "", "https://sts.aliyuncs.com/"),
            ("", "cn-beijing", "https://sts.cn-beijing.aliyuncs.com/"),
            (" https://h.example/ ", "cn-beijing", "https://h.example/"),
            ("http://h.example:8443", "", "https://h.example:8443/"),
        ] {
            let profile = profile(&[(Field::StsEndpoint, endpoint), (Field::StsRegion, region)]);
            assert_eq!(session_endpoint(&profile).unwrap().as_str(), want);
        }
    }

    #[test]
    fn calls_go_into_the_vpc_only_where_the_region_has_one() {
        let endpoint = |region, kind| {
            call_endpoint(&profile(&[(Field::RegionId, region), (Field::EndpointType, kind)])).unwrap()
        };
        assert_eq!(endpoint("cn-beijing", "VPC").as_str(), "https://sts-vpc.cn-beijing.aliyuncs.com/");
        assert_eq!(endpoint("mars-1", "vpc").as_str(), "https://sts.aliyuncs.com/");
        assert_eq!(endpoint("cn-beijing", "").as_str(), "https://sts.aliyuncs.com/");
    }

    #[test]
    fn what_is_no_host_is_an_error_that_names_the_field() {
        for named in ["https://", "h/path", "a b", "user@h", "h:port"] {
            let error = call_endpoint(&profile(&[(Field::Endpoint, named)])).unwrap_err().to_string();
            assert!(error.starts_with("endpoint '"), "{named}: {error}");
        }
    }
}
