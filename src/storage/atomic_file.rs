//! Files that are read whole, and replaced whole: under a lock, at once, and safe from a crash.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;
use zeroize::Zeroizing;

use super::lock::{self, WriteLock};
use super::replacement::Replacement;
use super::{json, paths};
use crate::error::{Error, Result, StorageFailure};

/// A file of text that readers see either as it was or as it is now; it need not be there.
#[derive(Debug, Clone)]
pub(crate) struct AtomicFile {
    path: PathBuf,
}

impl AtomicFile {
    /// Names a file.
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Returns the path of the file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the text, which is wiped when dropped; `None` where there is no file. No lock is needed: writers
    /// replace the whole file at once.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where the file cannot be read or is not UTF-8.
    pub(crate) fn read(&self) -> Result<Option<Zeroizing<String>>> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !paths::is_blocked(&self.path) => {
                return Ok(None);
            }
            Err(source) => return Err(StorageFailure::Unreadable(source).at(&self.path)),
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            drop(Zeroizing::new(error.into_bytes()));
            self.malformed(format!("not UTF-8 from byte {valid} on"))
        })?;
        Ok(Some(Zeroizing::new(text)))
    }

    /// Returns the error for a file whose text is not what it should be.
    pub(crate) fn malformed(&self, what: String) -> Error {
        StorageFailure::Malformed(what).at(&self.path)
    }

    /// Takes the exclusive right to change the file; the folder is made, with mode 0700, where it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] where another program holds the right for 10 seconds, [`Error::Storage`] where the
    /// system refuses it.
    pub(crate) fn lock(&self) -> Result<LockedFile> {
        let target = paths::follow_links(&self.path)?;
        paths::make_folder(paths::folder_of(&target)).map_err(paths::write_error(&target))?;
        let lock = WriteLock::acquire(&target)?;
        Ok(LockedFile { target, _lock: lock })
    }

    /// Takes a lock for another purpose than writing, on a neighbour of the file; `None` while another program
    /// holds it.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where the folder cannot be written to.
    pub(crate) fn try_lock_beside(&self, suffix: &str) -> Result<Option<File>> {
        lock::try_lock_beside(&paths::follow_links(&self.path)?, suffix)
    }
}

/// A file that this program alone may change, until dropped.
pub(crate) struct LockedFile {
    /// The file itself, where the path is a symbolic link to it.
    target: PathBuf,
    _lock: WriteLock,
}

impl LockedFile {
    /// Replaces the file by one that holds this value as JSON and has mode 0600; a symbolic link to it stays.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]; the old file is whole then.
    pub(crate) fn replace(&self, value: &impl Serialize) -> Result<()> {
        let replace = || {
            let mut replacement = Replacement::create(&self.target)?;
            json::write(&mut replacement, value)?;
            replacement.commit(&self.target)
        };
        replace().map_err(paths::write_error(&self.target))
    }

    /// Takes every step of a replacement but the last, with a text that is `more` bytes longer than the file.
    ///
    /// # Errors
    ///
    /// As [`LockedFile::replace`].
    pub(crate) fn check_replaceable(&self, more: u64) -> Result<()> {
        let size = fs::metadata(&self.target).map_or(0, |metadata| metadata.len());
        let check = || {
            let mut replacement = Replacement::create(&self.target)?;
            io::copy(&mut io::repeat(b' ').take(size.saturating_add(more)), &mut replacement)?;
            replacement.sync()
        };
        check().map_err(paths::write_error(&self.target))
    }
}
