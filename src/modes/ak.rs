use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::AccessKey;
use crate::error::{Error, Result};

/// An access key of a user.
pub(crate) struct Ak;

impl Mode for Ak {
    fn name(&self) -> &'static str {
        "AK"
    }

    fn required(&self) -> &'static [Field] {
        &[Field::AccessKeyId, Field::AccessKeySecret]
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move { Ok(access_key(context.profile)?.into()) })
    }
}

fn access_key(profile: &Profile) -> Result<AccessKey> {
    let id = profile.text(Field::AccessKeyId);
    let Some(secret) = profile.secret(Field::AccessKeySecret).filter(|_| !id.is_empty()) else {
        return Err(Error::invalid("AccessKeyId/AccessKeySecret is empty! run `aliyun configure` first"));
    };
    Ok(AccessKey {
        access_key_id: id.to_owned(),
        access_key_secret: secret.clone(),
        security_token: None,
        expiration: None,
        provider: "static_ak".into(),
    })
}

#[cfg(feature = "cli")]
pub(super) mod configure {
    use super::*;
    use crate::modes::{Configurable, Question};
    use crate::secret::tail;

    pub(in crate::modes) const ID: Question = Question::new(Field::AccessKeyId, "Access Key Id").masked();
    pub(in crate::modes) const SECRET: Question =
        Question::new(Field::AccessKeySecret, "Access Key Secret").masked();

    impl Configurable for Ak {
        fn flag_fields(&self) -> &'static [Field] {
            &[Field::AccessKeyId, Field::AccessKeySecret]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            Some(&[ID, SECRET])
        }

        fn holds_user_key(&self, _profile: &Profile) -> bool {
            true
        }

        fn summary(&self, profile: &Profile) -> String {
            format!("AK:***{}", tail(profile.text(Field::AccessKeyId), 3))
        }
    }
}
