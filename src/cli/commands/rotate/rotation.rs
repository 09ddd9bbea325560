//! The steps of a rotation. After each of them, and within each, the config file holds a key that works.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::config::Config;
use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::config::store::ConfigStore;
use crate::credentials::AccessKey;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::http;
use crate::http::secret_json::SecretJson;
use crate::ims::{Ims, ListedKey};
use crate::secret::tail;
use crate::sts::{Client, call_endpoint};

/// For how long a service may not know a new access key yet, and the pause before it is asked again.
const PROPAGATION: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_secs(1);
/// How many access keys a user may have.
const LIMIT: usize = 2;

/// What a rotation works with.
pub(super) struct Rotation<'a> {
    pub(super) host: &'a dyn Host,
    pub(super) http: &'a http::Client,
    pub(super) store: &'a ConfigStore,
    pub(super) profile: &'a Profile,
    pub(super) old: &'a AccessKey,
}

impl Rotation<'_> {
    /// Takes all steps, and returns the new access key.
    pub(super) async fn run(&self, delete_old: bool) -> Result<AccessKey> {
        self.find_room().await?;
        let owner = self.owner_of(self.old).await.map_err(nothing_changed)?;
        let new = self.create().await?;
        self.write(&new).await?;
        self.verify(&new, &owner).await?;
        self.retire_old(&new, delete_old).await?;
        Ok(new)
    }

    /// Step 1: finds out whether the user may have one more access key.
    pub(super) async fn find_room(&self) -> Result<()> {
        let keys = self.ims(self.old)?.list().await.map_err(nothing_changed)?;
        let (own, others): (Vec<_>, Vec<_>) =
            keys.into_iter().partition(|key| key.id == self.old.access_key_id);
        if own.is_empty() {
            let key = shown(self.old);
            return Err(Error::unexpected(format!(
                "the service does not list the access key {key} among those of its own user; nothing was changed"
            )));
        }
        if own.len() + others.len() < LIMIT { Ok(()) } else { Err(self.no_room(&others)) }
    }

    /// Step 2: creates the new access key, once it is known that the file can be written.
    async fn create(&self) -> Result<AccessKey> {
        self.store.check_writable()?;
        self.ims(self.old)?.create().await.map_err(nothing_changed)
    }

    /// Step 2, at once and before anything else: writes the new key wherever the file holds the old one.
    async fn write(&self, new: &AccessKey) -> Result<()> {
        match self.replace(self.old, new) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.undo(new, error).await),
        }
    }

    /// Step 3: finds out whether the new key works, and belongs to the user of the old one.
    async fn verify(&self, new: &AccessKey, owner: &Owner) -> Result<()> {
        let outcome = once_known(PROPAGATION, async || self.owner_of(new).await).await;
        let outcome =
            outcome.and_then(|found| if found == *owner { Ok(()) } else { Err(owner.is_not(&found)) });
        match outcome {
            Ok(()) => Ok(()),
            Err(error) => Err(self.undo(new, error).await),
        }
    }

    /// Step 4: disables or deletes the old key, as the user of the new one.
    async fn retire_old(&self, new: &AccessKey, delete: bool) -> Result<()> {
        let (ims, id) = (self.ims(new)?, &self.old.access_key_id);
        let call = async || if delete { ims.delete(id).await } else { ims.disable(id).await };
        once_known(PROPAGATION, call).await.map_err(|error| {
            let (new, verb) = (shown(new), if delete { "delete" } else { "disable" });
            error.during(format!(
                "the new access key {new} is in use and works, but the old one {id} could not be {verb}d; what is left is to {verb} it at https://ram.console.aliyun.com: "
            ))
        })
    }

    /// Takes back what was done: the old key returns to the file, and the new one is deleted.
    async fn undo(&self, new: &AccessKey, cause: Error) -> Error {
        let id = &new.access_key_id;
        if let Err(why) = self.put_back(new) {
            return cause.during(format!(
                "the new access key {id} may not work, and the old one {} could not be written back ({why}); both are active: ",
                shown(self.old)
            ));
        }
        let deleted = match self.ims(self.old) {
            Ok(ims) => ims.delete(id).await,
            Err(error) => Err(error),
        };
        match deleted {
            Ok(()) => cause.during("the access key was not rotated, and all is as before: "),
            Err(why) => cause.during(format!(
                "the access key was not rotated, and the old one is in use; what is left is to delete the new one, {id}, at https://ram.console.aliyun.com ({why}): "
            )),
        }
    }

    /// Writes the old key where the file holds the new one. A write that failed may have reached the file all the
    /// same, so the file itself tells.
    fn put_back(&self, new: &AccessKey) -> Result<()> {
        let config = self.store.load_existing()?;
        match config.profiles().iter().any(|profile| holds(profile, new)) {
            true => self.replace(new, self.old),
            false => Ok(()),
        }
    }

    fn replace(&self, from: &AccessKey, to: &AccessKey) -> Result<()> {
        self.store.update_existing(|config| {
            let mut holders: Vec<_> =
                config.profiles_mut().iter_mut().filter(|profile| holds(profile, from)).collect();
            if holders.is_empty() {
                return Err(Error::invalid(
                    "no profile holds the access key any longer: another program changed the config file",
                ));
            }
            holders.iter_mut().for_each(|profile| put(profile, to));
            Ok(())
        })
    }

    fn ims<'k>(&'k self, access_key: &'k AccessKey) -> Result<Ims<'k>> {
        Ims::new(self.host, self.http, access_key)
    }

    async fn owner_of(&self, access_key: &AccessKey) -> Result<Owner> {
        let client = Client::new(self.host, self.http, call_endpoint(self.profile)?, access_key);
        let body = client.call("GetCallerIdentity", &[], &[]).await?;
        Owner::read(&SecretJson::parse(&body).unwrap_or_default())
    }

    /// Makes the error of a user who can have no further access key, which names those that there are.
    fn no_room(&self, others: &[ListedKey]) -> Error {
        let config = self.store.load_existing().ok();
        let others =
            others.iter().map(|key| described(key, config.as_ref())).collect::<Vec<_>>().join(", and ");
        Error::invalid(format!(
            "the user of profile '{}' can have no further access key: beside its own, {}, there is {others}. Delete the other one at https://ram.console.aliyun.com if nothing needs it any more, and rotate again; nothing was changed",
            self.profile.name(),
            shown(self.old)
        ))
    }
}

