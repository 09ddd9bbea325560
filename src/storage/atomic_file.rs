//! Files that are read whole, and replaced whole: under a lock, at once, and safe from a crash.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use super::lock::{self, WriteLock};
use super::replacement::Replacement;
use super::{BYTE_ORDER_MARK, in_place, json, ownership, paths};
use crate::error::{Error, Result, StorageFailure};

/// How large a file may be, in bytes.
const MAX_SIZE: usize = 64 << 20;
/// How long another program may take to rewrite a file in place.
const REWRITE_TIMEOUT: Duration = Duration::from_secs(1);
const REWRITE_RETRY_INTERVAL: Duration = Duration::from_millis(10);

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

    /// Reads the text, which is wiped when dropped; `None` where there is no file.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where the file cannot be read, is not UTF-8, or is larger than 64 MiB.
    pub(crate) fn read(&self) -> Result<Option<Zeroizing<String>>> {
        let Some(bytes) = self.read_bytes()? else {
            return Ok(None);
        };
        let text = text_of(&bytes).map_err(|what| self.malformed(what))?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }

    /// Reads what the file holds; `None` where there is no file. No lock is needed: writers
    /// replace the whole file at once, or leave a copy of what they do not finish.
    fn read_bytes(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let mut bytes = Zeroizing::new(Vec::new());
        match paths::open_to_read(&self.path).and_then(|file| fill(&mut bytes, file)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound && !paths::is_blocked(&self.path) => {
                return Ok(None);
            }
            Err(source) => return Err(StorageFailure::Unreadable(source).at(&self.path)),
        }
        if bytes.len() > MAX_SIZE {
            return Err(self.malformed("larger than 64 MiB".to_owned()));
        }
        let target = paths::follow_links(&self.path)?;
        let Some(finished) = in_place::unfinished(&target, &bytes) else {
            return Ok(Some(bytes));
        };
        // Whoever holds the lock is still at it.
        if let Ok(Some(_lock)) = WriteLock::try_acquire(&target) {
            let _ = in_place::finish(&target);
        }
        Ok(Some(finished))
    }

    /// Reads the file by a function that is given its text; `None` where there is no file. A file that is empty
    /// or cut is one that another program rewrites at this moment, so it is read again for up to a second.
    ///
    /// # Errors
    ///
    /// As [`AtomicFile::read`], and whatever the function finds wrong with the text, after which nothing is repeated.
    pub(crate) fn read_as<T>(
        &self,
        parse: impl Fn(&str) -> std::result::Result<T, String>,
    ) -> Result<Option<T>> {
        let deadline = Instant::now() + REWRITE_TIMEOUT;
        loop {
            let Some(bytes) = self.read_bytes()? else {
                return Ok(None);
            };
            match text_of(&bytes).and_then(&parse) {
                Ok(read) => return Ok(Some(read)),
                Err(_) if is_cut(&bytes) && Instant::now() < deadline => sleep(REWRITE_RETRY_INTERVAL),
                Err(what) => return Err(self.malformed(what)),
            }
        }
    }

    /// Finds fault with a link that leads nowhere: whoever made it wants what it should lead to to count.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where the path, or a folder in it, is such a link.
    pub(crate) fn refuse_dangling_link(&self) -> Result<()> {
        match paths::is_dangling(&self.path) {
            true => {
                let source = io::Error::other("a symbolic link that leads to no file");
                Err(StorageFailure::Unreadable(source).at(&self.path))
            }
            false => Ok(()),
        }
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
        let target = self.lockable()?;
        ownership::make_folder(paths::folder_of(&target)).map_err(paths::write_error(&target))?;
        let lock = WriteLock::acquire(&target)?;
        in_place::finish(&target).map_err(paths::write_error(&target))?;
        Ok(LockedFile { target, _lock: lock })
    }

    /// Takes a lock for another purpose than writing, on a neighbour of the file; `None` while another program
    /// holds it.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where the folder cannot be written to.
    pub(crate) fn try_lock_beside(&self, suffix: &str) -> Result<Option<File>> {
        lock::try_lock_beside(&self.lockable()?, suffix)
    }

    /// Returns the file that a lock is about; nothing may stand beside what is none, such as a folder or a device.
    fn lockable(&self) -> Result<PathBuf> {
        let target = paths::follow_links(&self.path)?;
        match fs::metadata(&target) {
            Ok(metadata) if metadata.is_dir() => {
                Err(StorageFailure::Unreadable(io::ErrorKind::IsADirectory.into()).at(&self.path))
            }
            Ok(metadata) if !metadata.is_file() => Err(paths::write_error(&self.path)(paths::not_a_file())),
            _ => Ok(target),
        }
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
        self.write(0, |replacement| json::write(replacement, value))
    }

    /// Replaces the file by itself, with room for `more` bytes: takes every step that the next replacement will.
    ///
    /// # Errors
    ///
    /// As [`LockedFile::replace`].
    pub(crate) fn check_replaceable(&self, more: u64) -> Result<()> {
        self.write(more, |replacement| {
            let mut text = Zeroizing::new(Vec::new());
            fill(&mut text, fs::File::open(&self.target)?)?;
            replacement.write_all(&text)?;
            replacement.reserve(more)
        })
    }

    fn write(&self, reserve: u64, fill: impl FnOnce(&mut Replacement) -> io::Result<()>) -> Result<()> {
        let write = || {
            let mut replacement = Replacement::create(&self.target)?;
            fill(&mut replacement)?;
            replacement.commit(&self.target, reserve)
        };
        write().map_err(paths::write_error(&self.target))
    }
}

/// Reads a file, as far as one byte beyond what is allowed, into memory that need not grow.
fn fill(bytes: &mut Zeroizing<Vec<u8>>, file: fs::File) -> io::Result<()> {
    let limit = MAX_SIZE.saturating_add(1);
    let size = usize::try_from(file.metadata()?.len()).map_or(limit, |size| size.saturating_add(1));
    bytes.reserve_exact(size.min(limit));
    file.take(u64::try_from(limit).unwrap_or(u64::MAX)).read_to_end(bytes).map(drop)
}

/// Returns the text without a byte order mark in front of it.
fn text_of(bytes: &[u8]) -> std::result::Result<&str, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 from byte {} on", error.valid_up_to()))?;
    Ok(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text))
}

/// Tells whether this is the beginning of a text in JSON.
fn is_cut(bytes: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(bytes).is_err_and(|error| error.is_eof())
}
