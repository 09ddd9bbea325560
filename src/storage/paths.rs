//! Where a file really is, what stands beside it, and whether two paths lead to one file.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, StorageFailure};

/// Returns the file at the end of a chain of symbolic links, which is the one to replace.
///
/// # Errors
///
/// [`Error::Storage`] where the links lead in a circle.
pub(super) fn follow_links(path: &Path) -> Result<PathBuf> {
    const MAX_LINKS: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(link) = fs::read_link(&target) else {
            return Ok(target);
        };
        // A relative link is relative to the folder that it stands in.
        target = target.parent().unwrap_or(Path::new("")).join(link);
    }
    let source = io::Error::other("too many levels of symbolic links");
    Err(StorageFailure::Unwritable(source).at(path))
}

/// Returns the folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Tells whether a file stands where the path has a folder. Windows does not say so by itself: to it, such a path
/// is one where nothing is.
pub(super) fn is_blocked(path: &Path) -> bool {
    cfg!(windows) && path.ancestors().skip(1).any(Path::is_file)
}

/// Returns the path of a neighbour of a file: `NAME.SUFFIX`.
pub(super) fn beside(target: &Path, suffix: &str) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    target.with_file_name(name)
}

/// Brings what was done to a file's name to disk. Some file systems cannot do that for a folder, and some folders
/// cannot be opened, which is no reason to take what was done for undone.
#[cfg(unix)]
pub(super) fn sync_folder(target: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    match fs::File::open(folder_of(target)).and_then(|folder| folder.sync_all()) {
        Err(error) if matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported) => Ok(()),
        synced => synced,
    }
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Opens a file for reading and writing, which is what an exclusive lock on a network file system takes: through no
/// link, and without a wait for the other end of a pipe.
///
/// # Errors
///
/// Fails where there is none, or something else than a regular file.
pub(super) fn open_regular(path: &Path) -> io::Result<File> {
    let opened = regular_options().open(path);
    let file = opened.map_err(|error| if path.is_symlink() { not_a_file() } else { error })?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_a_file()) }
}

/// Returns the options of [`open_regular`]; a file that is made by them has mode 0600.
pub(super) fn regular_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    options
}

/// Opens a file for reading, without a wait for somebody to write to a pipe: one that nobody writes to is empty.
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use rustix::fs::{OFlags, fcntl_setfl};
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
        // What somebody does write is waited for.
        fcntl_setfl(&file, OFlags::empty())?;
        Ok(file)
    }
    #[cfg(not(unix))]
    File::open(path)
}

/// Returns the error for something else where a file should be.
pub(super) fn not_a_file() -> io::Error {
    io::Error::other("not a regular file")
}

/// Tells whether a path leads through a symbolic link to something that is not there.
pub(super) fn is_dangling(path: &Path) -> bool {
    path.ancestors().any(|part| part.is_symlink() && matches!(part.try_exists(), Ok(false)))
}

/// Tells whether two paths lead to the same file, be it by symbolic or by hard links.
#[cfg(unix)]
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((fs::metadata(one), fs::metadata(other)), (Ok(one), Ok(other)) if is_same_inode(&one, &other))
}

/// Tells whether two paths lead to the same file; hard links are not seen, as files have no numbers here.
#[cfg(not(unix))]
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

/// Compares the devices too, since each counts its inodes for itself.
#[cfg(unix)]
pub(super) fn is_same_inode(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Returns the error for a file that the system does not let be written.
pub(super) fn write_error(path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| StorageFailure::Unwritable(source).at(path)
}
