//! Locks that others hold, leave behind, or hold on a file that they replace.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::environment::TestEnvironment;
#[cfg(target_os = "linux")]
use crate::support::skip::skip;

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

/// Waits until a writer has begun to wait.
fn is_waiting(writer: &mut Child) {
    thread::sleep(Duration::from_millis(200));
    assert!(writer.try_wait().unwrap().is_none(), "the writer did not wait");
}

#[test]
fn what_is_no_regular_file_locks_nothing_and_is_named_at_once() {
    let environment = TestEnvironment::with_profiles(&["a", "b"]);
    let before = environment.config();
    let victim = environment.home().join("victim");
    for (what, program, of) in [("a pipe", "mkfifo", None), ("a link", "ln", Some(&victim))] {
        let arguments = of.map(|victim| [Path::new("-s"), victim]);
        let mut make = Command::new(program);
        make.args(arguments.iter().flatten()).arg(lock_path(&environment));
        assert!(make.status().unwrap().success(), "{what}");
        let said = environment.fails(&["configure", "switch", "--profile", "b"], 1, "config.json.lock: ");
        assert!(said.contains("not a regular file"), "{what}: {said}");
        assert_eq!(environment.config(), before, "{what}");
        assert!(!victim.exists(), "{what}");
        fs::remove_file(lock_path(&environment)).unwrap();
    }
}

#[test]
fn a_lock_file_that_was_removed_while_the_first_writer_waited_is_not_the_one_to_hold() {
    let environment = TestEnvironment::new();
    fs::create_dir(environment.home().join(".aliyun")).unwrap();
    let old = File::create(lock_path(&environment)).unwrap();
    old.lock().unwrap();
    let set = |name| {
        let flags = ["--access-key-id=i", "--access-key-secret=s", "--region=r", "--profile", name];
        let mut command = Command::new(env!("CARGO_BIN_EXE_aliyun"));
        command.env_clear().envs(environment.variables()).args(["configure", "set"]).args(flags);
        command.spawn().unwrap()
    };
    let mut first = set("first");
    is_waiting(&mut first);
    fs::remove_file(lock_path(&environment)).unwrap();
    let new = File::create(lock_path(&environment)).unwrap();
    new.lock().unwrap();
    old.unlock().unwrap();
    is_waiting(&mut first);
    let other = TestEnvironment::with_profiles(&["other"]);
    environment.write_config(&other.config());
    new.unlock().unwrap();
    assert!(first.wait().unwrap().success());
    assert_eq!(environment.json()["profiles"][0]["name"], "other");
    assert_eq!(environment.json()["profiles"][1]["name"], "first");
}

/// Runs writers on a file system whose `flock` behaves as `FLOCK` says, and returns what a terminal was told.
#[cfg(target_os = "linux")]
fn with_flock_of(flock: &str, environment: &TestEnvironment, library: &Path, profile: &str) -> String {
    use std::io::Read;
    let (mut pty, pts) = pty_process::blocking::open().unwrap();
    let writer = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_aliyun"))
        .env_clear()
        .envs(environment.variables())
        .env("LD_PRELOAD", library)
        .env("FLOCK", flock)
        .args(["configure", "set", "--access-key-id=i", "--access-key-secret=s", "--region=r", "--profile"])
        .arg(profile);
    let mut writer = writer.spawn(pts).unwrap();
    let mut said = Vec::new();
    // The end of a terminal is an error.
    let _ = pty.read_to_end(&mut said);
    assert!(writer.wait().unwrap().success(), "{}", String::from_utf8_lossy(&said));
    String::from_utf8(said).unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_system_whose_flock_is_another_or_none_loses_no_change() {
    const FLOCK: &str = r#"
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/file.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        int flock(int file, int operation) {
            int code = atoi(getenv("FLOCK"));
            int is_read_only = (fcntl(file, F_GETFL) & O_ACCMODE) == O_RDONLY;
            if (code == EBADF && !((operation & LOCK_EX) && is_read_only))
                return syscall(SYS_flock, file, operation);
            errno = code;
            return -1;
        }
    "#;
    let environment = TestEnvironment::with_profiles(&["a", "b"]);
    let (source, library) = (environment.home().join("flock.c"), environment.home().join("flock.so"));
    fs::write(&source, FLOCK).unwrap();
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).output();
    if !built.is_ok_and(|output| output.status.success()) {
        skip("another_flock", "no C compiler");
        return;
    }
    // Of a network file system, an exclusive lock needs a file that is open for writing.
    let codes = [("9", false), ("37", true), ("38", true), ("95", true)];
    for (code, is_told) in codes {
        let said: Vec<_> = thread::scope(|scope| {
            let write =
                |number: usize| with_flock_of(code, &environment, &library, &format!("{code}-{number}"));
            let writers: Vec<_> = (0..10).map(|number| scope.spawn(move || write(number))).collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        for said in said {
            assert_eq!(said.matches("cannot be locked (").count(), usize::from(is_told), "{code}: {said}");
        }
    }
    assert_eq!(environment.json()["profiles"].as_array().unwrap().len(), 2 + 10 * codes.len());
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
