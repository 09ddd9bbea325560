//! Calls that are none of this program's, handed over to another `aliyun`.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::host::Host;
use crate::storage::paths::is_same_file;

/// The name under which the other program is searched for.
const NAME: &str = "aliyun";
/// The variable that names the other program.
const OTHER_VARIABLE: &str = "ALIYUN_CLI";
/// The variable that counts how often a call was handed over, wherever the other program leads.
const COUNT_VARIABLE: &str = "ALIYUN_CONFIGURE_HANDED_OVER";
/// How often that may be; the other program may well call this one, for credentials or from a plugin.
const MOST: u32 = 8;

/// Hands the whole call over, with its arguments and streams, and gives the exit code; `None` where there is
/// nobody to hand it to.
pub(super) fn try_to(host: &dyn Host) -> Result<Option<u8>> {
    let Some(other) = other(host)? else {
        return Ok(None);
    };
    let count = host.var(COUNT_VARIABLE).and_then(|count| count.parse().ok()).unwrap_or(0_u32) + 1;
    if count > MOST {
        return Err(usage(format!(
            "the call was handed over {MOST} times and came back: {OTHER_VARIABLE} or PATH lead from {} to this program again",
            other.display()
        )));
    }
    host.hand_over(&other, (COUNT_VARIABLE, &count.to_string()))
        .map(Some)
        .map_err(|error| Error::Answer(format!("cannot run {}: {error}", other.display())))
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
    let is_path = named.contains(std::path::is_separator);
    let found = if is_path { None } else { host.search(named).into_iter().next() };
    let path = found.unwrap_or_else(|| PathBuf::from(named));
    if is_same_file(&path, own) {
        return Err(usage(format!("{OTHER_VARIABLE} names this very program: {}", path.display())));
    }
    Ok(path)
}

fn usage(text: String) -> Error {
    Error::Usage { text, similar: Vec::new() }
}
