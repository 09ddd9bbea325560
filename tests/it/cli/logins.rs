//! Logins that wait for a browser which nobody opens.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::environment::TestEnvironment;

const OURS: &str = env!("CARGO_BIN_EXE_aliyun");
const LOGIN: &str = "configure --mode OAuth --oauth-site-type CN --profile p";

/// Starts a shell script that logs in, and waits until it shows where.
fn start(environment: &TestEnvironment, script: &str) -> Child {
    let mut login = Command::new("/bin/sh")
        .args(["-c", script])
        .env_clear()
        .envs(environment.variables())
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("BROWSER", "true")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let shown = BufReader::new(login.stdout.as_mut().unwrap()).lines();
    assert!(shown.map_while(std::result::Result::ok).any(|line| line.contains("in the browser")));
    login
}

/// Interrupts a process until the login ends.
fn interrupt(login: &mut Child, process: Pid) -> ExitStatus {
    loop {
        if let Some(status) = login.try_wait().unwrap() {
            return status;
        }
        // It may have ended by now.
        let _ = kill_process(process, Signal::INT);
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_interrupt_ends_a_login_that_was_started_with_interrupts_ignored() {
    let environment = TestEnvironment::new();
    let mut login = start(&environment, &format!("trap '' INT; exec {OURS} {LOGIN}"));
    let process = Pid::from_child(&login);
    assert!(!interrupt(&mut login, process).success());
    assert!(!environment.config_path().exists());
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_a_login_that_is_the_first_process_of_a_container() {
    let environment = TestEnvironment::new();
    let own = if rustix::process::geteuid().is_root() { "" } else { "--user --map-root-user" };
    let script = format!("exec unshare {own} --pid --fork --kill-child {OURS} {LOGIN}");
    let mut login = start(&environment, &script);
    let children = format!("/proc/{0}/task/{0}/children", login.id());
    let first = fs::read_to_string(children).unwrap().trim().parse().unwrap();
    assert!(!interrupt(&mut login, Pid::from_raw(first).unwrap()).success());
    assert!(!environment.config_path().exists());
}
