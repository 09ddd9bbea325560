//! Sessions and logins that live in the config file: used while they do, refreshed by one program at a time.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::credentials::{Credentials, Keys};
use crate::error::{Error, Result};
use crate::field::{Field, Value};
use crate::host::Host;
use crate::modes::{Mode, kept};
use crate::profile::Profile;
use crate::store::{ConfigStore, RefreshTurn};

/// How long to wait for somebody else's refresh, which is two requests of 10 seconds at the most.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

/// What the config file holds for a profile.
pub(crate) enum Look<'a> {
    /// A session that does.
    Session(Keys),
    /// None, but the right to refresh it, and the profile with what the file holds by now.
    Turn(Keeper<'a>, Profile),
    /// Nothing that is meant for this profile: neither is anything to be remembered.
    Nothing,
}

/// The right to refresh what the config file keeps in a profile.
pub(crate) struct Keeper<'a> {
    store: &'a ConfigStore,
    mode: &'a dyn Mode,
    /// The profile as the file held it when it was last seen.
    known: Profile,
    _turn: RefreshTurn,
}

/// Looks for a session, without a lock first. Where there is none, waits for the turn to refresh it and looks
/// once more: somebody else may have had the turn before.
///
/// `stored` is the profile as the file holds it, `profile` the same with flags and environment over it.
///
/// # Errors
///
/// [`Error::Locked`] where somebody else keeps the turn for 30 seconds; [`Error::Write`] where nothing could be
/// remembered.
pub(crate) async fn look<'a>(
    host: &dyn Host,
    store: &'a ConfigStore,
    mode: &'a dyn Mode,
    stored: &Profile,
    profile: &Profile,
) -> Result<Look<'a>> {
    if !kept::is_for(mode, stored, profile) {
        return Ok(Look::Nothing);
    }
    if let Some(keys) = kept::session(stored, host.now()) {
        return Ok(Look::Session(keys));
    }
    let turn = take_turn(store).await?;
    let config = store.load()?.config;
    let Some(known) = config.profile(profile.name()).cloned() else {
        return Ok(Look::Nothing);
    };
    let mut current = known.clone();
    current.apply_changes(stored, profile);
    if !kept::is_for(mode, &known, &current) {
        return Ok(Look::Nothing);
    }
    if let Some(keys) = kept::session(&known, host.now()) {
        return Ok(Look::Session(keys));
    }
    store.rehearse()?;
    Ok(Look::Turn(Keeper { store, mode, known, _turn: turn }, current))
}

async fn take_turn(store: &ConfigStore) -> Result<RefreshTurn> {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(turn) = store.try_refresh()? {
            return Ok(turn);
        }
        if Instant::now() >= until {
            return Err(Error::Locked { path: store.path().to_owned(), seconds: PATIENCE.as_secs() });
        }
        // Others on this thread go on: one of them may be who has the turn.
        sleep(PAUSE).await;
    }
}

impl Keeper<'_> {
    /// Keeps a session in the file; one without a known end is not worth it.
    pub(crate) fn keep(&mut self, credentials: &Credentials) -> Result<()> {
        match credentials {
            Credentials::Keys(keys) if keys.expiration.is_some() => self.remember(kept::fields(keys)),
            _ => Ok(()),
        }
    }

    /// Writes fields to the file that the profile came from, unless somebody else has changed them there: who
    /// logs in anew meanwhile must not get a spent token.
    pub(crate) fn remember(&mut self, fields: Vec<(Field, Value)>) -> Result<()> {
        let Self { store, mode, known, .. } = self;
        store.update_existing(|config| {
            let is_as_known = |stored: &Profile| {
                kept::is_for(*mode, stored, known)
                    && fields.iter().all(|(field, _)| stored.get(*field) == known.get(*field))
            };
            if let Some(mut stored) =
                config.profile(known.name()).filter(|stored| is_as_known(stored)).cloned()
            {
                fields.iter().for_each(|(field, value)| stored.set(*field, value.clone()));
                config.put(stored);
            }
            Ok(())
        })?;
        fields.into_iter().for_each(|(field, value)| known.set(field, value));
        Ok(())
    }
}
