use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::credentials::Credentials;

/// No credentials at all.
pub(crate) struct Anonymous;

impl Mode for Anonymous {
    fn name(&self) -> &'static str {
        NAME
    }

    fn required(&self) -> &'static [Field] {
        &[]
    }

    fn obtain<'a>(&'a self, _: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async { Ok(Obtained::Credentials(Credentials::Anonymous)) })
    }
}

pub(super) const NAME: &str = "Anonymous";

#[cfg(feature = "cli")]
mod configure {
    use super::*;
    use crate::config::profile::Profile;
    use crate::modes::{Configurable, Question};

    impl Configurable for Anonymous {
        fn flag_fields(&self) -> &'static [Field] {
            &[]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            None
        }

        fn summary(&self, _: &Profile) -> String {
            String::new()
        }
    }
}
