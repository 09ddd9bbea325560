//! Files that are read whole, and replaced whole: under a lock, at once, and safe from a crash.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::Serialize;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::{json, lock_owner as holder};
use crate::error::{Error, Result};

/// How long a writer waits for the lock of another one.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// A file of text; it need not be there.
#[derive(Debug, Clone)]
pub(crate) struct WholeFile {
    path: PathBuf,
}

impl WholeFile {
    /// Names a file.
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Gives the path of the file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the text, which is wiped when dropped; `None` where there is no file. No lock is needed: writers
    /// replace the whole file at once.
    ///
    /// # Errors
    ///
    /// [`Error::Read`], or [`Error::Malformed`] where the file is not UTF-8.
    pub(crate) fn read(&self) -> Result<Option<Zeroizing<String>>> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Read { path: self.path.clone(), source }),
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            drop(Zeroizing::new(error.into_bytes()));
            self.malformed(format!("not UTF-8 from byte {valid} on"))
        })?;
        Ok(Some(Zeroizing::new(text)))
    }

    /// Makes the error for a file whose text is not what it should be.
    pub(crate) fn malformed(&self, what: String) -> Error {
        Error::Malformed { path: self.path.clone(), what }
    }

    /// Takes the exclusive right to change the file; the folder is made, with mode 0700, where it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] where another program holds the right for 10 seconds, [`Error::Write`] where the
    /// system refuses it.
    pub(crate) fn lock(&self) -> Result<Locked> {
        let target = end_of_links(&self.path)?;
        let folder = folder_of(&target);
        make_folder(folder).map_err(write_error(&target))?;
        let until = Instant::now() + LOCK_PATIENCE;
        let beside = open_private(&suffixed(&target, "lock")).map_err(write_error(&target))?;
        lock(&beside, until, &target)?;
        let file = lock_file(&target, until)?;
        Ok(Locked { target, _beside: beside, _file: file })
    }

    /// Takes a turn of another kind than writing, by the lock of a neighbour of the file; `None` while somebody
    /// else has it.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] where the folder cannot be written to.
    pub(crate) fn try_lock_beside(&self, suffix: &str) -> Result<Option<File>> {
        let target = end_of_links(&self.path)?;
        let file = open_private(&suffixed(&target, suffix)).map_err(write_error(&target))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(write_error(&target)(source)),
        }
    }
}

/// The exclusive right to change a file, until dropped.
///
/// Programs of this project hold the lock file beside it. Others lock the file itself, so that one is held
/// too where it is there.
pub(crate) struct Locked {
    target: PathBuf,
    _beside: File,
    _file: Option<File>,
}

impl Locked {
    /// Replaces the file by one that holds this value as JSON and has mode 0600; a symbolic link to it stays.
    ///
    /// # Errors
    ///
    /// [`Error::Write`]; the old file is whole then.
    pub(crate) fn replace(&self, value: &impl Serialize) -> Result<()> {
        let write = |out: &mut Outgoing| json::write(out, value);
        replace(&self.target, write, None).map_err(write_error(&self.target))
    }

    /// Does all of a replacement but the last step, with a text of as much more bytes than the file has.
    ///
    /// # Errors
    ///
    /// As [`Locked::replace`].
    pub(crate) fn check_replaceable(&self, more: u64) -> Result<()> {
        let there = fs::metadata(&self.target).map_or(0, |metadata| metadata.len());
        let mut blank = io::repeat(b' ').take(there.saturating_add(more));
        let write = |out: &mut Outgoing| io::copy(&mut blank, out).map(drop);
        stage(&self.target, write, None).map(drop).map_err(write_error(&self.target))
    }
}

/// Gives the file at the end of a chain of symbolic links, which is the one to replace.
fn end_of_links(path: &Path) -> Result<PathBuf> {
    const LINKS: usize = 40;
    let mut end = path.to_owned();
    for _ in 0..LINKS {
        let Ok(link) = fs::read_link(&end) else {
            return Ok(end);
        };
        // A relative link is relative to the folder that it stands in.
        end = end.parent().unwrap_or(Path::new("")).join(link);
    }
    let source = io::Error::other("too many levels of symbolic links");
    Err(Error::Write { path: path.to_owned(), source })
}

fn write_error(path: &Path) -> impl FnOnce(io::Error) -> Error {
    |source| Error::Write { path: path.to_owned(), source }
}

