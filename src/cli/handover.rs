//! Calls that are none of this program's, handed over to another `aliyun`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::host::{Host, Launch};
use crate::secret::Secret;
use crate::storage::paths::is_same_file;

/// The name under which the other program is searched for.
const NAME: &str = "aliyun";
/// The variable that names the other program.
const OTHER_VARIABLE: &str = "ALIYUN_CLI";
/// The variable with a mark for each time that a call was handed over, wherever the other program leads.
const CALLS_VARIABLE: &str = "ALIYUN_CONFIGURE_HANDED_OVER";
/// How often that may be; the other program may well call this one, for credentials or from a plugin.
const MOST: usize = 8;

/// Hands the whole call over, with its arguments and streams, and returns the exit code; `None` where there is
/// nobody to hand it to.
pub(super) fn try_to(arguments: Vec<OsString>, host: &dyn Host) -> Result<Option<u8>> {
    let Some(other) = other(host)? else {
        return Ok(None);
    };
    if host.trail(CALLS_VARIABLE).len() >= MOST {
        return Err(Error::usage(format!(
            "the call was handed over {MOST} times and came back: {OTHER_VARIABLE} or PATH lead from {} to this program again",
            other.display()
        )));
    }
    let mark = host.trail_with(CALLS_VARIABLE, "call");
    let launch = Launch {
        program: other.clone(),
        name: other.clone().into_os_string(),
        arguments,
        environment: vec![(CALLS_VARIABLE.to_owned(), Some(Secret::new(mark)))],
    };
    let handed_over = host.hand_over(&launch).map(Some);
    handed_over.map_err(|error| cannot_run(&other.display().to_string(), &error))
}

/// Finds the other program: the one that the environment names, else the next on the search path.
fn other(host: &dyn Host) -> Result<Option<PathBuf>> {
    // Without its own path this program could not tell another one from itself.
    let Some(own) = host.program() else {
        return Ok(None);
    };
    if let Some(named) = host.var(OTHER_VARIABLE) {
        return named_program(host, &named, &own).map(Some);
    }
    let mut found = host.search(NAME);
    if let Some(at) = found.iter().position(|path| is_same_file(path, &own)) {
        found.drain(..=at);
    }
    Ok(found.into_iter().find(|path| !is_same_file(path, &own)))
}

fn named_program(host: &dyn Host, named: &str, own: &Path) -> Result<PathBuf> {
    let path = host.resolve(named).map_err(|error| cannot_run(named, &error))?;
    if is_same_file(&path, own) {
        return Err(Error::usage(format!("{OTHER_VARIABLE} names this very program: {}", path.display())));
    }
    Ok(path)
}

fn cannot_run(program: &str, error: &std::io::Error) -> Error {
    Error::InvalidInput(format!("cannot run {program}: {error}"))
}
