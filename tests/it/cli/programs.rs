//! Programs that this one starts: helpers, and what they are found by.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use crate::support::environment::TestEnvironment;

const OURS: &str = env!("CARGO_BIN_EXE_aliyun");
const CALL: [&str; 2] = ["sts", "GetCallerIdentity"];
const KEY: &str = r#"{"mode":"AK","access_key_id":"i","access_key_secret":"exampleSecret"}"#;
/// What a call says that has its key, since nobody answers behind this proxy.
const TRIED: &str = "cannot reach sts.aliyuncs.com";

/// Makes a profile with a helper, in an environment where the system's programs and those of `~/bin` are found.
fn environment(command: &str) -> TestEnvironment {
    let environment = TestEnvironment::new().var("HTTPS_PROXY", "http://127.0.0.1:9");
    let config = serde_json::json!({"current": "p", "meta_path": "", "profiles": [{
        "name": "p", "mode": "External", "process_command": command, "region_id": "cn-hangzhou",
        "output_format": "json", "language": "en",
    }]});
    environment.write_config(&config.to_string());
    fs::create_dir(environment.home().join("bin")).unwrap();
    symlink(OURS, environment.home().join("bin/aliyun")).unwrap();
    let path = format!("{}/bin:/usr/bin:/bin", environment.home().display());
    environment.var("PATH", &path)
}

fn program(environment: &TestEnvironment, name: &str, script: &str) -> PathBuf {
    let path = environment.home().join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_helper_in_the_folder_at_hand_is_never_found_by_its_name() {
    for front in ["", ".", "bin/..", ":", "./"] {
        let environment = environment("helper");
        program(&environment, "helper", &format!("echo '{KEY}'"));
        let path = format!("{front}:/usr/bin:/bin");
        let environment = environment.var("PATH", &path);
        let not_found = "exec: \"helper\": executable file not found in $PATH";
        environment.fails(&CALL, 1, not_found);
    }
    let environment = environment("./helper");
    program(&environment, "helper", &format!("echo '{KEY}'"));
    environment.fails(&CALL, 1, TRIED);
}

#[test]
fn a_helper_that_is_this_program_for_the_same_profile_ends_in_an_error_at_once() {
    for command in [
        "aliyun sts GetCallerIdentity".to_owned(),
        "aliyun sts get-caller-identity --profile p --region cn-beijing".to_owned(),
        "sh -c 'aliyun sts GetCallerIdentity; true'".to_owned(),
        "env -u COLUMNS sh -c \"sh -c 'exec aliyun sts GetCallerIdentity'; exit 1\"".to_owned(),
        format!("{OURS} sts GetCallerIdentity"),
    ] {
        let environment = environment(&command);
        let said = environment.fails(
            &CALL,
            1,
            "process_command runs this program for a profile that it is run for: p -> p",
        );
        assert_eq!(said.matches("p -> p").count(), 1, "{said}");
    }
}

#[test]
fn a_mark_of_a_process_that_is_gone_stops_no_helper() {
    let environment = environment("./helper");
    let noting = format!("echo \"$ALIYUN_CONFIGURE_HELPERS\" > mark; echo '{KEY}'");
    program(&environment, "helper", &noting);
    environment.fails(&CALL, 1, TRIED);
    let mark = fs::read_to_string(environment.home().join("mark")).unwrap();
    assert!(mark.contains(':'), "{mark}");
    let environment = environment.var("ALIYUN_CONFIGURE_HELPERS", mark.trim());
    environment.fails(&CALL, 1, TRIED);
}

#[test]
fn a_helper_that_leaves_somebody_with_its_output_open_is_not_waited_for() {
    let environment = environment("./helper");
    program(&environment, "helper", &format!("echo '{KEY}'\nsleep 600 2>/dev/null &\necho $! > sleeper"));
    environment.fails(&CALL, 1, TRIED);
    let sleeper = fs::read_to_string(environment.home().join("sleeper")).unwrap();
    let sleeper = rustix::process::Pid::from_raw(sleeper.trim().parse().unwrap()).unwrap();
    rustix::process::kill_process(sleeper, rustix::process::Signal::KILL).unwrap();
}
