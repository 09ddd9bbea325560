//! What the file survives: many writers, a lock held elsewhere, SIGKILL at any moment.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::environment::TestEnvironment;

fn set(environment: &TestEnvironment, name: &str, secret: &str) -> Child {
    let flags = ["--profile", name, "--access-key-id", "i", "--access-key-secret", secret, "--region", "r"];
    Command::new(env!("CARGO_BIN_EXE_aliyun"))
        .env_clear()
        .env("HOME", environment.home())
        .args(["configure", "set"])
        .args(flags)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn every_one_of_many_writers_at_once_is_kept() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let writers: Vec<_> = (0..40).map(|number| set(&environment, &format!("p{number}"), "s")).collect();
    for writer in writers {
        assert!(writer.wait_with_output().unwrap().status.success());
    }
    assert_eq!(environment.json()["profiles"].as_array().unwrap().len(), 41);
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_file_or_the_new_one() {
    let names: Vec<_> = (0..500).map(|number| format!("p{number}")).collect();
    let environment = TestEnvironment::with_profiles(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for round in 0..40 {
        let secret = format!("s{round}");
        let before = environment.config();
        let mut writer = set(&environment, "p0", &secret);
        sleep(Duration::from_micros(250 * round));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let after = environment.config();
        if after != before {
            let json: serde_json::Value = serde_json::from_str(&after).unwrap();
            assert_eq!(json["profiles"][0]["access_key_secret"], secret);
        }
    }
    assert!(set(&environment, "p0", "last").wait().unwrap().success());
    let left: Vec<_> = fs::read_dir(environment.home().join(".aliyun"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(left.iter().all(|name| matches!(name.as_str(), "config.json" | "config.json.lock")), "{left:?}");
}

#[test]
fn a_writer_waits_for_whoever_has_locked_the_config_itself() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let other = File::open(environment.config_path()).unwrap();
    other.lock().unwrap();
    let mut writer = set(&environment, "q", "s");
    sleep(Duration::from_millis(200));
    assert!(writer.try_wait().unwrap().is_none(), "the writer did not wait");
    other.unlock().unwrap();
    assert!(writer.wait().unwrap().success());
    assert_eq!(environment.json()["current"], "q");
}

#[test]
fn what_a_crash_left_behind_is_removed_by_the_next_writer() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let left = environment.home().join(".aliyun/config.json.new");
    fs::write(&left, "half a secr").unwrap();
    environment.succeeds(&["configure", "switch", "--profile", "default"]);
    assert!(!left.exists());
}
