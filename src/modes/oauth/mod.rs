mod api;
#[cfg(feature = "cli")]
mod callback;
#[cfg(feature = "cli")]
mod configure;
#[cfg(fuzzing)]
pub(super) mod fuzzing;
#[cfg(feature = "cli")]
mod login;
#[cfg(feature = "cli")]
mod page;
mod site;

use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::shell::quoted;
use site::Site;
#[cfg(feature = "cli")]
pub(crate) use site::names as site_names;

/// A login in a browser.
pub(crate) struct OAuth;

/// How long before its expiration an access token is renewed, in seconds.
const MARGIN: i64 = 1200;

impl Mode for OAuth {
    fn name(&self) -> &'static str {
        "OAuth"
    }

    fn required(&self) -> &'static [Field] {
        &[]
    }

    fn check_values(&self, profile: &Profile) -> Result<()> {
        let incomplete = |why| Error::incomplete(profile.name(), Field::OauthSiteType.json(), why);
        Site::of(profile).map(drop).map_err(incomplete)
    }

    fn session_cache_key(&self) -> &'static [Field] {
        &[Field::OauthSiteType]
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            let &Context { host, http, profile, renewed, .. } = context;
            let site = Site::of(profile).map_err(Error::InvalidInput)?;
            let now = host.now();
            match usable(profile, renewed, now)? {
                UsableToken::Access(token) => Ok(api::exchange(http, site, token).await?.into()),
                UsableToken::Refresh(token) => {
                    let refreshed = api::refresh(http, site, token, now).await;
                    refreshed.map(|tokens| Obtained::Renewed(tokens.renewed_fields())).or_else(ended)
                }
            }
        })
    }
}

/// Tells a refresh token that the server refuses from what may pass at once.
fn ended(error: Error) -> Result<Obtained> {
    /// How long other refusals than that of the token itself count, in seconds.
    const A_WHILE: i64 = 60;
    match &error {
        Error::Rejected { service, .. } => match (service.status, service.code.as_str()) {
            (408 | 429, _) => Err(error),
            (400..500, "invalid_grant") => Ok(Obtained::LoginEnded(error, None)),
            (400..500, _) => Ok(Obtained::LoginEnded(error, Some(A_WHILE))),
            _ => Err(error),
        },
        _ => Err(error),
    }
}

/// The token of a profile that the next step can use.
#[derive(Debug, PartialEq, Eq)]
enum UsableToken<'p> {
    Access(&'p Secret),
    Refresh(&'p Secret),
}

/// Returns the token to use: the access token, unless it expires soon (wire, section 7.4).
fn usable(profile: &Profile, renewed: bool, now: i64) -> Result<UsableToken<'_>> {
    let access = profile.secret(Field::OauthAccessToken);
    let refresh = profile.secret(Field::OauthRefreshToken);
    let end = profile.integer(Field::OauthAccessTokenExpire);
    let is_due = !renewed && end <= now.saturating_add(MARGIN);
    let is_over = !renewed && end <= now;
    match (access, refresh) {
        (Some(access), _) if !is_due => Ok(UsableToken::Access(access)),
        (_, Some(refresh)) => Ok(UsableToken::Refresh(refresh)),
        // Without a refresh token the access token is used until it expires.
        (Some(access), None) if !is_over => Ok(UsableToken::Access(access)),
        (_, None) => {
            let what = if is_due { "both access token and refresh token are" } else { "access token is" };
            let command = log_in_command(profile);
            let text = format!("{what} empty, please re-authenticate, cmd: {command}");
            Err(Error::NotLoggedIn { command, text })
        }
    }
}

/// Returns the command that logs in to the profile's site.
pub(super) fn log_in_command(profile: &Profile) -> String {
    let mut command = "aliyun configure --mode OAuth".to_owned();
    let (site, name) = (profile.text(Field::OauthSiteType), profile.name());
    if !site.is_empty() {
        command.push_str(&format!(" --oauth-site-type {}", quoted(site)));
    }
    if name != crate::config::DEFAULT_PROFILE {
        command.push_str(&format!(" --profile {}", quoted(name)));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::field::Value;

    const NOW: i64 = 1_000_000;

    fn profile(access: &str, refresh: &str, life: i64) -> Profile {
        let mut profile = Profile::new("p");
        profile.set_text(Field::OauthSiteType, "CN");
        profile.set_text(Field::OauthAccessToken, access);
        profile.set_text(Field::OauthRefreshToken, refresh);
        profile.set(Field::OauthAccessTokenExpire, Value::Integer(NOW + life));
        profile
    }

    #[test]
    fn an_access_token_is_renewed_a_while_before_its_end() {
        let (access, refresh) = ("a".into(), "r".into());
        for (life, renewed, expected) in [
            (1201, false, UsableToken::Access(&access)),
            (1200, false, UsableToken::Refresh(&refresh)),
            (-NOW, false, UsableToken::Refresh(&refresh)),
            (1200, true, UsableToken::Access(&access)),
        ] {
            assert_eq!(usable(&profile("a", "r", life), renewed, NOW).unwrap(), expected, "{life} {renewed}");
        }
    }

    #[test]
    fn one_token_serves_where_the_other_is_missing() {
        let (access, refresh) = ("a".into(), "r".into());
        assert_eq!(usable(&profile("a", "", 1), false, NOW).unwrap(), UsableToken::Access(&access));
        assert_eq!(usable(&profile("", "r", 3600), false, NOW).unwrap(), UsableToken::Refresh(&refresh));
    }

    #[test]
    fn a_login_that_is_over_is_told_with_the_command_that_renews_it() {
        let error = usable(&profile("a", "", 0), false, NOW).unwrap_err().to_string();
        let command = "aliyun configure --mode OAuth --oauth-site-type CN --profile p";
        let both = "both access token and refresh token are empty, please re-authenticate, cmd:";
        assert_eq!(error, format!("{both} {command}"));
        let error = usable(&profile("", "", 3600), false, NOW).unwrap_err().to_string();
        assert_eq!(error, format!("access token is empty, please re-authenticate, cmd: {command}"));
    }
}
