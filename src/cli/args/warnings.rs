//! What is said of files before they are read: that others can read or replace the config file, and what of the
//! older files is not understood.

use std::path::Path;

use crate::config::store::ConfigStore;
use crate::error::Result;
use crate::host::{Host, Stream};
use crate::shell::quoted;
use crate::storage::lock;
use crate::storage::ownership::{replaceable_by_others, usable_by_others};

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

fn warnings(config: &Path) -> Vec<String> {
    let usable = usable_by_others(config).map(|permissions| {
        let config = config.display();
        format!(
            "WARNING: {config} has mode {permissions:04o}, so that others can use the keys in it; the next change to it makes that 0600\n"
        )
    });
    let replaceable = replaceable_by_others(config).map(|(folder, permissions)| {
        let word = quoted(&folder.to_string_lossy()).into_owned();
        let folder = folder.display();
        format!(
            "WARNING: {folder} has mode {permissions:04o}, so that others can replace the config file; mend that with: chmod go-w {word}\n"
        )
    });
    usable.into_iter().chain(replaceable).collect()
}
