//! The keys that the cloud knows, and the AccessKeys of its one user.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;

/// When every key was made that a test does not date.
const PAST: &str = "2024-01-02T12:00:00Z";

/// How many AccessKeys a user may have.
const LIMIT: usize = 2;

/// An AccessKey of the user, as IMS describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct AccessKey {
    #[serde(rename = "AccessKeyId")]
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) status: Status,
    #[serde(default = "past")]
    pub(crate) create_date: String,
}

/// Whether an AccessKey may sign.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
pub(crate) enum Status {
    #[default]
    Active,
    Inactive,
}

/// What a test says of the user's AccessKeys.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct KeySetup {
    /// The user's AccessKeys; those that the test has secrets of, where it does not say.
    keys: Option<Vec<AccessKey>>,
    /// For how many calls to STS a created AccessKey is unknown.
    propagation: u32,
}

/// All keys that the cloud knows during one test.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    secrets: BTreeMap<String, String>,
    rsa: BTreeMap<String, Vec<u8>>,
    user: IndexMap<String, AccessKey>,
    propagation: u32,
    /// For how many more calls STS does not know a created key.
    young: BTreeMap<String, u32>,
}

impl Keys {
    pub(crate) fn new(setup: &KeySetup, secrets: BTreeMap<String, String>) -> Self {
        let of_user = secrets.keys().filter(|id| !is_session(id)).map(|id| AccessKey::new(id));
        let user = setup.keys.clone().unwrap_or_else(|| of_user.collect());
        Self {
            user: user.into_iter().map(|key| (key.id.clone(), key)).collect(),
            propagation: setup.propagation,
            secrets,
            ..Self::default()
        }
    }

    /// The secret of an AccessKey: one that the test named, or one that the cloud itself issued.
    pub(crate) fn secret(&self, id: &str) -> Option<String> {
        let issued = || is_session(id).then(|| format!("secret-of-{id}"));
        self.secrets.get(id).cloned().or_else(issued)
    }

    pub(crate) fn rsa(&self, name: &str) -> Option<&Vec<u8>> {
        self.rsa.get(name)
    }

    pub(crate) fn register_rsa(&mut self, name: &str, public_key_der: &[u8]) {
        self.rsa.insert(name.to_owned(), public_key_der.to_owned());
    }

    /// Says whether STS does not know this key yet, which one call less will be so of.
    pub(crate) fn is_too_young(&mut self, id: &str) -> bool {
        let Some(calls) = self.young.get_mut(id).filter(|calls| **calls > 0) else {
            return false;
        };
        *calls -= 1;
        true
    }

    pub(crate) fn is_inactive(&self, id: &str) -> bool {
        self.user.get(id).is_some_and(|key| key.status == Status::Inactive)
    }

    pub(crate) fn of_user(&self) -> impl Iterator<Item = &AccessKey> {
        self.user.values()
    }

    pub(crate) fn of_user_mut(&mut self, id: &str) -> Option<&mut AccessKey> {
        self.user.get_mut(id)
    }

    /// Makes an AccessKey with its secret, unless the user has as many as there may be.
    pub(crate) fn create(&mut self) -> Option<(AccessKey, String)> {
        if self.user.len() >= LIMIT {
            return None;
        }
        let number = self.young.len() + 1;
        let key = AccessKey::new(&format!("LTAI5tCreated{number:04}"));
        let secret = format!("created-secret-{number:04}");
        self.young.insert(key.id.clone(), self.propagation);
        self.secrets.insert(key.id.clone(), secret.clone());
        self.user.insert(key.id.clone(), key.clone());
        Some((key, secret))
    }

    pub(crate) fn delete(&mut self, id: &str) {
        self.user.shift_remove(id);
        self.secrets.remove(id);
    }
}

impl AccessKey {
    fn new(id: &str) -> Self {
        Self { id: id.to_owned(), status: Status::default(), create_date: past() }
    }
}

/// Says whether the cloud issued this key for a session.
fn is_session(id: &str) -> bool {
    id.starts_with("STS.")
}

fn past() -> String {
    PAST.to_owned()
}
