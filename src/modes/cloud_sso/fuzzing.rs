//! What [`crate::fuzzing`] reaches of CloudSSO.

use super::api::refusal;
use super::choice::{ACCESS_CONFIGURATION, ACCOUNT};
use super::device::{DeviceAuthorization, read_login};
use super::read_session;
use crate::http::secret_json::SecretJson;
use crate::language::Language;
use crate::secret::Secret;

/// Reads a response as that of each call of a portal that was sent this secret, and returns what is said of it.
pub fn cloud_sso(body: &str, secret: &str) -> Vec<String> {
    let Some(response) = SecretJson::parse(&body.into()) else {
        return Vec::new();
    };
    drop((ACCOUNT.page(&response), ACCESS_CONFIGURATION.page(&response)));
    let refused = || refusal(400, &response).without(&[&Secret::from(secret)]);
    let mut said = vec![refused().in_list(), refused().in_exchange(), refused().in_login(Language::Chinese)];
    said.extend(DeviceAuthorization::read(&response).err().map(|error| error.in_login(Language::English)));
    said.extend(read_login(&response, i64::MAX - 1).err().map(|error| error.in_login(Language::English)));
    said.extend(read_session(&response).err());
    said.iter().map(ToString::to_string).collect()
}
