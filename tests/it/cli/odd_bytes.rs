//! Arguments that are not UTF-8.

#![cfg(unix)]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::support::environment::{Run, TestEnvironment, run_of};

fn odd(text: &[u8]) -> &OsStr {
    OsStr::from_bytes(text)
}

/// Runs the program with plain arguments, and odd ones behind them.
fn run(environment: &TestEnvironment, plain: &[&str], odd: &[&OsStr]) -> Run {
    run_of(environment.command(plain).args(odd).output().unwrap())
}

#[test]
fn a_path_is_acted_on_as_it_is() {
    let environment = TestEnvironment::new();
    let path = environment.home().join(odd(b"caf\xe9.json"));
    if fs::write(&path, r#"{"current":"p","profiles":[{"name":"p","region_id":"r"}]}"#).is_err() {
        // Some systems have no such names.
        return;
    }
    let named = [odd(b"--config-path"), path.as_os_str()];
    let said = run(&environment, &["configure", "get", "region"], &named);
    assert_eq!((said.code, said.stdout.as_str()), (0, "r\n"), "{}", said.stderr);
    let joined = OsString::from_iter([odd(b"--config-path="), path.as_os_str()]);
    let set = ["configure", "set", "--access-key-id=i", "--access-key-secret=s", "--region=x"];
    assert_eq!(run(&environment, &set, &[&joined]).code, 0);
    assert!(fs::read_to_string(&path).unwrap().contains("\"region_id\": \"x\""));
    let files: Vec<PathBuf> =
        fs::read_dir(environment.home()).unwrap().map(|file| file.unwrap().path()).collect();
    let is_changed = |file: &PathBuf| file.to_str().is_some_and(|file| file.contains('\u{fffd}'));
    assert!(!files.iter().any(is_changed), "{files:?}");
}

#[test]
fn the_file_of_a_secret_is_read_at_that_very_path() {
    let environment = TestEnvironment::new();
    let path = environment.home().join(odd(b"key\xff"));
    if fs::write(&path, "s3cret\n").is_err() {
        return;
    }
    let given = OsString::from_iter([odd(b"--access-key-secret=@"), path.as_os_str()]);
    assert_eq!(
        run(&environment, &["configure", "set", "--access-key-id=i", "--region=r"], &[&given]).code,
        0
    );
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "s3cret");
}

#[test]
fn any_other_value_is_refused_by_the_name_of_its_flag_and_nothing_is_stored() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let before = environment.config();
    for (given, flag) in [
        (b"--region=a\xff" as &[u8], "--region"),
        (b"--access-key-secret=s\xff", "--access-key-secret"),
        (b"--profile=p\xff", "--profile"),
    ] {
        let said = run(&environment, &["configure", "set"], &[odd(given)]);
        let text = format!("ERROR: {flag}: the value is not UTF-8\n");
        assert_eq!((said.code, said.stdout, said.stderr), (1, String::new(), text));
    }
    let said = run(&environment, &["configure", "get"], &[odd(b"reg\xff")]);
    assert_eq!((said.code, said.stderr.as_str()), (1, "ERROR: a word is not UTF-8\n"));
    assert_eq!(environment.config(), before);
}

#[test]
fn names_of_commands_and_flags_are_shown_as_far_as_they_are_text() {
    let environment = TestEnvironment::new();
    let said = run(&environment, &["configure"], &[odd(b"s\xff")]);
    assert_eq!((said.code, said.stderr.as_str()), (2, "ERROR: 's\u{fffd}' is not a valid command\n"));
    let said = run(&environment, &["configure", "set"], &[odd(b"--regio\xff=x")]);
    let text = "ERROR: invalid flag --regio\u{fffd}, did you mean --region?\n";
    assert_eq!((said.code, said.stderr.as_str()), (2, text));
}
