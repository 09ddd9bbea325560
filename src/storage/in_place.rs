//! Writing over a file whose place no other can take, such as one that is mounted into a container.
//!
//! The new contents stand whole beside it meanwhile. Whoever comes after a crash finds that copy, and the file as it
//! was or cut: then the copy is what counts.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{ownership, paths};

/// Tells whether a rename failed since this file cannot be replaced, though it may well be written to: it is a mount
/// point, or stands in a sticky folder of somebody else's.
pub(super) fn is_for(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ResourceBusy};
    cfg!(unix) && matches!(error.kind(), ResourceBusy | CrossesDevices | PermissionDenied)
}

/// Tells whether a file is there and can be written to.
pub(super) fn is_possible(target: &Path) -> bool {
    paths::open_regular(target).is_ok()
}

/// Writes over a file what stands in a synced file beside it, which goes away by that; `reserve` more bytes must have
/// room too. The caller holds the lock.
///
/// # Errors
///
/// Fails where the file cannot be opened or written; it holds then what it held before.
pub(super) fn rewrite(new: &Path, target: &Path, reserve: u64) -> io::Result<()> {
    let mut file = paths::open_regular(target)?;
    ownership::forbid_others(&file);
    let old = contents(&mut file)?;
    let copy = copy_path(target);
    fs::rename(new, &copy)?;
    paths::sync_folder(target)?;
    let text = contents(&mut File::open(&copy)?)?;
    let written = overwrite(&mut file, &text, reserve);
    if written.is_err() {
        // Where this fails as well, the copy stays: then it is the one that counts.
        overwrite(&mut file, &old, 0)?;
    }
    forget(target)?;
    written
}

/// Returns what a file is to hold, where whoever wrote over it did not come to the end; `found` is what it holds.
pub(super) fn unfinished(target: &Path, found: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let copy = paths::open_regular(&copy_path(target)).ok().filter(|copy| is_trusted(copy, target));
    let text = contents(&mut copy?).ok()?;
    // Another program may have written the file anew by now.
    text.starts_with(found).then_some(text)
}

/// Brings what was not finished to its end. The caller holds the lock.
///
/// # Errors
///
/// Fails where the file cannot be written; the copy stays then.
pub(super) fn finish(target: &Path) -> io::Result<()> {
    if !copy_path(target).is_symlink() && !copy_path(target).exists() {
        return Ok(());
    }
    let mut file = match paths::open_regular(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return forget(target),
        opened => opened?,
    };
    if let Some(text) = unfinished(target, &contents(&mut file)?) {
        overwrite(&mut file, &text, 0)?;
    }
    forget(target)
}

fn copy_path(target: &Path) -> PathBuf {
    paths::beside(target, "rewrite")
}

fn forget(target: &Path) -> io::Result<()> {
    fs::remove_file(copy_path(target))?;
    paths::sync_folder(target)
}

/// Cuts the file first, so that a reader never takes a mixture for the whole.
fn overwrite(file: &mut File, text: &[u8], reserve: u64) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text)?;
    if reserve > 0 {
        io::copy(&mut io::repeat(b' ').take(reserve), file)?;
        file.sync_all()?;
        file.set_len(u64::try_from(text.len()).unwrap_or(u64::MAX))?;
    }
    file.sync_all()
}

fn contents(file: &mut File) -> io::Result<Zeroizing<Vec<u8>>> {
    let size = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    let mut text = Zeroizing::new(Vec::with_capacity(size.saturating_add(1)));
    file.rewind()?;
    file.read_to_end(&mut text)?;
    Ok(text)
}

/// Tells whether a copy was made by this user or by the owner of the file, not by a stranger in a shared folder.
#[cfg(unix)]
fn is_trusted(copy: &File, target: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owner = copy.metadata().map(|copy| copy.uid()).ok();
    owner == Some(rustix::process::geteuid().as_raw())
        || owner.is_some() && owner == fs::metadata(target).map(|target| target.uid()).ok()
}

#[cfg(not(unix))]
fn is_trusted(_: &File, _: &Path) -> bool {
    true
}
