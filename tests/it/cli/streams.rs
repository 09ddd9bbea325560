use std::process::{Command, Stdio};

use crate::support::environment::TestEnvironment;

/// Makes a plain command, whose streams can be anything.
fn command(environment: &TestEnvironment, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aliyun"));
    command.env_clear().envs(environment.variables()).args(arguments);
    command
}

#[test]
fn a_reader_that_leaves_early_is_no_cause_for_words() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let mut child = command(&environment, &["configure", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_without_room_is_an_error() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(&environment, &["configure", "list"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("ERROR: "));
}

#[test]
fn similar_commands_are_named_on_standard_output() {
    let environment = TestEnvironment::new();
    let run = environment.run(&["configure", "lst"]);
    assert_eq!(run.stderr, "ERROR: 'lst' is not a valid command\n");
    assert_eq!((run.code, run.stdout.as_str()), (2, "\nDid you mean:\n  list\n"));
}
