//! The program that the tour shows.

#![cfg(unix)]

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// Finds the program: the build that is asked for, else the one beside the tour, which cargo brings up to date.
///
/// # Errors
///
/// There is none, or it cannot be built.
pub(crate) fn find(asked: Option<&Path>) -> Outcome<PathBuf> {
    if let Some(path) = asked {
        return path.canonicalize().map_err(|error| format!("{}: {error}", path.display()).into());
    }
    let tour = env::current_exe()?;
    // The tour is TARGET/PROFILE/examples/tour, the program TARGET/PROFILE/aliyun.
    let folder = tour.parent().and_then(Path::parent).ok_or("the tour is in no folder of cargo's")?;
    if let Some(cargo) = env::var_os("CARGO") {
        build(&cargo, folder)?;
    }
    let program = folder.join("aliyun");
    if !program.is_file() {
        let missing = format!("there is no {}", program.display());
        return Err(
            format!("{missing}: start the tour with `cargo run --release --locked --example tour`").into()
        );
    }
    Ok(program)
}

/// Builds the program into a folder of cargo's, with the profile that this folder is for.
fn build(cargo: &OsStr, folder: &Path) -> Outcome<()> {
    let (target, name) =
        folder.parent().zip(folder.file_name()).ok_or("the tour is in no folder of cargo's")?;
    let profile = if name == "debug" { OsStr::new("dev") } else { name };
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let mut command = Command::new(cargo);
    command.args(["build", "--locked", "--bin", "aliyun", "--profile"]).arg(profile);
    command.arg("--target-dir").arg(target).arg("--manifest-path").arg(manifest);
    // Left over from the cargo that started the tour; some build scripts would run again because of them.
    for (name, _) in env::vars_os() {
        let shown = name.to_string_lossy();
        if shown.starts_with("CARGO_PKG_") || shown.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    let status = command.status().map_err(|error| format!("cannot start cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err("cargo could not build the program".into()) }
}
