//! The program under strace.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::support::environment::TestEnvironment;
use crate::support::skip::skip;

/// Tells whether programs can be traced here.
pub(crate) fn can_trace(test: &str) -> bool {
    match Command::new("strace").args(["-o", "/dev/null", "true"]).output() {
        Ok(output) if output.status.success() => return true,
        Ok(output) => skip(test, String::from_utf8_lossy(&output.stderr).trim()),
        Err(error) => skip(test, &format!("strace: {error}")),
    }
    false
}

/// Gives where the calls of a traced program are written.
pub(crate) fn trace(environment: &TestEnvironment) -> PathBuf {
    environment.home().join("trace")
}

/// Runs the program under strace.
pub(crate) fn traced(environment: &TestEnvironment, options: &[&str], arguments: &[&str]) -> Output {
    let mut command = Command::new("strace");
    command.args(["-f", "-q", "-o"]).arg(trace(environment)).args(options);
    command.arg(env!("CARGO_BIN_EXE_aliyun")).args(arguments).stdin(Stdio::null());
    command
        .env_clear()
        .envs(environment.variables())
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .output()
        .unwrap()
}
