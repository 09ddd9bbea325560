//! Replacing a file at once: the new one is written beside it, brought to disk, and renamed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use tempfile::{NamedTempFile, PersistError};
use zeroize::Zeroizing;

use super::{in_place, lock_owner, ownership, paths};
use crate::error::Result;

/// The new file in the making. Unlike `BufWriter` it wipes its buffer, through which secrets go.
///
/// The file goes away with the value, unless it took the place of the old one.
pub(super) struct Replacement {
    file: NamedTempFile,
    /// Never grows, since that would leave a copy of its contents behind.
    buffer: Zeroizing<Vec<u8>>,
}

impl Replacement {
    const BUFFER_SIZE: usize = 16 << 10;

    /// Opens a new file of mode 0600 beside the target, with the owner of that; the caller holds the lock.
    pub(super) fn create(target: &Path) -> io::Result<Self> {
        // One name serves, since the lock keeps all other writers away; so a crash leaves one file at the
        // most, and the next writer removes it.
        let path = paths::beside(target, "new");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Self::open(target, path.file_name().unwrap_or_default(), 0)
    }

    /// Does the same for a file that others do not lock either, under a name that nobody else has.
    fn create_unlocked(target: &Path) -> io::Result<Self> {
        Self::open(target, paths::beside(target, "").file_name().unwrap_or_default(), 8)
    }

    fn open(target: &Path, name: &OsStr, random_characters: usize) -> io::Result<Self> {
        let file = tempfile::Builder::new()
            .prefix(name)
            .rand_bytes(random_characters)
            .tempfile_in(paths::folder_of(target))?;
        ownership::make_private(file.as_file(), target)?;
        Ok(Self { file, buffer: Zeroizing::new(Vec::with_capacity(Self::BUFFER_SIZE)) })
    }

    /// Makes sure that so many more bytes have room, and leaves them free again.
    pub(super) fn reserve(&mut self, more: u64) -> io::Result<()> {
        self.flush()?;
        let size = self.file.as_file().metadata()?.len();
        io::copy(&mut io::repeat(b' ').take(more), &mut self.file)?;
        self.file.as_file().sync_all()?;
        self.file.as_file().set_len(size)
    }

    /// Brings all that was written to disk, so that a crash after the rename finds it there.
    fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file.as_file().sync_all()
    }

    /// Puts the new file in the place of the target. Where no file can take that, or another program waits for the lock
    /// on the target to go on with that very file, the target is written over; `reserve` more bytes must have room then.
    pub(super) fn commit(mut self, target: &Path, reserve: u64) -> io::Result<()> {
        self.sync()?;
        if lock_owner::has_waiters(target) && in_place::is_possible(target) {
            return in_place::rewrite(self.file.path(), target, reserve);
        }
        match persist(self.file, target) {
            Err(failed) if in_place::is_for(&failed.error) => {
                in_place::rewrite(failed.file.path(), target, reserve)
            }
            persisted => persisted.map_err(|failed| failed.error).and_then(|_| paths::sync_folder(target)),
        }
    }
}

/// Renames a new file to the target.
#[cfg(not(windows))]
fn persist(file: NamedTempFile, target: &Path) -> std::result::Result<File, PersistError> {
    file.persist(target)
}

/// Renames a new file to the target. While another program has that open, Windows denies it; no reader keeps it open
/// for long.
#[cfg(windows)]
fn persist(mut file: NamedTempFile, target: &Path) -> std::result::Result<File, PersistError> {
    use std::thread::sleep;
    use std::time::{Duration, Instant};
    let deadline = Instant::now() + Duration::from_secs(3);
    loop {
        match file.persist(target) {
            Err(failed) if is_in_use(&failed.error) && Instant::now() < deadline => file = failed.file,
            persisted => return persisted,
        }
        sleep(Duration::from_millis(10));
    }
}

/// Tells whether an error may mean that another program has the file open: `ERROR_ACCESS_DENIED` and
/// `ERROR_SHARING_VIOLATION` do.
#[cfg(windows)]
fn is_in_use(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(5 | 32))
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.buffer.len() + bytes.len() > Self::BUFFER_SIZE {
            self.flush()?;
            if bytes.len() > Self::BUFFER_SIZE {
                return self.file.write_all(bytes);
            }
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

/// Replaces a file that another program owns, such as a shell's start-up file: a symbolic link to it stays, and
/// so do its permissions. The file as it was is kept beside it as `NAME.BACKUP`.
///
/// # Errors
///
/// [`Error::Storage`](crate::error::Error::Storage); the file is whole then.
pub(crate) fn replace_with_backup(path: &Path, text: &[u8], backup: &str) -> Result<()> {
    let target = paths::follow_links(path)?;
    let replace = || {
        let permissions = match fs::metadata(&target) {
            Ok(metadata) => Some(metadata.permissions()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let mut replacement = Replacement::create_unlocked(&target)?;
        replacement.write_all(text)?;
        if let Some(permissions) = permissions {
            fs::copy(&target, paths::beside(&target, backup))?;
            replacement.file.as_file().set_permissions(permissions)?;
        }
        replacement.sync()?;
        persist(replacement.file, &target).map_err(|failed| failed.error)?;
        paths::sync_folder(&target)
    };
    replace().map_err(paths::write_error(&target))
}
