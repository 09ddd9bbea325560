//! What counts as a program on the search path.

use std::path::Path;

/// Says that a program is nowhere on the search path, in the words of the reference (wire, section 1.5).
pub(super) fn not_found(program: &str) -> String {
    format!("exec: \"{program}\": executable file not found in $PATH")
}

/// Gives the names of the files that a command may mean.
#[cfg(unix)]
pub(super) fn file_names(name: &str) -> impl Iterator<Item = String> + Clone + use<> {
    std::iter::once(name.to_owned())
}

/// Gives the names of the files that a command may mean.
#[cfg(not(unix))]
pub(super) fn file_names(name: &str) -> impl Iterator<Item = String> + Clone + use<> {
    // A command may name the extension itself.
    [name.to_owned()].into_iter().chain(["exe", "cmd", "bat"].map(|extension| format!("{name}.{extension}")))
}

/// Tells whether a file can be run.
#[cfg(unix)]
pub(super) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// Tells whether a file can be run.
#[cfg(not(unix))]
pub(super) fn is_program(path: &Path) -> bool {
    path.is_file()
}
