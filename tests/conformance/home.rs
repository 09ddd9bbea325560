//! The home folder of a case: what is put into it and what is found in it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use fake_cloud::Json;
use regex::Regex;

use crate::{
    Outcome,
    case::Case,
    text::{Patterns, fill_text, indented},
};

/// A temporary home folder.
#[derive(Debug)]
pub(crate) struct Home {
    path: PathBuf,
    /// The path as the program under test sees it.
    pub(crate) name: String,
}

impl Home {
    /// Makes the home folder of a case below `work`.
    pub(crate) fn new(work: &Path, case: &Case) -> Outcome<Self> {
        let path = temporary("home-", work)?;
        let name = path.to_str().ok_or("the temporary folder's path is not UTF-8")?.replace('\\', "/");
        let home = Self { path, name };
        for (relative, spec) in &case.home {
            home.put(relative, spec).map_err(|error| format!("home file {relative}: {error}"))?;
        }
        Ok(home)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn put(&self, relative: &str, spec: &Json) -> Outcome<()> {
        let path = self.path.join(relative);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        if let Some(target) = spec.get("link").and_then(Json::as_str) {
            system::link(&fill_text(target, &self.name), &path)?;
            return Ok(());
        }
        let is_folder = spec.get("dir").is_some();
        if is_folder {
            fs::create_dir_all(&path)?;
        } else {
            fs::write(&path, self.contents(spec)?)?;
        }
        let default_mode = if is_folder { "0755" } else { "0600" };
        let described = is_folder || spec.get("text").is_some() || spec.get("hex").is_some();
        let mode = spec.get("mode").filter(|_| described).and_then(Json::as_str).unwrap_or(default_mode);
        Ok(system::set_mode(&path, u32::from_str_radix(mode, 8)?)?)
    }

    fn contents(&self, spec: &Json) -> Outcome<Vec<u8>> {
        if let Some(hex) = spec.get("hex").and_then(Json::as_str) {
            return unhex(hex);
        }
        let text = as_text(spec)?;
        Ok(fill_text(&text, &self.name).into_bytes())
    }

    /// Every regular file and link that the case left, with mode and text.
    pub(crate) fn files(&self, case: &Case, patterns: &Patterns) -> Outcome<BTreeMap<String, Json>> {
        let compiled = case.ignore_files.iter().map(|pattern| Regex::new(pattern));
        let ignored = compiled.collect::<Result<Vec<_>, _>>()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
        let mut found = Vec::new();
        walk(&self.path, &mut found);
        let mut files = BTreeMap::new();
        for path in found {
            let relative = path.strip_prefix(&self.path)?.to_string_lossy().replace('\\', "/");
            if !ignored.iter().any(|pattern| pattern.is_match(&relative)) {
                files.insert(relative, self.describe(&path, patterns, now)?);
            }
        }
        Ok(files)
    }

    fn describe(&self, path: &Path, patterns: &Patterns, now: f64) -> Outcome<Json> {
        if let Ok(target) = fs::read_link(path) {
            let target = patterns.scrub_text(&target.to_string_lossy(), &self.name)?;
            return Ok(Json::object([("link", target.into())]));
        }
        let text = fs::read_to_string(path).unwrap_or_else(|_| "<unreadable>".to_owned());
        let text = patterns.scrub_text(&patterns.relative_times(&text, now), &self.name)?;
        let mode = system::mode(path)?.map(|mode| ("mode", format!("{mode:04o}").into()));
        Ok(Json::object(mode.into_iter().chain([("text", text.into())])))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if fs::remove_dir_all(&self.path).is_err() {
            // A case may have made folders that their owner cannot write to.
            let _ = Command::new("chmod").args(["-R", "u+rwX"]).arg(&self.path).status();
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// The text of a file as a case describes it, with the home folder's name left open.
pub(crate) fn as_text(spec: &Json) -> io::Result<String> {
    match spec.get("text").unwrap_or(spec) {
        Json::Text(text) => Ok(text.clone()),
        json => indented(json, "\t"),
    }
}

/// Makes a temporary folder whose path is as long as the ones that the cases were recorded in: the
/// width of one table depends on it.
pub(crate) fn temporary(prefix: &str, parent: &Path) -> io::Result<PathBuf> {
    let folder = tempfile::Builder::new().prefix(prefix).rand_bytes(8).tempdir_in(parent)?.keep();
    system::set_mode(&folder, 0o700)?;
    Ok(folder)
}

fn unhex(hex: &str) -> Outcome<Vec<u8>> {
    let byte = |pair: &[u8]| Ok(u8::from_str_radix(str::from_utf8(pair)?, 16)?);
    hex.as_bytes().chunks(2).map(byte).collect()
}

/// Collects everything that is neither a folder nor a link to one; what cannot be read is passed
/// over.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if !path.is_dir() {
            found.push(path);
        } else if !path.is_symlink() {
            walk(&path, found);
        }
    }
}

/// What only Unix has: modes, and links that every user may make.
#[cfg(unix)]
mod system {
    use std::{
        fs::{self, Permissions},
        io,
        os::unix::fs::{PermissionsExt, symlink},
        path::Path,
    };

    pub(super) fn link(target: &str, path: &Path) -> io::Result<()> {
        symlink(target, path)
    }

    pub(super) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(path, Permissions::from_mode(mode))
    }

    pub(super) fn mode(path: &Path) -> io::Result<Option<u32>> {
        Ok(Some(fs::metadata(path)?.permissions().mode() & 0o7777))
    }
}

#[cfg(not(unix))]
mod system {
    use std::{io, path::Path};

    pub(super) fn link(_: &str, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn set_mode(_: &Path, _: u32) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn mode(_: &Path) -> io::Result<Option<u32>> {
        Ok(None)
    }
}
