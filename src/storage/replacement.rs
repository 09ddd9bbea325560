//! Replacing a file at once: the new one is written beside it, brought to disk, and renamed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::paths;
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

    /// Opens a new file of mode 0600 beside the target; the caller holds the lock, or changes a file that others
    /// do not lock either.
    pub(super) fn create(target: &Path) -> io::Result<Self> {
        // One name serves, since the lock keeps all other writers away; so a crash leaves one file at the
        // most, and the next writer removes it.
        let path = paths::beside(target, "new");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let name = path.file_name().unwrap_or_default();
        let file =
            tempfile::Builder::new().prefix(name).rand_bytes(0).tempfile_in(paths::folder_of(target))?;
        Ok(Self { file, buffer: Zeroizing::new(Vec::with_capacity(Self::BUFFER_SIZE)) })
    }

    /// Brings all that was written to disk, so that a crash after the rename finds it there.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file.as_file().sync_all()
    }

    /// Puts the new file in the place of the target.
    pub(super) fn commit(mut self, target: &Path) -> io::Result<()> {
        self.sync()?;
        self.file.persist(target).map_err(|error| error.error)?;
        sync_folder(paths::folder_of(target))
    }
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
        let mut replacement = Replacement::create(&target)?;
        replacement.write_all(text)?;
        if let Some(permissions) = permissions {
            fs::copy(&target, paths::beside(&target, backup))?;
            replacement.file.as_file().set_permissions(permissions)?;
        }
        replacement.commit(&target)
    };
    replace().map_err(paths::write_error(&target))
}

/// Brings the rename itself to disk.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
