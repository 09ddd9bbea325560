//! What the file survives: many writers, a lock held elsewhere, SIGKILL at any moment.

#![cfg(unix)]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::environment::TestEnvironment;

fn set(environment: &TestEnvironment, name: &str, secret: &str) -> Child {
    let flags = ["--profile", name, "--access-key-id", "i", "--access-key-secret", secret, "--region", "r"];
    Command::new(env!("CARGO_BIN_EXE_aliyun"))
        .env_clear()
        .envs(environment.variables())
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
#[expect(clippy::print_stderr, reason = "whoever runs the tests should know where this one sees nothing")]
fn a_crash_dumps_no_memory() {
    let environment = TestEnvironment::new();
    let dumps = |program: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -c unlimited; exec \"$0\" configure", program]);
        shell.current_dir(environment.home()).env_clear().envs(environment.variables());
        let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        // A first byte tells that the program is past its start: `configure` of the one, the echo of the other.
        child.stdin.as_mut().unwrap().write_all(b"x\n").unwrap();
        child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        kill_process(Pid::from_child(&child), Signal::ABORT).unwrap();
        child.wait().unwrap().core_dumped()
    };
    let echo = environment.home().join("echo");
    fs::write(&echo, "#!/bin/sh\nexec cat\n").unwrap();
    fs::set_permissions(&echo, fs::Permissions::from_mode(0o700)).unwrap();
    if !dumps(echo.to_str().unwrap()) {
        eprintln!("this system dumps no memory at all, so that nothing can be seen here");
    }
    assert!(!dumps(env!("CARGO_BIN_EXE_aliyun")));
}

#[test]
fn what_a_crash_left_behind_is_removed_by_the_next_writer() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let left = environment.home().join(".aliyun/config.json.new");
    fs::write(&left, "half a secr").unwrap();
    environment.succeeds(&["configure", "switch", "--profile", "default"]);
    assert!(!left.exists());
}
