//! What commands need of the program around them.

use crate::config::store::ConfigStore;
use crate::error::Result;
use crate::host::Host;
use crate::language::Language;

/// Runs something that waits for the network, on this thread.
pub(crate) fn wait<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Returns the language of help: that of the current profile, or that of the environment where no config can
/// be read.
pub(crate) fn help_language(host: &dyn Host) -> Language {
    let config = ConfigStore::open(host).and_then(|store| store.without_saving().load());
    config.map_or_else(|_| Language::of(host), |config| config.language())
}
