//! What this process waits for at the moment, so that somebody can be told.

use std::sync::{Mutex, PoisonError};
#[cfg(feature = "cli")]
use std::time::Duration;
use std::time::Instant;

/// What is being waited for, oldest first.
static WAITS: Mutex<Vec<Wait>> = Mutex::new(Vec::new());

#[derive(Debug)]
struct Wait {
    number: u64,
    since: Instant,
    what: String,
    is_told: bool,
}

/// A wait that lasts as long as this value.
#[derive(Debug)]
pub(crate) struct Waiting(u64);

impl Waiting {
    /// Begins to wait for something that words such as `sts.aliyuncs.com` name.
    pub(crate) fn begin(what: impl Into<String>) -> Self {
        with(|waits| {
            let number = waits.last().map_or(0, |last| last.number + 1);
            waits.push(Wait { number, since: Instant::now(), what: what.into(), is_told: false });
            Self(number)
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        with(|waits| waits.retain(|wait| wait.number != self.0));
    }
}

/// Returns what has been waited for at least this long and was not returned before.
#[cfg(feature = "cli")]
pub(crate) fn longer_than(least: Duration) -> Vec<String> {
    with(|waits| {
        let long = waits.iter_mut().filter(|wait| !wait.is_told && wait.since.elapsed() >= least);
        long.map(|wait| {
            wait.is_told = true;
            wait.what.clone()
        })
        .collect()
    })
}

fn with<T>(act: impl FnOnce(&mut Vec<Wait>) -> T) -> T {
    act(&mut WAITS.lock().unwrap_or_else(PoisonError::into_inner))
}