/// Describes an access key with its state, its date, and the profiles that hold it.
fn described(key: &ListedKey, config: Option<&Config>) -> String {
    let ListedKey { id, status, created } = key;
    let profiles = config.map(Config::profiles).unwrap_or_default().iter();
    let holders = profiles.filter(|profile| profile.text(Field::AccessKeyId) == id).map(Profile::name);
    let used_by = match holders.collect::<Vec<_>>().join(", ") {
        holders if holders.is_empty() => "in no profile of this file".to_owned(),
        holders => format!("in use by {holders}"),
    };
    format!("{id} ({status}, created {created}, {used_by})")
}

/// Tells whether a profile holds an access key.
pub(super) fn holds(profile: &Profile, key: &AccessKey) -> bool {
    profile.text(Field::AccessKeyId) == key.access_key_id
        && profile.secret(Field::AccessKeySecret) == Some(&key.access_key_secret)
}

/// Returns what may be seen of an access key on a screen.
pub(super) fn shown(key: &AccessKey) -> String {
    format!("***{}", tail(&key.access_key_id, 3))
}

fn put(profile: &mut Profile, key: &AccessKey) {
    profile.set_text(Field::AccessKeyId, &key.access_key_id);
    profile.set(Field::AccessKeySecret, Value::Secret(key.access_key_secret.clone()));
}

fn nothing_changed(error: Error) -> Error {
    error.during("the access key was not rotated, and the config file is as before: ")
}

/// Repeats a call while the service does not know the new access key.
async fn once_known<T>(patience: Duration, call: impl AsyncFn() -> Result<T>) -> Result<T> {
    let deadline = Instant::now() + patience;
    loop {
        match call().await {
            Err(Error::Rejected { service, .. })
                if service.code == "InvalidAccessKeyId.NotFound" && Instant::now() < deadline =>
            {
                sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// Who an access key belongs to, as GetCallerIdentity answers.
#[derive(Debug, PartialEq, Eq)]
struct Owner {
    account: String,
    principal: String,
    user: String,
    arn: String,
}

impl Owner {
    fn read(response: &SecretJson) -> Result<Self> {
        let text = |name| response.shown(name);
        match text("AccountId") {
            account if account.is_empty() => {
                Err(Error::unexpected("GetCallerIdentity answers without AccountId"))
            }
            account => {
                Ok(Self { account, principal: text("PrincipalId"), user: text("UserId"), arn: text("Arn") })
            }
        }
    }

    fn is_not(&self, other: &Self) -> Error {
        Error::unexpected(format!("the new access key belongs to {}, not to {}", other.arn, self.arn))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::error::ServiceError;

    /// Returns the outcome of calls that the service refuses with a code so many times, and how many there were.
    fn calls_until_known(code: &str, refusals: u32, patience: Duration) -> (Result<()>, u32) {
        let calls = Cell::new(0);
        let call = async || {
            calls.set(calls.get() + 1);
            let refused = ServiceError { code: code.to_owned(), ..ServiceError::of_status(404) };
            if calls.get() > refusals { Ok(()) } else { Err(Error::from(refused)) }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        (runtime.block_on(once_known(patience, call)), calls.get())
    }

    #[test]
    fn a_new_key_is_waited_for_while_the_service_does_not_know_it_and_no_longer_than_it_may_take() {
        const UNKNOWN: &str = "InvalidAccessKeyId.NotFound";
        let (outcome, calls) = calls_until_known(UNKNOWN, 1, PROPAGATION);
        assert!(outcome.is_ok() && calls == 2, "{calls}: {outcome:?}");
        for (code, patience) in [(UNKNOWN, Duration::ZERO), ("NoPermission", PROPAGATION)] {
            let (outcome, calls) = calls_until_known(code, 5, patience);
            assert!(matches!(outcome, Err(Error::Rejected { .. })) && calls == 1, "{calls}: {outcome:?}");
        }
    }
}
