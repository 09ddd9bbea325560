use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::{Credentials, DEFAULT_BEARER_HEADER};
use crate::error::{Error, Result};

/// A token that goes into a header of every call.
pub(crate) struct BearerToken;

impl Mode for BearerToken {
    fn name(&self) -> &'static str {
        "BearerToken"
    }

    fn required(&self) -> &'static [Field] {
        &[Field::BearerToken]
    }

    fn check_values(&self, profile: &Profile) -> Result<()> {
        const FIELD: Field = Field::BearerTokenHeaderKey;
        check_header_key(profile.text(FIELD).trim())
            .map_err(|why| Error::incomplete(profile.name(), FIELD.json(), format!("{} {why}", FIELD.json())))
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            let token = context.profile.secret(Field::BearerToken).cloned();
            let token = token.ok_or_else(|| Error::invalid("the bearer token is empty"))?;
            let header = match context.profile.text(Field::BearerTokenHeaderKey).trim() {
                "" => DEFAULT_BEARER_HEADER,
                key => key,
            };
            Ok(Obtained::Credentials(Credentials::Bearer { token, header: header.to_owned() }))
        })
    }
}

/// Checks that a text can be the name of a header, or says why not (wire, section 1.1).
fn check_header_key(key: &str) -> std::result::Result<(), &'static str> {
    let why = if key.contains(['\r', '\n', '\0']) {
        "contains invalid control characters"
    } else if key.contains([' ', '\t', ':']) {
        "must not contain space, tab, or colon"
    } else if !key.chars().all(|character| character.is_ascii_graphic()) {
        "must be printable ASCII only"
    } else {
        return Ok(());
    };
    Err(why)
}

#[cfg(feature = "cli")]
mod configure {
    use super::*;
    use crate::modes::{Configurable, Question};
    use crate::secret::tail;

    const TOKEN: Question = Question::new(Field::BearerToken, "Bearer Token").masked();
    const HEADER_KEY: Question = Question::new(Field::BearerTokenHeaderKey, "Bearer Token Header Key")
        .note(" (optional, e.g. x-custom-token; leave empty for x-acs-bearer-token)")
        .optional();

    impl Configurable for BearerToken {
        fn flag_fields(&self) -> &'static [Field] {
            &[Field::BearerToken, Field::BearerTokenHeaderKey]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            Some(&[TOKEN, HEADER_KEY])
        }

        fn is_checked(&self) -> bool {
            false
        }

        fn summary(&self, profile: &Profile) -> String {
            let token = profile.secret(Field::BearerToken).map(|token| tail(token.expose(), 3));
            let header = match profile.text(Field::BearerTokenHeaderKey) {
                "" => String::new(),
                key => format!("@{key}"),
            };
            format!("BearerToken:***{}{header}", token.unwrap_or_default())
        }
    }
}
