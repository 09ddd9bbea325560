//! Sessions and logins that the config file keeps for the modes that sign in: used as long as they are valid,
//! and refreshed by one program at a time (wire, section 6).

pub(crate) mod cached_session;
mod ended_login;

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::config::Config;
use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::config::store::{ConfigStore, RefreshLock};
use crate::credentials::{AccessKey, Credentials};
use crate::error::{Error, Result};
use crate::host::Host;
use crate::modes::Mode;
use crate::waiting::Waiting;

/// How long to wait for another program's refresh, which takes two requests of 10 seconds at the most.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);
const LOCK_RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// What the session cache holds for a profile.
pub(crate) enum Lookup<'a> {
    /// A valid session.
    Hit(AccessKey),
    /// No valid session, but the right to obtain one, and the profile with what the file holds by now.
    Miss(Refresh<'a>, Profile),
    /// Nothing, since this profile is not cached: what is obtained for it is not stored either.
    Uncached,
}

/// The exclusive right to refresh what the session cache holds for a profile, until dropped.
pub(crate) struct Refresh<'a> {
    store: &'a ConfigStore,
    mode: &'static dyn Mode,
    /// The profile as the file held it when this program last read or wrote it.
    last_seen: Profile,
    lock: RefreshLock,
}

/// Looks for a valid session, at first without the refresh lock, so that the usual case waits for nobody. On a
/// miss it takes the lock and looks once more, because another program may have refreshed the session meanwhile.
///
/// `stored` is the profile as the file holds it, `profile` the same with flags and environment over it. A session is
/// valid that lasts for more seconds than the margin.
///
/// # Errors
///
/// [`Error::Locked`] where another program holds the refresh lock for 30 seconds; [`Error::Storage`] where a new
/// session could not be stored.
pub(crate) async fn look_up<'a>(
    host: &dyn Host,
    store: &'a ConfigStore,
    mode: &'static dyn Mode,
    stored: &Profile,
    profile: &Profile,
    margin: i64,
) -> Result<Lookup<'a>> {
    if !is_cached(mode, stored, profile) {
        return Ok(Lookup::Uncached);
    }
    if let Some(access_key) = cached_session::read(stored, host.now().saturating_add(margin)) {
        return Ok(Lookup::Hit(access_key));
    }
    let lock = lock_refresh(store).await?;
    let config = store.unblocked(ConfigStore::load).await?;
    let Some(stored_now) = config.profile(profile.name()).cloned() else {
        return Ok(Lookup::Uncached);
    };
    let mut profile_now = stored_now.clone();
    profile_now.apply_changes(stored, profile);
    if !is_cached(mode, &stored_now, &profile_now) {
        return Ok(Lookup::Uncached);
    }
    if let Some(access_key) = cached_session::read(&stored_now, host.now().saturating_add(margin)) {
        return Ok(Lookup::Hit(access_key));
    }
    if let Some(error) = ended_login::read(&lock.note(), &profile_now, host.now()) {
        return Err(error);
    }
    // A refresh token is spent by its use, so nothing is requested that could not be stored.
    store.unblocked(ConfigStore::check_writable).await?;
    Ok(Lookup::Miss(Refresh { store, mode, last_seen: stored_now, lock }, profile_now))
}

/// Tells whether the cache in a stored profile is meant for this mode and for the profile in use.
///
/// It is not where flags name, say, another account, and where the file stores another mode: there the key
/// may be a permanent one, which must be neither used nor replaced.
fn is_cached(mode: &dyn Mode, stored: &Profile, profile: &Profile) -> bool {
    let agrees = |field: &Field| !stored.is_empty(*field) && stored.get(*field) == profile.get(*field);
    let key = mode.session_cache_key();
    !key.is_empty() && stored.mode() == mode.name() && key.iter().all(agrees)
}

async fn lock_refresh(store: &ConfigStore) -> Result<RefreshLock> {
    let deadline = Instant::now() + LOCK_TIMEOUT;
    let _waiting = Waiting::begin("the refresh by another program");
    loop {
        if let Some(lock) = store.unblocked(ConfigStore::try_lock_refresh).await? {
            return Ok(lock);
        }
        if Instant::now() >= deadline {
            let (path, seconds) = (store.path().to_owned(), LOCK_TIMEOUT.as_secs());
            return Err(Error::Locked { path, owner: None, seconds });
        }
        // Other tasks on this thread go on: one of them may be the one that refreshes.
        sleep(LOCK_RETRY_INTERVAL).await;
    }
}

impl Refresh<'_> {
    /// Remembers that a server refuses to renew the login of a profile, up to a time or until the login is another.
    ///
    /// The file of the lock holds that, since the config file is for what other programs know as well.
    pub(crate) fn remember_end(&self, profile: &Profile, error: &Error, until: Option<i64>) {
        self.lock.leave_note(&ended_login::note(profile, error, until));
    }

    /// Stores a new session; one without a known end is not worth it.
    pub(crate) async fn store_session(&mut self, credentials: &Credentials) -> Result<()> {
        match credentials {
            Credentials::AccessKey(access_key) if access_key.expiration.is_some() => {
                self.store(cached_session::fields(access_key)).await
            }
            _ => Ok(()),
        }
    }

    /// Stores fields in the profile, unless another program has changed them there: a new login that is made
    /// meanwhile must not be overwritten by a spent token.
    pub(crate) async fn store(&mut self, fields: Vec<(Field, Value)>) -> Result<()> {
        let (mode, last_seen) = (self.mode, self.last_seen.clone());
        fields.iter().for_each(|(field, value)| self.last_seen.set(*field, value.clone()));
        let change = move |config: &mut Config| {
            store_unless_changed(config, mode, &last_seen, fields);
            Ok(())
        };
        self.store.unblocked(|store| store.update_existing(change)).await
    }
}

/// Sets fields of the profile in a config, as long as it holds there what it did when it was last seen.
fn store_unless_changed(
    config: &mut Config,
    mode: &dyn Mode,
    last_seen: &Profile,
    fields: Vec<(Field, Value)>,
) {
    let is_unchanged = |stored: &&Profile| {
        is_cached(mode, stored, last_seen)
            && fields.iter().all(|(field, _)| stored.get(*field) == last_seen.get(*field))
    };
    if let Some(mut stored) = config.profile(last_seen.name()).filter(is_unchanged).cloned() {
        fields.into_iter().for_each(|(field, value)| stored.set(field, value));
        config.put(stored);
    }
}

#[cfg(test)]
mod tests;
