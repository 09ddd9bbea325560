//! Running a credential helper.

use std::io;
use std::process::{ExitStatus, Stdio};

use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::HelperOutput;
use super::search::not_found;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// The most that a helper may print, in bytes.
const OUTPUT_LIMIT: u64 = 1 << 20;

pub(super) async fn run(words: &[String]) -> Result<HelperOutput> {
    let [program, arguments @ ..] = words else {
        return Err(Error::credentials("no program to run"));
    };
    let failed = |error: io::Error| start_error(program, &error);
    let mut child = Command::new(program)
        .args(arguments)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    let mut stdout = Vec::new();
    if let Some(pipe) = child.stdout.take() {
        pipe.take(OUTPUT_LIMIT + 1).read_to_end(&mut stdout).await.map_err(failed)?;
    }
    if stdout.len() as u64 > OUTPUT_LIMIT {
        return Err(Error::credentials(format!("{program} printed more than 1 MiB and was stopped")));
    }
    let status = child.wait().await.map_err(failed)?;
    let text = String::from_utf8(stdout)
        .map_err(|_| Error::credentials(format!("{program} printed something that is not UTF-8")))?;
    Ok(HelperOutput { stdout: Secret::new(text), failure: failure(status) })
}

/// Words a failure to start as the reference does (wire, section 1.5).
fn start_error(program: &str, error: &io::Error) -> Error {
    Error::credentials(match error.kind() {
        io::ErrorKind::NotFound if !program.contains('/') => not_found(program),
        io::ErrorKind::NotFound => format!("fork/exec {program}: no such file or directory"),
        io::ErrorKind::PermissionDenied => format!("fork/exec {program}: permission denied"),
        _ => format!("fork/exec {program}: {error}"),
    })
}

fn failure(status: ExitStatus) -> Option<String> {
    match status.code() {
        Some(0) => None,
        Some(code) => Some(format!("exit status {code}")),
        None => Some(ended_by_signal(status)),
    }
}

#[cfg(unix)]
fn ended_by_signal(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    status.signal().map_or_else(|| status.to_string(), |signal| format!("signal: {signal}"))
}

#[cfg(not(unix))]
fn ended_by_signal(status: ExitStatus) -> String {
    status.to_string()
}
