//! What the address of the mode CredentialsURI answers with (wire, section 1.4).

use serde::Serialize;

use super::{access_key, expiration, json};
use crate::credentials::Credentials;
use crate::error::Result;
use crate::secret::Secret;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    code: &'static str,
    access_key_id: &'a str,
    access_key_secret: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<String>,
}

/// Writes an access key as one JSON object, as the option of a command line has it.
pub(crate) fn write(credentials: &Credentials, option: &str) -> Result<Secret> {
    let key = access_key(credentials, option)?;
    let answer = Answer {
        code: "Success",
        access_key_id: &key.access_key_id,
        access_key_secret: key.access_key_secret.expose(),
        security_token: key.security_token.as_ref().map(Secret::expose),
        expiration: expiration(key),
    };
    json(&answer)
}
