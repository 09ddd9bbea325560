use super::{Asking, Context, Dialogue, Mode, Obtained, Pending, Question};
use crate::error::{Error, Invalid};
use crate::field::Field;
use crate::profile::Profile;
use crate::secret::tail;

/// A login in a browser.
pub(crate) struct OAuth;

impl Mode for OAuth {
    fn name(&self) -> &'static str {
        "OAuth"
    }

    fn settings(&self) -> &'static [Field] {
        &[Field::OauthSiteType]
    }

    fn required(&self) -> &'static [Field] {
        &[]
    }

    fn questions(&self) -> Option<&'static [Question]> {
        Some(&[])
    }

    fn configure<'a>(&'a self, _: &'a mut Dialogue<'_>) -> Asking<'a> {
        Box::pin(async { Err(Error::credentials("OAuth login is not yet supported")) })
    }

    fn validate(&self, profile: &Profile) -> Result<(), Invalid> {
        let (site, name) = (profile.text(Field::OauthSiteType), profile.name());
        match site {
            "CN" | "INTL" => Ok(()),
            _ => Err(Invalid::Value(format!(
                "invalid oauth_site_type '{site}' for profile '{name}', should be CN or INTL. Run `aliyun configure --profile {name} --mode OAuth` to set it"
            ))),
        }
    }

    fn summary(&self, profile: &Profile) -> String {
        let token = profile.secret(Field::OauthAccessToken).map(|token| tail(token.expose(), 10));
        format!("OAuth:{}@{}", token.unwrap_or_default(), profile.text(Field::OauthSiteType))
    }

    fn obtain<'a>(&'a self, _: &'a Context<'a>) -> Pending<'a, Obtained> {
        Box::pin(async { Err(Error::credentials("OAuth is not yet supported")) })
    }
}
