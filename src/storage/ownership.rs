//! Whose a file is and who may use it, whatever the umask says and whoever runs the program.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::Path;

use super::paths;

/// Returns the permissions of a file where they let others read or write it; `None` also where files have none.
pub(crate) fn usable_by_others(file: &Path) -> Option<u32> {
    const OTHERS: u32 = 0o077;
    permissions(file).filter(|permissions| permissions & OTHERS != 0)
}

/// Returns the folder of a file, and its permissions where they let others replace what stands in it.
pub(crate) fn replaceable_by_others(file: &Path) -> Option<(&Path, u32)> {
    const OTHERS_WRITE: u32 = 0o022;
    let folder = paths::folder_of(file);
    Some((folder, permissions(folder).filter(|permissions| permissions & OTHERS_WRITE != 0)?))
}

#[cfg(unix)]
fn permissions(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn permissions(_: &Path) -> Option<u32> {
    None
}

/// Makes a folder and those above it, with mode 0700 where they are missing.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    make_folder(paths::folder_of(folder))?;
    match private_folder().create(folder) {
        // Another program has made it at this moment.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        created => created.and_then(|()| make_folder_private(folder)),
    }
}

#[cfg(unix)]
fn private_folder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

#[cfg(not(unix))]
fn private_folder() -> DirBuilder {
    DirBuilder::new()
}

/// Gives a new file mode 0600 and the owner of the file whose place it takes or beside which it stands. Where that one
/// is not there, what root makes gets the owner of the folder, so that `sudo` leaves nothing of root's in a home.
///
/// # Errors
///
/// Fails where the mode cannot be set; an owner who cannot be given the file is passed over.
#[cfg(unix)]
pub(super) fn make_private(new: &File, target: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    new.set_permissions(PermissionsExt::from_mode(0o600))?;
    let is_root = rustix::process::geteuid().is_root();
    let folder = || std::fs::metadata(paths::folder_of(target)).ok().filter(|_| is_root);
    if let Some(model) = std::fs::metadata(target).ok().or_else(folder) {
        let own = new.metadata()?;
        if (own.uid(), own.gid()) != (model.uid(), model.gid()) {
            let _ = std::os::unix::fs::fchown(new, Some(model.uid()), Some(model.gid()));
        }
    }
    Ok(())
}

/// Gives an old file mode 0600, where it is this user's to decide that.
#[cfg(unix)]
pub(super) fn forbid_others(old: &File) {
    let _ = old.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
}

/// Does what [`make_private`] does for a folder that this process has just made, with mode 0700.
///
/// # Errors
///
/// As [`make_private`].
#[cfg(unix)]
fn make_folder_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
    let private = || PermissionsExt::from_mode(0o700);
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::DIRECTORY;
    let opened = File::options().read(true).custom_flags(flags.bits().cast_signed()).open(folder);
    let Ok(opened) = opened else {
        // The umask has left not even the owner the right to open it.
        return std::fs::set_permissions(folder, private());
    };
    opened.set_permissions(private())?;
    if rustix::process::geteuid().is_root() {
        let parent = std::fs::metadata(paths::folder_of(folder))?;
        let _ = std::os::unix::fs::fchown(&opened, Some(parent.uid()), Some(parent.gid()));
    }
    Ok(())
}

/// Does nothing, where the rights of the user's folder apply.
#[cfg(not(unix))]
pub(super) fn make_private(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Does nothing, where the rights of the user's folder apply.
#[cfg(not(unix))]
pub(super) fn forbid_others(_: &File) {}

/// Does nothing, where the rights of the user's folder apply.
#[cfg(not(unix))]
fn make_folder_private(_: &Path) -> io::Result<()> {
    Ok(())
}
