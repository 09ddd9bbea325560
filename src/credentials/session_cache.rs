//! Sessions and logins that live in the config file: used while they do, refreshed by one program at a time.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::session as kept;
use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::config::store::{ConfigStore, RefreshTurn};
use crate::credentials::{Credentials, Keys};
use crate::error::{Error, Result};
use crate::host::Host;
use crate::modes::Mode;

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
            let (path, seconds) = (store.path().to_owned(), PATIENCE.as_secs());
            return Err(Error::Locked { path, holder: None, seconds });
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

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::task::Poll;
    use std::thread;

    use super::*;
    use crate::config::Config;
    use crate::credentials::resolver::CredentialResolver;
    use crate::host::{FakeHost, HelperOutput};
    use crate::testing::{Server, block_on};

    const NOW: i64 = 1_700_000_000;
    const SESSION: &str = r#"{"CloudCredential":{"AccessKeyId":"STS.new","AccessKeySecret":"new","SecurityToken":"t","Expiration":"2023-11-15T00:00:00Z"}}"#;
    const SESSION_END: i64 = 1_700_006_400 - 5;

    fn portal() -> Server {
        Server::start(|_| (200, SESSION.to_owned()))
    }

    /// Makes a store with one CloudSSO profile at a portal, logged in for an hour.
    fn store(folder: &Path, portal: &Server) -> ConfigStore {
        let store = ConfigStore::open_path(&host(), folder.join("config.json"));
        let add = |config: &mut Config| {
            config.put(profile(portal));
            config.switch("p")
        };
        store.update(add).unwrap();
        store
    }

    fn profile(portal: &Server) -> Profile {
        let mut profile = Profile::new("p");
        for (field, text) in [
            (Field::Mode, "CloudSSO"),
            (Field::RegionId, "cn-hangzhou"),
            (Field::CloudSsoSignInUrl, &format!("{}/start", portal.address)),
            (Field::CloudSsoAccountId, "111"),
            (Field::CloudSsoAccessConfig, "ac-1"),
            (Field::AccessToken, "token-1"),
            (Field::CloudSsoAccessTokenExpire, &(NOW + 3600).to_string()),
        ] {
            profile.set_parsed(field, text);
        }
        profile
    }

    fn host() -> FakeHost {
        FakeHost::new().with_now(NOW)
    }

    fn resolve(host: &FakeHost, store: &ConfigStore) -> Result<String> {
        match block_on(CredentialResolver::new(host, store.clone()).resolve())? {
            Credentials::Keys(keys) => Ok(keys.access_key_id),
            other => panic!("{other:?}"),
        }
    }

    fn change(store: &ConfigStore, fields: &[(Field, &str)]) {
        let change = |config: &mut Config| {
            let mut profile = config.profile("p").unwrap().clone();
            fields.iter().for_each(|(field, text)| profile.set_parsed(*field, text));
            config.put(profile);
            Ok(())
        };
        store.update(change).unwrap();
    }

    fn stored(store: &ConfigStore) -> Profile {
        store.load().unwrap().config.profile("p").unwrap().clone()
    }

    fn text(store: &ConfigStore) -> String {
        std::fs::read_to_string(store.path()).unwrap()
    }

    #[test]
    fn a_session_is_written_to_the_file_and_used_from_there() {
        let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
        let store = store(folder.path(), &portal);
        assert_eq!(resolve(&host(), &store).unwrap(), "STS.new");
        assert_eq!(resolve(&host(), &store).unwrap(), "STS.new");
        assert_eq!(portal.count("/cloud-credentials"), 1);
        let mut expected = profile(&portal);
        for (field, text) in [
            (Field::AccessKeyId, "STS.new"),
            (Field::AccessKeySecret, "new"),
            (Field::StsToken, "t"),
            (Field::StsExpiration, &SESSION_END.to_string()),
        ] {
            expected.set_parsed(field, text);
        }
        let stored = stored(&store);
        assert!(Field::ALL.iter().all(|field| stored.get(*field) == expected.get(*field)), "{stored:?}");
    }

    #[test]
    fn of_many_that_find_a_session_over_one_refreshes_it() {
        let folder = tempfile::tempdir().unwrap();
        let portal = Server::start(|_| {
            thread::sleep(Duration::from_millis(100));
            (200, SESSION.to_owned())
        });
        let path = store(folder.path(), &portal).path().to_owned();
        let ids: Vec<_> = thread::scope(|scope| {
            let resolve = || resolve(&host(), &ConfigStore::open_path(&host(), &path)).unwrap();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(resolve)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(ids, ["STS.new"; 8]);
        assert_eq!(portal.count("/cloud-credentials"), 1);
    }

    #[test]
    fn two_on_one_thread_do_not_block_each_other() {
        let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
        let (host, store) = (host(), store(folder.path(), &portal));
        let resolver = CredentialResolver::new(&host, store);
        block_on(async {
            let mut left = vec![Box::pin(resolver.resolve()), Box::pin(resolver.resolve())];
            std::future::poll_fn(|context| {
                left.retain_mut(|one| one.as_mut().poll(context).is_pending());
                if left.is_empty() { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
        });
        assert_eq!(portal.count("/cloud-credentials"), 1);
    }

    #[test]
    fn a_session_is_used_even_where_the_login_is_over() {
        let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
        let store = store(folder.path(), &portal);
        resolve(&host(), &store).unwrap();
        change(&store, &[(Field::CloudSsoAccessTokenExpire, "1000")]);
        assert_eq!(resolve(&host(), &store).unwrap(), "STS.new");
        let later = FakeHost::new().with_now(SESSION_END - 180);
        let error = resolve(&later, &store).unwrap_err().to_string();
        assert!(error.starts_with("CloudSSO access token is expired"), "{error}");
    }

    #[test]
    fn keys_of_the_environment_are_no_session() {
        let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
        let store = store(folder.path(), &portal);
        change(&store, &[(Field::StsExpiration, "4070908800")]);
        let host = host()
            .with_var("ALIBABA_CLOUD_ACCESS_KEY_ID", "env")
            .with_var("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "env")
            .with_var("ALIBABA_CLOUD_SECURITY_TOKEN", "env");
        assert_eq!(resolve(&host, &store).unwrap(), "STS.new");
        assert_eq!(stored(&store).text(Field::AccessKeyId), "STS.new");
    }

    #[test]
    fn a_session_for_another_account_than_the_stored_one_is_not_kept() {
        let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
        let store = store(folder.path(), &portal);
        resolve(&host(), &store).unwrap();
        let (before, host) = (text(&store), host());
        let flags = [(Field::CloudSsoAccountId, Value::Text("222".into()))].into_iter().collect();
        let resolver = CredentialResolver::new(&host, store.clone()).with_overrides(flags);
        block_on(resolver.resolve()).unwrap();
        assert!(portal.asked().last().unwrap().body.contains("\"222\""));
        assert_eq!(text(&store), before);
    }

    #[test]
    fn who_logs_in_anew_during_a_refresh_keeps_that_login() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        let other = ConfigStore::open_path(&host(), &path);
        let portal = Server::start(move |_| {
            change(&other, &[(Field::AccessKeyId, "STS.other"), (Field::StsToken, "other")]);
            (200, SESSION.to_owned())
        });
        let store = store(folder.path(), &portal);
        assert_eq!(resolve(&host(), &store).unwrap(), "STS.new");
        assert_eq!(stored(&store).text(Field::AccessKeyId), "STS.other");
        assert_eq!(stored(&store).secret(Field::StsToken), Some(&"other".into()));
    }

    #[test]
    fn what_a_helper_printed_is_never_stored() {
        let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
        let store = store(folder.path(), &portal);
        let printed = serde_json::to_string(&profile(&portal)).unwrap();
        change(&store, &[(Field::Mode, "External"), (Field::ProcessCommand, "helper")]);
        let before = text(&store);
        let host = host().with_helper(HelperOutput { stdout: printed.as_str().into(), failure: None });
        assert_eq!(resolve(&host, &store).unwrap(), "STS.new");
        assert_eq!(text(&store), before);
    }

    #[test]
    fn an_ignored_config_file_is_neither_read_nor_written() {
        let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
        let store = store(folder.path(), &portal);
        let before = text(&store);
        let host = host().with_var("ALIBABA_CLOUD_IGNORE_PROFILE", "TRUE");
        // Without the flag for a key the flag for the mode would turn the others off.
        let key = (Field::AccessKeyId, Value::Text("i".into()));
        let flags =
            Field::ALL.iter().filter_map(|field| Some((*field, profile(&portal).get(*field)?.clone())));
        let resolver =
            CredentialResolver::new(&host, store.clone()).with_overrides(flags.chain([key]).collect());
        block_on(resolver.resolve()).unwrap();
        assert_eq!(portal.count("/cloud-credentials"), 1);
        assert_eq!(text(&store), before);
    }

    #[test]
    fn a_server_that_refuses_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let refusal =
            r#"{"ErrorCode":"NoPermission","ErrorMessage":"no token-1 token-1 at all","RequestId":"r"}"#;
        let portal = Server::start(move |_| (403, refusal.to_owned()));
        let store = store(folder.path(), &portal);
        let before = text(&store);
        let error = resolve(&host(), &store).unwrap_err().to_string();
        assert_eq!(error, "Create STS from CloudSSO failed: HTTP 403: NoPermission: no *** *** at all r");
        assert_eq!(text(&store), before);
    }

    #[test]
    fn nothing_is_asked_for_that_could_not_be_remembered() {
        let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
        let store = store(folder.path(), &portal);
        // A folder in its place keeps the next file from being written, whoever runs the test.
        std::fs::create_dir_all(folder.path().join("config.json.new/x")).unwrap();
        assert!(matches!(resolve(&host(), &store).unwrap_err(), Error::Write { .. }));
        assert!(portal.asked().is_empty());
    }

    #[test]
    fn the_turn_goes_on_when_its_owner_is_gone() {
        let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
        let store = Arc::new(store(folder.path(), &portal));
        let turn = store.try_refresh().unwrap().unwrap();
        let waiting = thread::spawn({
            let store = Arc::clone(&store);
            move || resolve(&host(), &store).unwrap()
        });
        change(&store, &[(Field::Language, "zh")]);
        drop(turn);
        assert_eq!(waiting.join().unwrap(), "STS.new");
        assert_eq!(stored(&store).text(Field::Language), "zh");
    }
}
