use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::AccessKey;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::secret::Secret;

/// The access key of a session that was obtained elsewhere.
pub(crate) struct StsToken;

impl Mode for StsToken {
    fn name(&self) -> &'static str {
        "StsToken"
    }

    fn required(&self) -> &'static [Field] {
        &[Field::AccessKeyId, Field::AccessKeySecret, Field::StsToken]
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            let access_key = stored_access_key(context.host, context.profile)?;
            match access_key.security_token {
                Some(_) => Ok(access_key.into()),
                None => Err(Error::invalid("the security token is empty")),
            }
        })
    }
}

/// Returns the access key that a profile holds, with its token if there is one. Empty fields are taken from the
/// environment (wire, section 10.1).
pub(super) fn stored_access_key(host: &dyn Host, profile: &Profile) -> Result<AccessKey> {
    let id = match profile.text(Field::AccessKeyId) {
        "" => host.var("ALIBABA_CLOUD_ACCESS_KEY_ID"),
        id => Some(id.to_owned()),
    };
    let secret =
        |field, variable| profile.secret(field).cloned().or_else(|| host.var(variable).map(Secret::new));
    let security_token = secret(Field::StsToken, "ALIBABA_CLOUD_SECURITY_TOKEN");
    Ok(AccessKey {
        access_key_id: id.ok_or_else(|| Error::invalid("the access key id is empty"))?,
        access_key_secret: secret(Field::AccessKeySecret, "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
            .ok_or_else(|| Error::invalid("the access key secret is empty"))?,
        provider: if security_token.is_some() { "static_sts" } else { "static_ak" }.into(),
        security_token,
        expiration: None,
    })
}

#[cfg(feature = "cli")]
mod configure {
    use super::*;
    use crate::modes::ak::configure as ak;
    use crate::modes::{Configurable, Question};
    use crate::secret::tail;

    impl Configurable for StsToken {
        fn flag_fields(&self) -> &'static [Field] {
            &[Field::AccessKeyId, Field::AccessKeySecret, Field::StsToken]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            const TOKEN: Question = Question::new(Field::StsToken, "Sts Token").masked();
            Some(&[ak::ID, ak::SECRET, TOKEN])
        }

        fn summary(&self, profile: &Profile) -> String {
            format!("StsToken:***{}", tail(profile.text(Field::AccessKeyId), 3))
        }
    }
}
