use super::ecs_ram_role::instance_access_key;
use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::sts::session::assume_role;

/// A RAM role, assumed with the role of the ECS instance that this program runs on.
pub(crate) struct RamRoleArnWithRoleName;

impl Mode for RamRoleArnWithRoleName {
    fn name(&self) -> &'static str {
        "RamRoleArnWithRoleName"
    }

    /// The reference demands nothing here.
    fn required(&self) -> &'static [Field] {
        &[]
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            let &Context { host, http, profile, .. } = context;
            let access_key = instance_access_key(context).await?;
            Ok(assume_role(host, http, profile, &access_key).await?.into())
        })
    }
}

#[cfg(feature = "cli")]
mod configure {
    use super::*;
    use crate::config::profile::Profile;
    use crate::modes::ecs_ram_role::configure::ROLE_NAME;
    use crate::modes::ram_role_arn::configure::{ROLE, SECONDS, SESSION_NAME, STS_REGION};
    use crate::modes::{Configurable, Question};
    use crate::secret::tail;

    impl Configurable for RamRoleArnWithRoleName {
        fn flag_fields(&self) -> &'static [Field] {
            &[Field::RamRoleName, Field::RamRoleArn, Field::RamSessionName, Field::ExpiredSeconds]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            Some(&[ROLE_NAME, STS_REGION, ROLE, SESSION_NAME, SECONDS])
        }

        /// The reference shows an access key id, which this mode does not have.
        fn summary(&self, profile: &Profile) -> String {
            format!("arn:***{}", tail(profile.text(Field::AccessKeyId), 3))
        }
    }
}
