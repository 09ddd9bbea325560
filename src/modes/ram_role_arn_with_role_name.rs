use super::ecs_ram_role::{ROLE_NAME, instance_keys};
use super::ram_role_arn::{ROLE, SECONDS, SESSION_NAME, STS_REGION};
use super::{Context, Mode, Obtained, Pending, Question};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::secret::tail;
use crate::sts::session::assume_role;

/// A role, assumed with the role of the ECS instance that this program runs on.
pub(crate) struct RamRoleArnWithRoleName;

impl Mode for RamRoleArnWithRoleName {
    fn name(&self) -> &'static str {
        "RamRoleArnWithRoleName"
    }

    fn flag_fields(&self) -> &'static [Field] {
        &[Field::RamRoleName, Field::RamRoleArn, Field::RamSessionName, Field::ExpiredSeconds]
    }

    /// The reference demands nothing here.
    fn required(&self) -> &'static [Field] {
        &[]
    }

    fn questions(&self) -> Option<&'static [Question]> {
        Some(&[ROLE_NAME, STS_REGION, ROLE, SESSION_NAME, SECONDS])
    }

    /// The reference shows an access key id, which this mode does not have.
    fn summary(&self, profile: &Profile) -> String {
        format!("arn:***{}", tail(profile.text(Field::AccessKeyId), 3))
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> Pending<'a, Obtained> {
        Box::pin(async move {
            let &Context { host, http, profile, .. } = context;
            let keys = instance_keys(context).await?;
            Ok(assume_role(host, http, profile, &keys).await?.into())
        })
    }
}
