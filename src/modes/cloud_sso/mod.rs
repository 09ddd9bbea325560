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

use super::{Context, Mode, Obtained, Pending};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::{Credentials, Keys};
use crate::error::Error;
use crate::http::answer::Answer;
use crate::secret::Secret;
use crate::sts::session::{read_end, read_endless};
use crate::texts::{SSO_EXPIRED, SSO_INCOMPLETE, SSO_NO_SESSION};
use api::{Failure, NOT_HTTPS, Portal, Unusable};

/// A login at CloudSSO.
pub(crate) struct CloudSso;

/// How many seconds before its end a session is stored as over.
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

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> Pending<'a, Obtained> {
        Box::pin(async move {
            let &Context { host, http, profile, language, .. } = context;
            let command = format!("aliyun configure --profile {}", profile.name());
            if self.session_cache_key().iter().any(|field| profile.is_empty(*field)) {
                let command = format!("{command} --mode {}", self.name());
                return Err(Error::credentials(SSO_INCOMPLETE.with(language, &[&command])));
            }
            let token = profile.secret(Field::AccessToken);
            let token = token.filter(|_| profile.integer(Field::CloudSsoAccessTokenExpire) > host.now());
            let token = token.ok_or_else(|| Error::credentials(SSO_EXPIRED.with(language, &[&command])))?;
            let failed =
                |why: String| Error::credentials(format!("{}: {why}", SSO_NO_SESSION.in_language(language)));
            let portal = Portal::new(http, profile.text(Field::CloudSsoSignInUrl));
            let portal = portal.map_err(|why| {
                let no_address = "invalid url: missing host or scheme";
                failed(if why == Unusable::InClear { NOT_HTTPS } else { no_address }.to_owned())
            })?;
            let keys = session(&portal, token, profile).await.map_err(failed)?;
            Ok(Obtained::Credentials(Credentials::Keys(keys)))
        })
    }
}

/// Exchanges a login for a session with the profile's account and access configuration, or says why not.
async fn session(
    portal: &Portal<'_>,
    token: &Secret,
    profile: &Profile,
) -> std::result::Result<Keys, String> {
    let members = [
        ("AccountId", profile.text(Field::CloudSsoAccountId)),
        ("AccessConfigurationId", profile.text(Field::CloudSsoAccessConfig)),
    ];
    let answer = portal.post("/cloud-credentials", Some(token), &members).await;
    read_session(&answer.map_err(|failure| failure.in_exchange())?)
}

/// Reads a session; one whose end the server does not name is good for this run.
fn read_session(answer: &Answer) -> std::result::Result<Keys, String> {
    const MEMBER: &str = "CloudCredential";
    let session = answer.get(MEMBER);
    if !session.is_object() {
        return Err(Failure::Unreadable("the answer has no CloudCredential").in_exchange());
    }
    let why = |error: Error| error.to_string();
    let keys = read_endless(session, "failed to parse response", "static_sts".into()).map_err(why)?;
    let end = read_end(session, "failed to parse expiration time").map_err(why)?;
    Ok(Keys { expiration: end.map(|end| end.saturating_sub(EARLIER)), ..keys })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> std::result::Result<Keys, String> {
        read_session(&Answer::parse(&json.into()).unwrap())
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
            let why = read(json).unwrap_err();
            assert!(why.starts_with("failed to parse response") && why.contains(name), "{why}");
        }
    }
}
