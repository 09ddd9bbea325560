mod api;
mod choice;
mod device;
#[cfg(test)]
mod flow;
#[cfg(fuzzing)]
pub(super) mod fuzzing;

use super::{Asking, Context, Dialogue, Mode, Obtained, Pending, Question};
use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::credentials::session_cache::cached_session;
use crate::credentials::{Credentials, Keys};
use crate::error::{Error, Result};
use crate::http::answer::Answer;
use crate::secret::Secret;
use crate::sts::session::{read_end, read_endless};
use crate::texts::{SSO_EXPIRED, SSO_INCOMPLETE, SSO_NO_SESSION};
use api::{Failure, Portal};

/// A login at CloudSSO.
pub(crate) struct CloudSso;

/// What belongs to a portal, and so goes with it.
const OF_PORTAL: &[Field] = &[
    Field::CloudSsoAccountId,
    Field::CloudSsoAccessConfig,
    Field::AccessToken,
    Field::CloudSsoAccessTokenExpire,
];
/// How many seconds before its end a session is stored as over.
const EARLIER: i64 = 5;

impl Mode for CloudSso {
    fn name(&self) -> &'static str {
        "CloudSSO"
    }

    fn flag_fields(&self) -> &'static [Field] {
        &[Field::CloudSsoAccessConfig, Field::CloudSsoAccountId, Field::CloudSsoSignInUrl]
    }

    fn required(&self) -> &'static [Field] {
        &[Field::CloudSsoSignInUrl]
    }

    fn questions(&self) -> Option<&'static [Question]> {
        const PAGE: Question = Question::new(Field::CloudSsoSignInUrl, "CloudSSO Sign In Url");
        Some(&[PAGE])
    }

    fn asks_common_once(&self) -> bool {
        true
    }

    /// Logs in, whatever the profile keeps, and makes the choices (wire, section 8).
    fn configure<'a>(&'a self, dialogue: &'a mut Dialogue<'_>) -> Asking<'a> {
        Box::pin(async move {
            let page = self.ask_page(dialogue)?;
            let portal = match Portal::new(dialogue.http, &page) {
                Ok(portal) => portal,
                Err(why) => return Err(device::unusable(dialogue, &why)?),
            };
            let login = device::log_in(dialogue, &portal, &page).await?;
            choice::ACCOUNT.make(dialogue, &portal, &login.token, &[("MaxResults", "100")]).await?;
            let account = dialogue.profile.text(Field::CloudSsoAccountId).to_owned();
            let query = [("AccountId", account.as_str())];
            choice::ACCESS_CONFIGURATION.make(dialogue, &portal, &login.token, &query).await?;
            let profile = &mut *dialogue.profile;
            profile.set(Field::AccessToken, Value::Secret(login.token.clone()));
            profile.set(Field::CloudSsoAccessTokenExpire, Value::Integer(login.expires));
            let keys = session(&portal, &login.token, profile).await;
            let keys = keys.map_err(|why| Error::credentials(format!("create sts token failed: {why}")))?;
            if keys.expiration.is_none() {
                return Err(Error::credentials("parse expiration time failed: the answer has no Expiration"));
            }
            cached_session::fields(&keys).into_iter().for_each(|(field, value)| profile.set(field, value));
            Ok(())
        })
    }

    fn summary(&self, profile: &Profile) -> String {
        let (account, access) =
            (profile.text(Field::CloudSsoAccountId), profile.text(Field::CloudSsoAccessConfig));
        format!("CloudSSO:{account}@{access}")
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
            let portal = Portal::new(http, profile.text(Field::CloudSsoSignInUrl))
                .map_err(|_| failed("invalid url: missing host or scheme".to_owned()))?;
            let keys = session(&portal, token, profile).await.map_err(failed)?;
            Ok(Obtained::Credentials(Credentials::Keys(keys)))
        })
    }
}

impl CloudSso {
    /// Asks for the sign-in page; another page than the stored one makes what belongs to that go.
    fn ask_page(&self, dialogue: &mut Dialogue<'_>) -> Result<String> {
        let before = dialogue.profile.text(Field::CloudSsoSignInUrl).to_owned();
        dialogue.ask_all(self.questions().unwrap_or_default(), &[])?;
        let page = dialogue.profile.text(Field::CloudSsoSignInUrl).to_owned();
        if page.is_empty() {
            return Err(Error::Answer("CloudSSOSignInUrl is required".to_owned()));
        }
        if !before.is_empty() && page != before {
            let gone = OF_PORTAL.iter().chain(&cached_session::FIELDS);
            gone.for_each(|field| dialogue.profile.clear(*field));
        }
        Ok(page)
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
