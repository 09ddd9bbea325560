use std::path::Path;
use std::sync::Arc;
use std::task::Poll;
use std::thread;

use super::*;
use crate::credentials::resolver::CredentialResolver;
use crate::error::StorageFailure;
use crate::host::{FakeHost, HelperOutput};
use crate::modes::by_name;
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
        profile.set_text(field, text);
    }
    profile
}

fn host() -> FakeHost {
    FakeHost::new().with_now(NOW)
}

fn resolve(host: &FakeHost, store: &ConfigStore) -> Result<String> {
    access_key_id(block_on(CredentialResolver::new(host, store.clone()).resolve()))
}

fn access_key_id(credentials: Result<Credentials>) -> Result<String> {
    match credentials? {
        Credentials::AccessKey(access_key) => Ok(access_key.access_key_id),
        other => panic!("{other:?}"),
    }
}

fn change(store: &ConfigStore, fields: &[(Field, &str)]) {
    let change = |config: &mut Config| {
        let mut profile = config.profile("p").unwrap().clone();
        fields.iter().for_each(|(field, text)| profile.set_text(*field, text));
        config.put(profile);
        Ok(())
    };
    store.update(change).unwrap();
}

fn stored(store: &ConfigStore) -> Profile {
    store.load().unwrap().profile("p").unwrap().clone()
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
        expected.set_text(field, text);
    }
    let stored = stored(&store);
    assert!(Field::ALL.iter().all(|field| stored.get(*field) == expected.get(*field)), "{stored:?}");
}

#[test]
fn of_many_that_find_a_session_expired_one_refreshes_it() {
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

/// Resolves while another task of the runtime holds a lock, which it releases after it has gone on for a while.
/// Where the resolver holds up the thread of both, the task does not go on, and the resolver gives up.
fn resolve_while_locked(suffix: &str) -> String {
    let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
    let (host, store) = (host(), store(folder.path(), &portal));
    let lock = std::fs::File::create(folder.path().join(format!("config.json.{suffix}"))).unwrap();
    lock.lock().unwrap();
    let other_task = async move {
        for _ in 0..20 {
            sleep(Duration::from_millis(5)).await;
        }
        drop(lock);
    };
    block_on(async {
        let other_task = tokio::spawn(other_task);
        let credentials = CredentialResolver::new(&host, store).resolve().await;
        other_task.await.unwrap();
        access_key_id(credentials).unwrap()
    })
}

#[test]
fn other_tasks_of_the_thread_go_on_while_the_resolver_waits_for_a_lock() {
    for suffix in ["lock", "refresh.lock"] {
        assert_eq!(resolve_while_locked(suffix), "STS.new", "{suffix}");
    }
}

#[test]
fn a_runtime_of_many_threads_may_take_the_resolver_to_any_of_them() {
    let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
    let store = store(folder.path(), &portal);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let resolve = |store: ConfigStore| async move {
        let host = host();
        access_key_id(CredentialResolver::new(&host, store).resolve().await).unwrap()
    };
    let tasks: Vec<_> = (0..4).map(|_| runtime.spawn(resolve(store.clone()))).collect();
    let ids: Vec<_> = tasks.into_iter().map(|task| runtime.block_on(task).unwrap()).collect();
    assert_eq!(ids, ["STS.new"; 4]);
    assert_eq!(portal.count("/cloud-credentials"), 1);
}

#[test]
fn a_valid_session_is_used_even_where_the_login_has_expired() {
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
fn access_keys_of_the_environment_are_no_cached_session() {
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
fn a_session_for_another_account_than_the_stored_one_is_not_cached() {
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
    let flags = Field::ALL.iter().filter_map(|field| Some((*field, profile(&portal).get(*field)?.clone())));
    let resolver = CredentialResolver::new(&host, store.clone()).with_overrides(flags.chain([key]).collect());
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
fn nothing_is_requested_that_could_not_be_stored() {
    let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
    let store = store(folder.path(), &portal);
    // A folder in its place keeps the next file from being written, whoever runs the test.
    std::fs::create_dir_all(folder.path().join("config.json.new/x")).unwrap();
    assert!(matches!(
        resolve(&host(), &store).unwrap_err(),
        Error::Storage { failure: StorageFailure::Unwritable(_), .. }
    ));
    assert!(portal.asked().is_empty());
}

#[test]
#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, clippy::print_stderr, reason = "the file is made immutable")]
fn nothing_is_requested_where_the_file_itself_cannot_be_replaced() {
    let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
    let store = store(folder.path(), &portal);
    // Other files can be made beside it, but not renamed over it.
    let change = |how| std::process::Command::new("chattr").arg(how).arg(store.path()).output();
    if !change("+i").is_ok_and(|output| output.status.success()) {
        eprintln!("skipped nothing_is_requested_where_the_file_itself: chattr +i is not allowed here");
        return;
    }
    let outcome = resolve(&host(), &store);
    change("-i").unwrap();
    assert!(matches!(outcome.unwrap_err(), Error::Storage { failure: StorageFailure::Unwritable(_), .. }));
    assert!(portal.asked().is_empty());
}

#[test]
fn the_refresh_lock_passes_on_when_its_owner_is_gone() {
    let (folder, portal) = (tempfile::tempdir().unwrap(), portal());
    let store = Arc::new(store(folder.path(), &portal));
    let lock = store.try_lock_refresh().unwrap().unwrap();
    let waiting = thread::spawn({
        let store = Arc::clone(&store);
        move || resolve(&host(), &store).unwrap()
    });
    change(&store, &[(Field::Language, "zh")]);
    drop(lock);
    assert_eq!(waiting.join().unwrap(), "STS.new");
    assert_eq!(stored(&store).text(Field::Language), "zh");
}

#[test]
fn a_cache_for_another_account_or_mode_does_not_count() {
    let mode = by_name("CloudSSO").unwrap();
    let stored = profile(&portal());
    assert!(is_cached(mode, &stored, &stored));
    let mut other = stored.clone();
    other.set_text(Field::CloudSsoAccountId, "222");
    assert!(!is_cached(mode, &stored, &other));
    let mut lacking = stored.clone();
    lacking.clear(Field::CloudSsoAccountId);
    assert!(!is_cached(mode, &lacking, &lacking));
    let mut switched = stored.clone();
    switched.set_text(Field::Mode, "AK");
    assert!(!is_cached(mode, &switched, &stored));
    assert!(!is_cached(by_name("AK").unwrap(), &switched, &switched));
}
