//! What [`crate::fuzzing`] reaches of the modes.

use super::{credentials_uri as uri, external, rsa_key_pair as rsa};
use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::http::Response;
use crate::storage::json;

pub use super::cloud_sso::fuzzing::cloud_sso;
pub use super::oauth::fuzzing::{callback, oauth};

/// Splits a helper's command line, or gives what is said of it.
pub fn process_command(line: &str) -> Result<Vec<String>, String> {
    let mut profile = Profile::new("p");
    profile.set(Field::ProcessCommand, Value::Text(line.into()));
    external::command_line(&profile).map_err(|error| error.to_string())
}

/// Lays what a helper printed on a profile, and returns that as it would be written, or what is said of it.
pub fn helper_output(output: &str) -> Result<String, String> {
    let (profile, _) =
        external::with_output(&Profile::new("p"), &output.into()).map_err(|error| error.to_string())?;
    Ok(json::to_vec(&profile).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default())
}

/// Reads the response of a credentials URI, and returns what is said where it holds none.
pub fn credentials_uri(status: u16, body: &str) -> Result<(), String> {
    uri::read(&Response { status, body: body.into(), ..Response::default() })
        .map(drop)
        .map_err(|error| error.to_string())
}

/// Reads the response to a request signed with an RSA key, and returns what is said where it holds no session.
pub fn rsa_key_pair(body: &str) -> Result<(), String> {
    rsa::read_json(&body.into()).map(drop).map_err(|error| error.to_string())
}
