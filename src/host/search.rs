//! What counts as a program on the search path.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

/// Says that a program is nowhere on the search path, in the words of the reference (wire, section 1.5).
pub(super) fn not_found(program: &str) -> String {
    format!("exec: \"{program}\": executable file not found in $PATH")
}

/// Finds the program that a command names: by its path, or by its name in the folders of a search path.
pub(super) fn resolve(path: Option<String>, program: &OsStr) -> io::Result<PathBuf> {
    let shown = program.to_string_lossy();
    if shown.contains(std::path::is_separator) {
        return Ok(PathBuf::from(program));
    }
    let found = all(path, program).into_iter().next();
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, not_found(&shown)))
}

/// Returns the programs of a name on a search path, in its order. Empty and relative entries are ignored: nobody
/// chose what lies in the current folder.
pub(super) fn all(path: Option<String>, name: &OsStr) -> Vec<PathBuf> {
    let path = path.unwrap_or_default();
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    let names = file_names(name);
    folders
        .flat_map(|folder| names.clone().map(move |name| folder.join(name)))
        .filter(|path| is_program(path))
        .collect()
}

/// Returns the names of the files that a command may mean.
#[cfg(unix)]
fn file_names(name: &OsStr) -> impl Iterator<Item = OsString> + Clone + use<> {
    std::iter::once(name.to_owned())
}

/// Returns the names of the files that a command may mean.
#[cfg(not(unix))]
fn file_names(name: &OsStr) -> impl Iterator<Item = OsString> + Clone + use<> {
    // A command may name the extension itself.
    let with = |extension: &str| [name, OsStr::new(extension)].into_iter().collect::<OsString>();
    [name.to_owned()].into_iter().chain([".exe", ".cmd", ".bat"].map(with))
}

/// Tells whether a file can be run.
#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// Tells whether a file can be run.
#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
