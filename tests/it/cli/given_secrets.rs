//! Secrets that a flag names instead of holding them.

use std::fs;

use crate::support::environment::TestEnvironment;

#[test]
fn a_dash_reads_the_secret_from_a_line_of_standard_input() {
    let environment = TestEnvironment::new();
    let arguments = ["configure", "set", "--access-key-id", "i", "--access-key-secret", "-", "--region", "r"];
    let run = environment.run_with(&arguments, "fromInput\r\nnot read\n");
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "fromInput");
}

#[test]
fn several_dashes_take_a_line_each_in_the_order_of_the_help() {
    let environment = TestEnvironment::new();
    let flags = ["--mode", "StsToken", "--sts-token=-", "--access-key-secret=-", "--access-key-id", "i"];
    let arguments = [&["configure", "set", "--region", "r"], flags.as_slice()].concat();
    assert_eq!(environment.run_with(&arguments, "secret\ntoken").code, 0);
    let profile = &environment.json()["profiles"][0];
    assert_eq!((&profile["access_key_secret"], &profile["sts_token"]), (&"secret".into(), &"token".into()));
}

#[test]
fn an_at_sign_reads_the_secret_from_a_file_but_not_the_end_of_its_last_line() {
    let environment = TestEnvironment::new();
    let file = environment.home().join("key.pem");
    fs::write(&file, "-----BEGIN\nkey\n-----END\r\n").unwrap();
    let given = format!("@{}", file.display());
    let flags = ["--mode", "RsaKeyPair", "--private-key", &given, "--key-pair-name", "k", "--region", "r"];
    environment.succeeds(&[&["configure", "set"], flags.as_slice()].concat());
    assert_eq!(environment.json()["profiles"][0]["private_key"], "-----BEGIN\nkey\n-----END");
}

#[test]
fn other_flags_take_a_dash_or_an_at_sign_as_it_is() {
    let environment = TestEnvironment::new();
    let flags = ["--access-key-id", "@id", "--access-key-secret", "s", "--region=-"];
    environment.succeeds(&[&["configure", "set"], flags.as_slice()].concat());
    let profile = &environment.json()["profiles"][0];
    assert_eq!((&profile["access_key_id"], &profile["region_id"]), (&"@id".into(), &"-".into()));
}

#[test]
fn what_cannot_be_read_is_an_error_that_names_the_flag_and_nothing_is_written() {
    let environment = TestEnvironment::new();
    let missing = environment.home().join("missing");
    let given = format!("@{}", missing.display());
    let arguments = ["configure", "set", "--region", "r", "--access-key-id", "i", "--access-key-secret"];
    let stderr = environment.fails(&[&arguments[..], &[&given]].concat(), 1, "--access-key-secret");
    assert!(stderr.contains(&*missing.to_string_lossy()), "{stderr}");
    let run = environment.run_with(&[&arguments[..], &["-"]].concat(), "");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("input ended at the question \"--access-key-secret\""), "{}", run.stderr);
    assert!(!environment.config_path().exists());
}
