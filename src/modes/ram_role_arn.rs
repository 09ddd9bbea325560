use super::sts_token::stored_access_key;
use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::sts::session::assume_role;

/// A RAM role, assumed with a user's access key.
pub(crate) struct RamRoleArn;

impl Mode for RamRoleArn {
    fn name(&self) -> &'static str {
        "RamRoleArn"
    }

    fn required(&self) -> &'static [Field] {
        &[Field::AccessKeyId, Field::AccessKeySecret, Field::RamRoleArn, Field::RamSessionName]
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            let &Context { host, http, profile, .. } = context;
            let access_key = stored_access_key(host, profile)?;
            Ok(assume_role(host, http, profile, &access_key).await?.into())
        })
    }
}

#[cfg(feature = "cli")]
pub(super) mod configure {
    use super::*;
    use crate::config::profile::Profile;
    use crate::modes::ak::configure as ak;
    use crate::modes::{Configurable, Question};
    use crate::secret::tail;
    use crate::sts::VPC_REGIONS;

    pub(in crate::modes) const STS_REGION: Question =
        Question::new(Field::StsRegion, "Sts Region").choices(VPC_REGIONS).optional();
    pub(in crate::modes) const ROLE: Question = Question::new(Field::RamRoleArn, "Ram Role Arn");
    pub(in crate::modes) const SESSION_NAME: Question =
        Question::new(Field::RamSessionName, "Role Session Name");
    pub(in crate::modes) const EXTERNAL_ID: Question =
        Question::new(Field::ExternalId, "External ID").optional();
    pub(in crate::modes) const SECONDS: Question =
        Question::new(Field::ExpiredSeconds, "Expired Seconds").or("900");

    impl Configurable for RamRoleArn {
        fn flag_fields(&self) -> &'static [Field] {
            &[
                Field::AccessKeyId,
                Field::AccessKeySecret,
                Field::RamRoleArn,
                Field::RamSessionName,
                Field::ExternalId,
                Field::ExpiredSeconds,
            ]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            Some(&[ak::ID, ak::SECRET, STS_REGION, ROLE, SESSION_NAME, EXTERNAL_ID, SECONDS])
        }

        fn holds_user_key(&self, profile: &Profile) -> bool {
            profile.is_empty(Field::StsToken)
        }

        fn summary(&self, profile: &Profile) -> String {
            let id = tail(profile.text(Field::AccessKeyId), 3);
            format!("RamRoleArn:***{id}{}", external_id_tail(profile))
        }
    }

    /// Returns what a summary shows of the external id: a colon and its last three bytes.
    pub(in crate::modes) fn external_id_tail(profile: &Profile) -> String {
        match profile.text(Field::ExternalId) {
            "" => String::new(),
            id => format!(":{}", tail(id, 3)),
        }
    }
}
