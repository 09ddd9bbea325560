//! What is said of files before they are read: that others can read or replace the config file, and what of the
//! older files is not understood.

use std::path::Path;

use crate::config::store::ConfigStore;
use crate::error::Result;
use crate::host::{Host, Stream};
#[cfg(unix)]
use crate::shell::quoted;
use crate::storage::lock;

/// Says on standard error, where that is a terminal, that others can read the config file or write to its
/// folder, and which lines of the older files are passed over.
pub(crate) fn point_out(host: &dyn Host, store: &ConfigStore) -> Result<()> {
    if host.is_terminal(Stream::Stderr) {
        let passed_over = store.skipped_lines().into_iter().map(|(file, line)| {
            format!("WARNING: {}: line {line} is not understood and passed over\n", file.display())
        });
        for warning in warnings(store.path()).into_iter().chain(passed_over) {
            host.write(Stream::Stderr, &warning)?;
        }
    }
    Ok(())
}

/// Says on standard error, where that is a terminal, that a file was written without the lock that others respect.
pub(crate) fn point_out_missing_locks(host: &dyn Host) {
    if let Some((path, why)) = lock::unlockable().filter(|_| host.is_terminal(Stream::Stderr)) {
        let path = path.display();
        // Where standard error is closed nobody can be told.
        let _ = host.write(
            Stream::Stderr,
            &format!("WARNING: {path} cannot be locked ({why}), so that a change that another program makes at the same moment may be lost\n"),
        );
    }
}

#[cfg(unix)]
fn warnings(config: &Path) -> Vec<String> {
    const OTHERS: u32 = 0o077;
    const OTHERS_WRITE: u32 = 0o022;
    let mut warnings = Vec::new();
    if let Some(mode) = mode_of(config).filter(|mode| mode & OTHERS != 0) {
        let config = config.display();
        warnings.push(format!(
            "WARNING: {config} has mode {mode:04o}, so that others can use the keys in it; the next change to it makes that 0600\n"
        ));
    }
    let folder = config.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Some(mode) = mode_of(folder).filter(|mode| mode & OTHERS_WRITE != 0) {
        let path = folder.to_string_lossy();
        let word = quoted(&path);
        let folder = folder.display();
        warnings.push(format!(
            "WARNING: {folder} has mode {mode:04o}, so that others can replace the config file; mend that with: chmod go-w {word}\n"
        ));
    }
    warnings
}

/// Returns the permissions of a file or folder that is there.
#[cfg(unix)]
pub(crate) fn mode_of(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o7777)
}

/// Finds nothing, where files have no modes.
#[cfg(not(unix))]
fn warnings(_: &Path) -> Vec<String> {
    Vec::new()
}

/// Returns none, where files have no modes.
#[cfg(not(unix))]
pub(crate) fn mode_of(_: &Path) -> Option<u32> {
    None
}