/// Locks the file itself, where it is there and can be opened.
///
/// A file that was replaced in the meantime is not the one to hold, so the lock is taken on the new one.
#[cfg(unix)]
fn lock_file(target: &Path, until: Instant) -> Result<Option<File>> {
    loop {
        let Ok(file) = File::open(target) else {
            return Ok(None);
        };
        lock(&file, until, target)?;
        let is_same = match (file.metadata(), fs::metadata(target)) {
            (Ok(held), Ok(there)) => have_one_number(&held, &there),
            _ => true,
        };
        if is_same {
            return Ok(Some(file));
        }
    }
}

/// Locks nothing: here a lock would keep this very program from reading the file.
#[cfg(not(unix))]
fn lock_file(_: &Path, _: Instant) -> Result<Option<File>> {
    Ok(None)
}

fn lock(file: &File, until: Instant, target: &Path) -> Result<()> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if Instant::now() < until => sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => {
                let seconds = LOCK_PATIENCE.as_secs();
                return Err(Error::Locked { path: target.to_owned(), holder: holder::of(file), seconds });
            }
            Err(TryLockError::Error(source)) => return Err(write_error(target)(source)),
        }
    }
}

/// Replaces a file that is not this program's own: a symbolic link to it stays, and so do its permissions; as
/// it was before, it is kept beside it.
///
/// # Errors
///
/// [`Error::Write`]; the file is whole then.
pub(crate) fn rewrite(path: &Path, text: &[u8], backup: &str) -> Result<()> {
    let target = end_of_links(path)?;
    let rewrite = || {
        let permissions = match fs::metadata(&target) {
            Ok(metadata) => Some(metadata.permissions()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if permissions.is_some() {
            fs::copy(&target, suffixed(&target, backup))?;
        }
        replace(&target, |out| out.write_all(text), permissions)
    };
    rewrite().map_err(write_error(&target))
}

/// Tells whether two paths lead to the same file.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other || have_one_body(&one, &other),
        _ => false,
    }
}

/// Tells whether two files are hard links to each other.
#[cfg(unix)]
fn have_one_body(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => have_one_number(&one, &other),
        _ => false,
    }
}

/// Tells nothing where files have no numbers.
#[cfg(not(unix))]
fn have_one_body(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(unix)]
fn have_one_number(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Replaces a file by another one of mode 0600 or of these permissions; the caller holds the lock, or changes
/// a file that others do not lock either.
fn replace(
    target: &Path,
    write: impl FnOnce(&mut Outgoing) -> io::Result<()>,
    permissions: Option<Permissions>,
) -> io::Result<()> {
    stage(target, write, permissions)?.persist(target).map_err(|error| error.error)?;
    sync_folder(folder_of(target))
}

/// Writes a file beside the target, which goes away with the value.
fn stage(
    target: &Path,
    write: impl FnOnce(&mut Outgoing) -> io::Result<()>,
    permissions: Option<Permissions>,
) -> io::Result<NamedTempFile> {
    // One name serves, since the lock keeps all other writers away; so a crash leaves one file at the
    // most, and the next writer removes it.
    let fresh = suffixed(target, "new");
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let name = fresh.file_name().unwrap_or_default();
    let file = tempfile::Builder::new().prefix(name).rand_bytes(0).tempfile_in(folder_of(target))?;
    let mut out = Outgoing { file, buffer: Zeroizing::new(Vec::with_capacity(Outgoing::ROOM)) };
    write(&mut out)?;
    out.flush()?;
    if let Some(permissions) = permissions {
        out.file.as_file().set_permissions(permissions)?;
    }
    out.file.as_file().sync_all()?;
    Ok(out.file)
}

/// A file that is being written. Unlike `BufWriter` it wipes its buffer, through which secrets go.
struct Outgoing {
    file: NamedTempFile,
    /// Never grows, since that would leave a copy behind.
    buffer: Zeroizing<Vec<u8>>,
}

impl Outgoing {
    const ROOM: usize = 16 << 10;
}

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.buffer.len() + bytes.len() > Self::ROOM {
            self.flush()?;
            if bytes.len() > Self::ROOM {
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

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Gives a neighbour of a file: `NAME.SUFFIX`.
fn suffixed(target: &Path, suffix: &str) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    target.with_file_name(name)
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

#[cfg(unix)]
fn open_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(path)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
