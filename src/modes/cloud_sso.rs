use super::{Asking, Context, Dialogue, Mode, Obtained, Pending, Question};
use crate::error::Error;
use crate::field::Field;
use crate::profile::Profile;

/// A login at CloudSSO.
pub(crate) struct CloudSso;

impl Mode for CloudSso {
    fn name(&self) -> &'static str {
        "CloudSSO"
    }

    fn settings(&self) -> &'static [Field] {
        &[Field::CloudSsoAccessConfig, Field::CloudSsoAccountId, Field::CloudSsoSignInUrl]
    }

    fn required(&self) -> &'static [Field] {
        &[Field::CloudSsoSignInUrl]
    }

    fn questions(&self) -> Option<&'static [Question]> {
        Some(&[])
    }

    fn asks_common_once(&self) -> bool {
        true
    }

    fn configure<'a>(&'a self, _: &'a mut Dialogue<'_>) -> Asking<'a> {
        Box::pin(async { Err(Error::credentials("CloudSSO login is not yet supported")) })
    }

    fn summary(&self, profile: &Profile) -> String {
        let (account, access) =
            (profile.text(Field::CloudSsoAccountId), profile.text(Field::CloudSsoAccessConfig));
        format!("CloudSSO:{account}@{access}")
    }

    fn obtain<'a>(&'a self, _: &'a Context<'a>) -> Pending<'a, Obtained> {
        Box::pin(async { Err(Error::credentials("CloudSSO is not yet supported")) })
    }
}
