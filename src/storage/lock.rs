//! Advisory locks: whoever changes a file holds one on a file beside it and one on the file itself.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{lock_owner, ownership, paths};
use crate::error::{Error, Result};
use crate::waiting::Waiting;

/// How long a writer waits for the lock of another one.
const TIMEOUT: Duration = Duration::from_secs(10);
const RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// The first file of this process that could not be locked, and why.
static UNLOCKABLE: OnceLock<(PathBuf, io::Error)> = OnceLock::new();

/// The exclusive right to change a file, until dropped.
///
/// Programs of this project hold the lock on a file beside it, which is never replaced. Others lock the file
/// itself, so that one is locked too where it is there (behaviour, section 6).
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
        let mut waiting = None;
        loop {
            let owner = match Self::attempt(target)? {
                Ok(lock) => return Ok(lock),
                Err(owner) => owner,
            };
            if Instant::now() >= deadline {
                let (path, seconds) = (target.to_owned(), TIMEOUT.as_secs());
                return Err(Error::Locked { path, owner: lock_owner::of(&owner), seconds });
            }
            waiting.get_or_insert_with(|| {
                let owner = lock_owner::of(&owner);
                let owner = owner.as_deref().unwrap_or("another program");
                Waiting::begin(format!("{}, which {owner} has locked", target.display()))
            });
            sleep(RETRY_INTERVAL);
        }
    }

    /// Takes the right to change a file; `None` while another program holds it.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where the system refuses it.
    pub(super) fn try_acquire(target: &Path) -> Result<Option<Self>> {
        Ok(Self::attempt(target)?.ok())
    }

    /// Takes both locks, or returns the file that another program has locked. It is opened anew by each attempt,
    /// since a file that was replaced meanwhile is not the one to lock.
    fn attempt(target: &Path) -> Result<std::result::Result<Self, File>> {
        let beside = open_beside(target, "lock")?;
        if !try_lock(&beside, &paths::beside(target, "lock")).map_err(paths::write_error(target))? {
            return Ok(Err(beside));
        }
        let Some(file) = open_target(target) else {
            return Ok(Ok(Self { _beside: beside, _target: None }));
        };
        match try_lock(&file, target).map_err(paths::write_error(target))? {
            true => Ok(Ok(Self { _beside: beside, _target: Some(file) })),
            false => Ok(Err(file)),
        }
    }
}

/// Locks the neighbour `NAME.SUFFIX` of a file; `None` while another program holds that lock.
pub(super) fn try_lock_beside(target: &Path, suffix: &str) -> Result<Option<File>> {
    let file = open_beside(target, suffix)?;
    let is_locked = try_lock(&file, &paths::beside(target, suffix)).map_err(paths::write_error(target))?;
    Ok(is_locked.then_some(file))
}

/// Returns the first file that could not be locked by `flock`, and why, if there was one.
#[cfg(feature = "cli")]
pub(crate) fn unlockable() -> Option<(&'static Path, &'static io::Error)> {
    UNLOCKABLE.get().map(|(path, why)| (path.as_path(), why))
}

/// Opens a lock file, which is made with mode 0600. It stays when the lock is dropped: if it were removed, a
/// third program could lock a new one while a second still waits for the old one.
fn open_beside(target: &Path, suffix: &str) -> Result<File> {
    let path = paths::beside(target, suffix);
    match paths::open_regular(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        opened => return opened.map_err(paths::write_error(&path)),
    }
    let created = paths::regular_options().create_new(true).open(&path);
    match created {
        // Another program has made it at this moment.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            paths::open_regular(&path).map_err(paths::write_error(&path))
        }
        created => created
            .and_then(|file| ownership::make_private(&file, target).map(|()| file))
            .map_err(paths::write_error(target)),
    }
}

/// Opens the file itself, where it is there and can be opened.
#[cfg(unix)]
fn open_target(target: &Path) -> Option<File> {
    paths::open_regular(target).or_else(|_| File::open(target)).ok()
}

/// Opens nothing: here a lock would keep this very program from reading the file.
#[cfg(not(unix))]
fn open_target(_: &Path) -> Option<File> {
    None
}

/// Takes each kind of lock that other programs use, and tells whether this program has them all now, on the file
/// that stands at the path. A kind that the file system does not know stops no write.
fn try_lock(file: &File, path: &Path) -> io::Result<bool> {
    let flock = outcome_of(flock(file))?;
    if let Outcome::Unsupported(error) = flock {
        let _ = UNLOCKABLE.set((path.to_owned(), error));
    } else if matches!(flock, Outcome::Busy) {
        return Ok(false);
    }
    let is_busy = matches!(outcome_of(record_lock(file))?, Outcome::Busy);
    Ok(!is_busy && is_at(file, path))
}

/// What came of the attempt to take one kind of lock.
enum Outcome {
    Taken,
    Busy,
    Unsupported(io::Error),
}

fn outcome_of(attempt: io::Result<()>) -> io::Result<Outcome> {
    use io::ErrorKind::{Interrupted, WouldBlock};
    match attempt {
        Ok(()) => Ok(Outcome::Taken),
        Err(error) if matches!(error.kind(), Interrupted | WouldBlock) => Ok(Outcome::Busy),
        Err(error) if is_unsupported(&error) => Ok(Outcome::Unsupported(error)),
        Err(error) => Err(error),
    }
}

/// Takes the lock that Go and Python know.
fn flock(file: &File) -> io::Result<()> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
        TryLockError::Error(error) => error,
    })
}

/// Takes the lock that Java knows. It belongs to the open file: one of the process would end as soon as any part of
/// this program closes the same file.
#[cfg(target_os = "linux")]
fn record_lock(file: &File) -> io::Result<()> {
    use nix::fcntl::{FcntlArg, fcntl};
    use nix::libc;
    let whole_file = libc::flock {
        l_type: libc::F_WRLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(file, FcntlArg::F_OFD_SETLK(&whole_file))?;
    Ok(())
}

/// Takes no lock, where none belongs to an open file.
#[cfg(not(target_os = "linux"))]
fn record_lock(_: &File) -> io::Result<()> {
    Ok(())
}

/// Tells whether a file cannot be locked in this way at all: the system or the file system does not know how, or it
/// is open for reading alone.
#[cfg(unix)]
fn is_unsupported(error: &io::Error) -> bool {
    use rustix::io::Errno;
    const CODES: [Errno; 5] = [Errno::NOLCK, Errno::OPNOTSUPP, Errno::NOSYS, Errno::INVAL, Errno::BADF];
    Errno::from_io_error(error).is_some_and(|code| CODES.contains(&code))
}

#[cfg(not(unix))]
fn is_unsupported(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported
}

/// Tells whether a file is the one at a path: not one that was removed or replaced while this program waited.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), std::fs::symlink_metadata(path)) {
        (Ok(locked), Ok(current)) => paths::is_same_inode(&locked, &current),
        (Ok(_), Err(error)) => error.kind() != io::ErrorKind::NotFound,
        (Err(_), _) => true,
    }
}

/// Takes it to be so, where a file that is open is neither removed nor replaced.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}
