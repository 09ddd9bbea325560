//! How `configure` logs in and lets the user choose, and what `configure list` shows.

use super::api::Portal;
use super::{CloudSso, choice, device, login, session};
use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::credentials::session_cache::cached_session;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::language::Language;
use crate::modes::{Configurable, Dialogue, LocalBoxFuture, Question};

/// The fields that belong to a portal, and are cleared when it changes.
const OF_PORTAL: &[Field] = &[
    Field::CloudSsoAccountId,
    Field::CloudSsoAccessConfig,
    Field::AccessToken,
    Field::CloudSsoAccessTokenExpire,
];

impl Configurable for CloudSso {
    fn flag_fields(&self) -> &'static [Field] {
        &[Field::CloudSsoAccessConfig, Field::CloudSsoAccountId, Field::CloudSsoSignInUrl]
    }

    fn questions(&self) -> Option<&'static [Question]> {
        const PAGE: Question = Question::new(Field::CloudSsoSignInUrl, "CloudSSO Sign In Url");
        Some(&[PAGE])
    }

    fn asks_common_once(&self) -> bool {
        true
    }

    /// Logs in, even if the profile has a login, and asks for account and access configuration (wire, section 8).
    fn configure<'a>(&'a self, dialogue: &'a mut Dialogue<'_>) -> LocalBoxFuture<'a> {
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
            let access_key = session(&portal, &login.token, profile).await;
            let access_key = access_key.map_err(|error| error.during("create sts token failed: "))?;
            if access_key.expiration.is_none() {
                return Err(Error::unexpected("parse expiration time failed: the answer has no Expiration"));
            }
            cached_session::fields(&access_key)
                .into_iter()
                .for_each(|(field, value)| profile.set(field, value));
            Ok(())
        })
    }

    fn readiness(&self, host: &dyn Host, profile: &Profile) -> Result<Option<i64>> {
        login(profile, host.now(), Language::English)?;
        Ok(Some(profile.integer(Field::CloudSsoAccessTokenExpire)))
    }

    fn login_fields(&self) -> &'static [Field] {
        &[
            Field::AccessKeyId,
            Field::AccessKeySecret,
            Field::StsToken,
            Field::StsExpiration,
            Field::AccessToken,
            Field::CloudSsoAccessTokenExpire,
        ]
    }

    fn summary(&self, profile: &Profile) -> String {
        let (account, access) =
            (profile.text(Field::CloudSsoAccountId), profile.text(Field::CloudSsoAccessConfig));
        format!("CloudSSO:{account}@{access}")
    }
}

impl CloudSso {
    /// Asks for the sign-in page; a page other than the stored one clears what belongs to that.
    fn ask_page(&self, dialogue: &mut Dialogue<'_>) -> Result<String> {
        let before = dialogue.profile.text(Field::CloudSsoSignInUrl).to_owned();
        dialogue.ask_all(self.questions().unwrap_or_default(), &[])?;
        let page = dialogue.profile.text(Field::CloudSsoSignInUrl).to_owned();
        if page.is_empty() {
            return Err(Error::InvalidInput("CloudSSOSignInUrl is required".to_owned()));
        }
        if !before.is_empty() && page != before {
            let gone = OF_PORTAL.iter().chain(&cached_session::FIELDS);
            gone.for_each(|field| dialogue.profile.clear(*field));
        }
        Ok(page)
    }
}
