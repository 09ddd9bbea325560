//! Running a credential helper.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{ChildStdout, Command};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::HelperOutput;
use super::search::{not_found, resolve};
use crate::error::{Error, HelperFailure, Result};
use crate::race::first;
use crate::secret::SecretBuffer;

/// The most that a helper may print, in bytes.
const OUTPUT_LIMIT: usize = 1 << 20;
/// How long to keep reading after a helper has ended, where a process it started still holds its output open.
const DRAIN: Duration = Duration::from_millis(200);

/// Runs a helper, found on this search path, with one more variable in its environment.
pub(super) async fn run(
    path: Option<String>,
    words: &[String],
    variable: (&str, &str),
) -> Result<HelperOutput> {
    let [program, arguments @ ..] = words else {
        return Err(Error::invalid("no program to run"));
    };
    let failed = |failure| Error::HelperFailed { program: program.clone(), failure };
    let not_started = |error: io::Error| failed(start_failure(program, &error));
    let unusable = |what: &str| failed(HelperFailure::UnusableOutput(format!("{program} printed {what}")));
    let path = resolve(path, program.as_ref()).map_err(not_started)?;
    let mut child = command(&path, program)
        .args(arguments)
        .env(variable.0, variable.1)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(not_started)?;
    let mut pipe = child.stdout.take();
    let mut output = SecretBuffer::default();
    let reading = async { read(&mut pipe, &mut output).await.map(|()| None) };
    let ended = first(reading, async { child.wait().await.map(Some) }).await.map_err(not_started)?;
    if ended.is_some() {
        // All it printed is in the pipe by now; a process that it started may hold the pipe open for ever.
        let _ = timeout(DRAIN, read(&mut pipe, &mut output)).await;
    }
    if output.len() > OUTPUT_LIMIT {
        return Err(unusable("more than 1 MiB and was stopped"));
    }
    let status = match ended {
        Some(status) => status,
        None => child.wait().await.map_err(not_started)?,
    };
    let stdout = output.into_text().ok_or_else(|| unusable("something that is not UTF-8"))?;
    Ok(HelperOutput { stdout, failure: failure(status) })
}

/// Returns a command whose program sees the name that it was called by.
#[cfg(unix)]
fn command(path: &Path, name: &str) -> Command {
    let mut command = Command::new(path);
    command.arg0(name);
    command
}

/// Returns a command whose program sees its own path, since Windows knows no other name.
#[cfg(not(unix))]
fn command(path: &Path, _: &str) -> Command {
    Command::new(path)
}

/// Reads to the end of a pipe, or until a helper has printed more than it may.
async fn read(pipe: &mut Option<ChildStdout>, output: &mut SecretBuffer) -> io::Result<()> {
    let Some(pipe) = pipe else { return Ok(()) };
    let mut piece = Zeroizing::new([0; 4096]);
    while output.len() <= OUTPUT_LIMIT {
        match pipe.read(&mut *piece).await? {
            0 => break,
            length => output.extend(piece.get(..length).unwrap_or_default()),
        }
    }
    Ok(())
}

/// Words a failure to start as the reference does (wire, section 1.5).
fn start_failure(program: &str, error: &io::Error) -> HelperFailure {
    HelperFailure::NotStarted(match error.kind() {
        io::ErrorKind::NotFound if !program.contains('/') => not_found(program),
        io::ErrorKind::NotFound => format!("fork/exec {program}: no such file or directory"),
        io::ErrorKind::PermissionDenied => format!("fork/exec {program}: permission denied"),
        _ => format!("fork/exec {program}: {error}"),
    })
}

fn failure(status: ExitStatus) -> Option<HelperFailure> {
    match status.code() {
        Some(0) => None,
        Some(code) => Some(HelperFailure::Exited(code)),
        None => Some(HelperFailure::Signalled(signal(status))),
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.signal().unwrap_or_default()
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> i32 {
    // On systems without signals every process ends with a code.
    0
}
