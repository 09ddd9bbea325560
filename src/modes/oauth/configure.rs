//! How `configure` logs in, and what `configure list` shows.

use super::site::Site;
use super::{OAuth, UsableToken, api, login, usable};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::session_cache::cached_session;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::http;
use crate::modes::{BoxFuture, Configurable, Dialogue, LocalBoxFuture, Question};
use crate::prompt::{Check, Query};
use crate::secret::tail;

impl Configurable for OAuth {
    fn flag_fields(&self) -> &'static [Field] {
        &[Field::OauthSiteType]
    }

    fn questions(&self) -> Option<&'static [Question]> {
        Some(&[])
    }

    /// Logs in, even if the profile has a login (wire, section 7.2).
    fn configure<'a>(&'a self, dialogue: &'a mut Dialogue<'_>) -> LocalBoxFuture<'a> {
        Box::pin(async move {
            let site = ask_site(dialogue)?;
            dialogue.profile.set_text(Field::OauthSiteType, site.name);
            let tokens = login::log_in(dialogue, site).await?;
            let access_key = api::exchange(dialogue.http, site, tokens.access()).await?;
            let fields = tokens.fields().into_iter().chain(cached_session::fields(&access_key));
            fields.for_each(|(field, value)| dialogue.profile.set(field, value));
            dialogue.prompt.say("OAuth configuration completed. The temporary Access Key Id and Access Key Secret have been set in the profile.\n")
        })
    }

    fn readiness(&self, host: &dyn Host, profile: &Profile) -> Result<Option<i64>> {
        let end = match usable(profile, false, host.now())? {
            UsableToken::Access(_) => profile.integer(Field::OauthAccessTokenExpire),
            UsableToken::Refresh(_) => profile.integer(Field::OauthRefreshTokenExpire),
        };
        Ok(Some(end).filter(|end| *end > 0))
    }

    fn login_fields(&self) -> &'static [Field] {
        &[
            Field::AccessKeyId,
            Field::AccessKeySecret,
            Field::StsToken,
            Field::StsExpiration,
            Field::OauthAccessToken,
            Field::OauthRefreshToken,
            Field::OauthAccessTokenExpire,
            Field::OauthRefreshTokenExpire,
        ]
    }

    fn revoke<'a>(&'a self, http: &'a http::Client, profile: &'a Profile) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let Some(token) = profile.secret(Field::OauthRefreshToken) else {
                return Ok(());
            };
            let site = Site::of(profile).map_err(Error::InvalidInput)?;
            api::revoke(http, site, token).await
        })
    }

    fn summary(&self, profile: &Profile) -> String {
        let token = profile.secret(Field::OauthAccessToken).map(|token| tail(token.expose(), 10));
        format!("OAuth:{}@{}", token.unwrap_or_default(), profile.text(Field::OauthSiteType))
    }
}

/// Returns the site to log in at: that of the flag or the profile, else the user's answer.
fn ask_site(dialogue: &mut Dialogue<'_>) -> Result<&'static Site> {
    let stored = dialogue.profile.text(Field::OauthSiteType).to_owned();
    if let Some(site) = Site::meant_by(&stored) {
        return Ok(site);
    }
    let check = |answer: &str| match Site::meant_by(answer) {
        Some(_) => Check::Accept,
        None => Check::Again(format!("'{answer}' is no site: CN or INTL.")),
    };
    let query = Query::new("OAuth Site Type (CN: 0 or INTL: 1, default: CN): \n").choices(&["CN", "INTL"]);
    let answer = dialogue.prompt.ask(&query.checked(&check))?;
    let site = if answer.is_empty() { Some(Site::default()) } else { Site::meant_by(answer.expose()) };
    match site {
        Some(site) => Ok(site),
        None => {
            let why = format!("OAuth site type: {stored}, only support CN or INTL");
            dialogue.prompt.say(&format!("Invalid {why}\n"))?;
            Err(Error::InvalidInput(format!("invalid {why}")))
        }
    }
}
