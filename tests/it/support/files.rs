//! The files of the checkout, and those in a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the files below a path whose names end like this, without what builds leave there.
pub(crate) fn files_below(path: &Path, ends: &[&str]) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let wanted = entries.filter(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name != "target" && (path.is_dir() || ends.iter().any(|end| name.ends_with(end)))
    });
    wanted.flat_map(|path| files_below(&path, ends)).collect()
}

/// Returns the names in a folder, sorted.
#[cfg(unix)]
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    names
}

/// Copies the program that is tested. Another process does so, as a program that this one still has open for writing, in
/// what another thread has just forked, cannot be run.
#[cfg(unix)]
pub(crate) fn copy_program(to: &Path) {
    let copied = std::process::Command::new("cp").arg(env!("CARGO_BIN_EXE_aliyun")).arg(to).status().unwrap();
    assert!(copied.success(), "{copied}");
}
