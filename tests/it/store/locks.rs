//! Locks that others hold, leave behind, or hold on a file that they replace.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::environment::TestEnvironment;

fn lock_path(environment: &TestEnvironment) -> PathBuf {
    environment.home().join(".aliyun/config.json.lock")
}

/// Starts a switch to the profile `b`.
fn switch(environment: &TestEnvironment) -> Child {
    Command::new(env!("CARGO_BIN_EXE_aliyun"))
        .env_clear()
        .envs(environment.variables())
        .args(["configure", "switch", "--profile", "b"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_lock_that_stays_is_waited_for_a_while_and_then_named_in_an_error() {
    thread::scope(|scope| {
        for lock_itself in [false, true] {
            scope.spawn(move || {
                let environment = TestEnvironment::with_profiles(&["a", "b"]);
                let (before, path) = (environment.config(), environment.config_path());
                let lock = match lock_itself {
                    true => File::open(&path),
                    false => File::create(lock_path(&environment)),
                };
                let lock = lock.unwrap();
                lock.lock().unwrap();
                let said = environment.fails(&["configure", "switch", "--profile", "b"], 1, "is locked");
                let path = path.display();
                // Linux tells who it is: this very process.
                let (process, is_known) = (std::process::id(), cfg!(target_os = "linux"));
                let who =
                    if is_known { format!("(process {process})") } else { "another program".to_owned() };
                assert!(said.contains(&format!("{path} is locked by ")), "{said}");
                assert!(said.contains(&format!("{who}; gave up after 10 seconds")), "{said}");
                assert_eq!(environment.config(), before);
                lock.unlock().unwrap();
                environment.succeeds(&["configure", "switch", "--profile", "b"]);
            });
        }
    });
}

#[test]
fn a_reader_waits_for_no_lock() {
    let environment = TestEnvironment::with_profiles(&["a", "b"]);
    let (beside, itself) =
        (File::create(lock_path(&environment)).unwrap(), File::open(environment.config_path()).unwrap());
    beside.lock().unwrap();
    itself.lock().unwrap();
    assert!(environment.succeeds(&["configure", "list"]).contains("a * "));
}

#[test]
fn a_lock_file_that_was_left_behind_locks_nothing() {
    let environment = TestEnvironment::with_profiles(&["a", "b"]);
    fs::write(lock_path(&environment), "4711\n").unwrap();
    fs::set_permissions(lock_path(&environment), PermissionsExt::from_mode(0o644)).unwrap();
    environment.succeeds(&["configure", "switch", "--profile", "b"]);
    assert_eq!(environment.json()["current"], "b");
}

#[test]
fn something_else_in_the_place_of_the_lock_file_is_an_error() {
    let environment = TestEnvironment::with_profiles(&["a", "b"]);
    let before = environment.config();
    fs::create_dir(lock_path(&environment)).unwrap();
    environment.fails(&["configure", "switch", "--profile", "b"], 1, "cannot write");
    assert_eq!(environment.config(), before);
}

#[test]
fn what_replaced_the_config_while_a_writer_waited_is_what_it_changes() {
    let environment = TestEnvironment::with_profiles(&["a", "b"]);
    let old = File::open(environment.config_path()).unwrap();
    old.lock().unwrap();
    let mut writer = switch(&environment);
    thread::sleep(Duration::from_millis(200));
    assert!(writer.try_wait().unwrap().is_none(), "the writer did not wait");
    let other = environment.home().join("other.json");
    let text = environment.config().replace("exampleSecret", "replaced");
    fs::write(&other, text).unwrap();
    let new = File::open(&other).unwrap();
    new.lock().unwrap();
    fs::rename(&other, environment.config_path()).unwrap();
    old.unlock().unwrap();
    thread::sleep(Duration::from_millis(200));
    assert!(
        writer.try_wait().unwrap().is_none(),
        "the writer took the lock of a file that is gone for its own"
    );
    new.unlock().unwrap();
    assert!(writer.wait().unwrap().success());
    let json = environment.json();
    assert_eq!(
        (&json["current"], &json["profiles"][0]["access_key_secret"]),
        (&"b".into(), &"replaced".into())
    );
}

#[test]
fn a_config_that_was_removed_while_a_writer_waited_is_made_anew() {
    let environment = TestEnvironment::with_profiles(&["a", "b"]);
    let old = File::open(environment.config_path()).unwrap();
    old.lock().unwrap();
    let mut command = environment.command(&["configure", "set", "--profile=q", "--access-key-id=i"]);
    let output = thread::scope(|scope| {
        let writer =
            scope.spawn(move || command.args(["--access-key-secret=s", "--region=r"]).output().unwrap());
        thread::sleep(Duration::from_millis(200));
        fs::remove_file(environment.config_path()).unwrap();
        old.unlock().unwrap();
        writer.join().unwrap()
    });
    assert!(output.status.success(), "{output:?}");
    assert_eq!(environment.json()["current"], "q");
}
