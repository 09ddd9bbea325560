//! What commands need of the program around them.

use std::io;

use crate::config::store::ConfigStore;
use crate::error::Result;
use crate::host::Host;
use crate::language::Language;

/// Runs something that waits for the network, on this thread.
pub(crate) fn wait<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    check_descriptors()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Finds out whether there are descriptors for a runtime, which panics where it lacks some.
fn check_descriptors() -> Result<()> {
    const PIPES: usize = 4;
    let pipes: io::Result<Vec<_>> = (0..PIPES).map(|_| io::pipe()).collect();
    let failed = |error: io::Error| {
        let needed = 2 * PIPES;
        io::Error::new(
            error.kind(),
            format!("{error}: a call needs {needed} more open files (see `ulimit -n`)"),
        )
    };
    Ok(pipes.map(drop).map_err(failed)?)
}

/// Returns the language of help: that of the current profile, or that of the environment where no config can
/// be read.
pub(crate) fn help_language(host: &dyn Host) -> Language {
    let config = ConfigStore::open(host).and_then(|store| store.without_saving().load());
    config.map_or_else(|_| Language::of(host), |config| config.language())
}
