//! What commands need of the program around them.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::config::store::ConfigStore;
use crate::error::Result;
use crate::host::{Host, Stream};
use crate::language::Language;
use crate::waiting;

/// Runs something that waits for the network, on this thread.
pub(crate) fn wait<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    check_descriptors()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Runs a command, and tells somebody at a terminal what it has been waiting for longer than a second.
pub(crate) fn telling<T>(host: &dyn Host, run: impl FnOnce() -> T) -> T {
    const LONG: Duration = Duration::from_secs(1);
    const INTERVAL: Duration = Duration::from_millis(200);
    if !host.is_terminal(Stream::Stderr) {
        return run();
    }
    thread::scope(|scope| {
        let (running, ended) = mpsc::channel::<()>();
        let tell = move || {
            while ended.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                for what in waiting::longer_than(LONG) {
                    let _ = host.write(Stream::Stderr, &format!("Waiting for {what} ...\n"));
                }
            }
        };
        // Where no thread can be made, nobody is told.
        let _ = thread::Builder::new().spawn_scoped(scope, tell);
        let result = run();
        drop(running);
        result
    })
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
