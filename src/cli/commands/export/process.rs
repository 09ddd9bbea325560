//! What the mode External reads, here and in the SDKs (wire, section 1.5).

use serde::Serialize;

use super::{expiration, json};
use crate::credentials::{AccessKey, Credentials, DEFAULT_BEARER_HEADER, variables};
use crate::error::Result;
use crate::secret::Secret;

#[derive(Serialize)]
#[serde(untagged)]
enum Profile<'a> {
    AccessKey {
        mode: &'static str,
        access_key_id: &'a str,
        access_key_secret: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        sts_token: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        expiration: Option<String>,
    },
    Bearer {
        mode: &'static str,
        bearer_token: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        bearer_token_header_key: Option<&'a str>,
    },
}

/// Writes a profile of a final mode as one JSON object.
pub(super) fn write(credentials: &Credentials) -> Result<Secret> {
    let profile = match credentials {
        Credentials::AccessKey(key) => of_key(key),
        Credentials::Bearer { token, header } => Profile::Bearer {
            mode: "BearerToken",
            bearer_token: token.expose(),
            bearer_token_header_key: Some(header.as_str()).filter(|header| *header != DEFAULT_BEARER_HEADER),
        },
        Credentials::Anonymous => return Err(variables::nothing_to_hand_over()),
    };
    json(&profile)
}

fn of_key(key: &AccessKey) -> Profile<'_> {
    Profile::AccessKey {
        mode: if key.security_token.is_some() { "StsToken" } else { "AK" },
        access_key_id: &key.access_key_id,
        access_key_secret: key.access_key_secret.expose(),
        sts_token: key.security_token.as_ref().map(Secret::expose),
        expiration: expiration(key),
    }
}
