//! Where a file really is, what stands beside it, and whether two paths lead to one file.

use std::fs::{self, DirBuilder};
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

/// Makes a folder and those above it, with mode 0700 where they are missing.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
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
