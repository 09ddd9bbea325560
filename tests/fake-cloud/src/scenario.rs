//! What a test says of its cloud.

use serde::Deserialize;

use crate::{answer::Overrides, keys::KeySetup};

/// The cloud of one test: answers in the place of its own, and the AccessKeys of its user.
///
/// In its JSON form, `keys` lists the AccessKeys (`AccessKeyId`, `Status`, `CreateDate`; the last two
/// may be left out), and `propagation` says for how many calls STS does not know a key that
/// `CreateAccessKey` made. Every other member is an answer of [`Overrides`].
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Scenario {
    #[serde(flatten)]
    pub(crate) keys: KeySetup,
    #[serde(flatten)]
    pub(crate) overrides: Overrides,
}

impl From<Overrides> for Scenario {
    fn from(overrides: Overrides) -> Self {
        Self { overrides, keys: KeySetup::default() }
    }
}
