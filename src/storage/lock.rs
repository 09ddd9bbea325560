//! Advisory locks: whoever changes a file holds one on a file beside it and one on the file itself.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{lock_owner, paths};
use crate::error::{Error, Result};

/// How long a writer waits for the lock of another one.
const TIMEOUT: Duration = Duration::from_secs(10);
const RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// The exclusive right to change a file, until dropped.
///
/// Programs of this project hold the lock on a file beside it, which is never replaced. Others lock the file
/// itself, so that one is locked too where it is there.
#[derive(Debug)]
pub(super) struct WriteLock {
    _beside: File,
    _target: Option<File>,
}

impl WriteLock {
    /// Waits up to 10 seconds for the right to change a file; its folder must be there.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] where another program holds the right for longer, [`Error::Storage`] where the system
    /// refuses it.
    pub(super) fn acquire(target: &Path) -> Result<Self> {
        // One deadline for both locks, so that the limit is that of the whole wait.
        let deadline = Instant::now() + TIMEOUT;
        let beside = open_beside(target, "lock")?;
        wait_for(&beside, deadline, target)?;
        Ok(Self { _beside: beside, _target: lock_target(target, deadline)? })
    }
}

/// Locks the neighbour `NAME.SUFFIX` of a file; `None` while another program holds that lock.
pub(super) fn try_lock_beside(target: &Path, suffix: &str) -> Result<Option<File>> {
    let file = open_beside(target, suffix)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(paths::write_error(target)(source)),
    }
}

/// Opens a lock file, which is made with mode 0600. It stays when the lock is dropped: if it were removed, a
/// third program could lock a new one while a second still waits for the old one.
fn open_beside(target: &Path, suffix: &str) -> Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock_file =
        options.read(true).write(true).create(true).truncate(false).open(paths::beside(target, suffix));
    lock_file.map_err(paths::write_error(target))
}

/// Locks the file itself, where it is there and can be opened.
///
/// A file that was replaced during the wait is not the one to hold, so the lock is taken on the new one.
#[cfg(unix)]
fn lock_target(target: &Path, deadline: Instant) -> Result<Option<File>> {
    loop {
        let Ok(file) = File::open(target) else {
            return Ok(None);
        };
        wait_for(&file, deadline, target)?;
        let is_current = match (file.metadata(), std::fs::metadata(target)) {
            (Ok(locked), Ok(current)) => paths::is_same_inode(&locked, &current),
            _ => true,
        };
        if is_current {
            return Ok(Some(file));
        }
    }
}

/// Locks nothing: here a lock would keep this very program from reading the file.
#[cfg(not(unix))]
fn lock_target(_: &Path, _: Instant) -> Result<Option<File>> {
    Ok(None)
}

fn wait_for(file: &File, deadline: Instant, target: &Path) -> Result<()> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => sleep(RETRY_INTERVAL),
            Err(TryLockError::WouldBlock) => {
                let (path, seconds) = (target.to_owned(), TIMEOUT.as_secs());
                return Err(Error::Locked { path, owner: lock_owner::of(file), seconds });
            }
            Err(TryLockError::Error(source)) => return Err(paths::write_error(target)(source)),
        }
    }
}
