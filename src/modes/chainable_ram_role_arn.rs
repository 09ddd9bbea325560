use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::error::Error;
use crate::sts::session::assume_role;

/// A RAM role, assumed with the credentials of another profile.
pub(crate) struct ChainableRamRoleArn;

impl Mode for ChainableRamRoleArn {
    fn name(&self) -> &'static str {
        "ChainableRamRoleArn"
    }

    fn required(&self) -> &'static [Field] {
        &[Field::SourceProfile, Field::RamRoleArn, Field::RamSessionName]
    }

    fn source<'p>(&self, profile: &'p Profile) -> Option<&'p str> {
        Some(profile.text(Field::SourceProfile))
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            let &Context { host, http, profile, base, .. } = context;
            let base = base.ok_or_else(|| Error::invalid("the source profile has no access key"))?;
            Ok(assume_role(host, http, profile, base).await?.into())
        })
    }
}

#[cfg(feature = "cli")]
mod configure {
    use super::*;
    use crate::modes::ram_role_arn::configure::{
        EXTERNAL_ID, ROLE, SECONDS, SESSION_NAME, STS_REGION, external_id_tail,
    };
    use crate::modes::{Configurable, Question};

    impl Configurable for ChainableRamRoleArn {
        fn flag_fields(&self) -> &'static [Field] {
            &[
                Field::SourceProfile,
                Field::RamRoleArn,
                Field::RamSessionName,
                Field::ExternalId,
                Field::ExpiredSeconds,
            ]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            const SOURCE: Question = Question::new(Field::SourceProfile, "Source Profile");
            Some(&[SOURCE, STS_REGION, ROLE, SESSION_NAME, EXTERNAL_ID, SECONDS])
        }

        fn summary(&self, profile: &Profile) -> String {
            let (source, role) = (profile.text(Field::SourceProfile), profile.text(Field::RamRoleArn));
            format!("ChainableRamRoleArn:{source}:{role}{}", external_id_tail(profile))
        }
    }
}
