//! The credentials file of the SDKs, `~/.alibabacloud/credentials`.

use super::{Found, SESSION_NAME};
use crate::config::field::Field;
use crate::config::ini::{Ini, Section};

/// A type of sections: its name, the mode here, and the field that each key stands for; those marked are needed.
struct Type(&'static str, &'static str, &'static [(&'static str, Field, bool)]);

const TYPES: &[Type] = &[
    Type("access_key", "AK", KEY),
    Type("sts", "StsToken", &[ID, SECRET, ("security_token", Field::StsToken, true)]),
    Type(
        "ram_role_arn",
        "RamRoleArn",
        &[ID, SECRET, ROLE, SESSION, ("external_id", Field::ExternalId, false)],
    ),
    Type("ecs_ram_role", "EcsRamRole", &[("role_name", Field::RamRoleName, false)]),
    Type(
        "oidc_role_arn",
        "OIDC",
        &[
            ("oidc_provider_arn", Field::OidcProviderArn, true),
            ("oidc_token_file_path", Field::OidcTokenFile, true),
            ROLE,
            SESSION,
        ],
    ),
    Type(
        "rsa_key_pair",
        "RsaKeyPair",
        &[("public_key_id", Field::KeyPairName, true), ("private_key_file", Field::PrivateKey, true)],
    ),
    Type("bearer", "BearerToken", &[("bearer_token", Field::BearerToken, true)]),
    Type("credentials_uri", "CredentialsURI", &[("credentials_uri", Field::CredentialsUri, true)]),
];

const KEY: &[(&str, Field, bool)] = &[ID, SECRET];
const ID: (&str, Field, bool) = ("access_key_id", Field::AccessKeyId, true);
const SECRET: (&str, Field, bool) = ("access_key_secret", Field::AccessKeySecret, true);
const ROLE: (&str, Field, bool) = ("role_arn", Field::RamRoleArn, true);
const SESSION: (&str, Field, bool) = ("role_session_name", Field::RamSessionName, false);

/// Tells whether a text looks like such a file.
pub(super) fn is_any(text: &str) -> bool {
    Ini::parse(text).sections().iter().any(|section| type_of(section).is_some())
}

/// Reads the profiles, one a section.
pub(super) fn read(text: &str) -> Result<Vec<Found>, String> {
    let ini = Ini::parse(text);
    if let Some(line) = ini.skipped.first() {
        return Err(format!("line {line}: neither a section nor a key with a value"));
    }
    ini.sections().iter().map(profile).collect()
}

/// Returns the name of a section's type; without one, a section with a key is one of a key.
fn type_of(section: &Section) -> Option<&str> {
    let named = section.get("type").map(|name| name.expose());
    named.or_else(|| section.get(ID.0).map(|_| "access_key"))
}

fn profile(section: &Section) -> Result<Found, String> {
    let place = format!("section [{}]", section.name);
    let name = type_of(section).ok_or_else(|| format!("{place}: no type"))?;
    let Some(Type(_, mode, keys)) = TYPES.iter().find(|known| known.0 == name) else {
        let known = TYPES.iter().map(|known| known.0).collect::<Vec<_>>().join(", ");
        return Err(format!("{place}: no mode here has its type; there are {known}"));
    };
    let mut found = Found::new(section.name.trim(), mode, place);
    for (key, field, is_needed) in *keys {
        match section.get(key).filter(|value| !value.is_empty()) {
            Some(value) => found.set(*field, value.expose()),
            None if *field == Field::RamSessionName => found.set(*field, SESSION_NAME),
            None if *is_needed => return Err(format!("{}: {key} is missing", found.place)),
            None => {}
        }
    }
    let region = section.get("region_id").or_else(|| section.get("region"));
    if let Some(region) = region {
        found.set(Field::RegionId, region.expose());
    }
    Ok(found)
}
