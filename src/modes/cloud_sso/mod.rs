mod api;
#[cfg(feature = "cli")]
mod choice;
#[cfg(feature = "cli")]
mod configure;
#[cfg(feature = "cli")]
mod device;
#[cfg(feature = "cli")]
#[cfg(test)]
mod flow;
#[cfg(fuzzing)]
pub(super) mod fuzzing;

use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::{AccessKey, Credentials};
use crate::error::{Error, Result};
use crate::http::secret_json::SecretJson;
use crate::language::Language;
use crate::secret::Secret;
use crate::shell::quoted;
use crate::sts::session::{read_end, read_endless};
use crate::texts::{SSO_EXPIRED, SSO_INCOMPLETE, SSO_NO_SESSION};
use api::{NOT_HTTPS, Portal, PortalError, Unusable};

/// A login at CloudSSO.
pub(crate) struct CloudSso;

/// How many seconds before its expiration a session is stored as expired.
const EARLIER: i64 = 5;

impl Mode for CloudSso {
    fn name(&self) -> &'static str {
        "CloudSSO"
    }

    fn required(&self) -> &'static [Field] {
        &[Field::CloudSsoSignInUrl]
    }

    fn session_cache_key(&self) -> &'static [Field] {
        &[Field::CloudSsoSignInUrl, Field::CloudSsoAccountId, Field::CloudSsoAccessConfig]
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            let &Context { host, http, profile, language, .. } = context;
            let token = login(profile, host.now(), language)?;
            let failed = |error: Error| error.during(format!("{}: ", SSO_NO_SESSION.in_language(language)));
            let portal = Portal::new(http, profile.text(Field::CloudSsoSignInUrl));
            let portal = portal.map_err(|why| {
                let no_address = "invalid url: missing host or scheme";
                failed(Error::invalid(if why == Unusable::InClear { NOT_HTTPS } else { no_address }))
            })?;
            let access_key = session(&portal, token, profile).await.map_err(failed)?;
            Ok(Obtained::Credentials(Credentials::AccessKey(access_key)))
        })
    }
}

/// Returns the access token of a login that is not over.
fn login(profile: &Profile, now: i64, language: Language) -> Result<&Secret> {
    let command = log_in_command(profile);
    if CloudSso.session_cache_key().iter().any(|field| profile.is_empty(*field)) {
        let command = format!("{command} --mode {}", CloudSso.name());
        let text = SSO_INCOMPLETE.with(language, &[&command]);
        return Err(Error::NotLoggedIn { command, text });
    }
    let token = profile.secret(Field::AccessToken);
    token.filter(|_| profile.integer(Field::CloudSsoAccessTokenExpire) > now).ok_or_else(|| {
        let text = SSO_EXPIRED.with(language, &[&command]);
        Error::NotLoggedIn { command, text }
    })
}

/// Returns the command that renews the login of a profile.
fn log_in_command(profile: &Profile) -> String {
    format!("aliyun configure --profile {}", quoted(profile.name()))
}

/// Exchanges a login for a session with the profile's account and access configuration.
async fn session(portal: &Portal<'_>, token: &Secret, profile: &Profile) -> Result<AccessKey> {
    let members = [
        ("AccountId", profile.text(Field::CloudSsoAccountId)),
        ("AccessConfigurationId", profile.text(Field::CloudSsoAccessConfig)),
    ];
    let response = portal.post("/cloud-credentials", Some(token), &members).await;
    read_session(&response.map_err(PortalError::in_exchange)?)
}

/// Reads a session; one without an expiration serves for this run only.
fn read_session(response: &SecretJson) -> Result<AccessKey> {
    const MEMBER: &str = "CloudCredential";
    let session = response.get(MEMBER);
    if !session.is_object() {
        return Err(PortalError::Unreadable("the answer has no CloudCredential").in_exchange());
    }
    let access_key = read_endless(session, "failed to parse response", "static_sts".into())?;
    let end = read_end(session, "failed to parse expiration time")?;
    Ok(AccessKey { expiration: end.map(|end| end.saturating_sub(EARLIER)), ..access_key })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<AccessKey> {
        read_session(&SecretJson::parse(&json.into()).unwrap())
    }

    #[test]
    fn a_session_is_stored_as_over_a_little_early() {
        let json = r#"{"CloudCredential":{"AccessKeyId":"i","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2099-01-01T08:00:00+08:00"}}"#;
        assert_eq!(read(json).unwrap().expiration, Some(4_070_908_800 - EARLIER));
    }

    #[test]
    fn a_session_without_an_end_is_used_and_not_cached() {
        let json = r#"{"CloudCredential":{"AccessKeyId":"i","AccessKeySecret":"s","SecurityToken":"t"}}"#;
        assert_eq!(read(json).unwrap().expiration, None);
    }

    #[test]
    fn an_incomplete_session_is_an_error_that_names_what_is_missing() {
        for (json, name) in [
            ("{}", "CloudCredential"),
            (r#"{"CloudCredential":{}}"#, "AccessKeyId"),
            (r#"{"CloudCredential":{"AccessKeyId":"i","AccessKeySecret":""}}"#, "AccessKeySecret"),
        ] {
            let why = read(json).unwrap_err().to_string();
            assert!(why.starts_with("failed to parse response") && why.contains(name), "{why}");
        }
    }
}
