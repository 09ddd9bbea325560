//! Mount namespaces, in which folders and files refuse root as well.

use std::process::{Command, Output};

use crate::support::environment::TestEnvironment;
use crate::support::skip::skip;

/// Runs a script in a mount namespace, in which `$1` is the binary and the folder of the config the working
/// folder; `None`, with the reason said, where none can be made.
pub(crate) fn in_namespace(test: &str, environment: &TestEnvironment, script: &str) -> Option<Output> {
    let unshare = |script: &str| {
        let root = rustix::process::geteuid().is_root();
        let mut command = Command::new("unshare");
        command.arg(if root { "-m" } else { "-Urm" });
        command.args(["sh", "-euc", &format!("mount --make-rprivate /\n{script}"), "sh"]);
        command.arg(env!("CARGO_BIN_EXE_aliyun")).env("HOME", environment.home());
        command.env("LC_ALL", "C").current_dir(environment.home().join(".aliyun")).output()
    };
    match unshare("mount -t tmpfs tmpfs .") {
        Ok(probe) if probe.status.success() => Some(unshare(script).unwrap()),
        Ok(probe) => {
            skip(test, String::from_utf8_lossy(&probe.stderr).trim());
            None
        }
        Err(error) => {
            skip(test, &error.to_string());
            None
        }
    }
}

/// Returns what was said on standard error.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
