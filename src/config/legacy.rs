//! Profiles of the older command line in Python: INI files below `~/.aliyuncli` (behaviour, sections 2 and 6.23).

use std::path::{Path, PathBuf};

use super::ini::{Ini, Section};
use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::config::{Config, DEFAULT_PROFILE};
use crate::error::Result;
use crate::language::Language;
use crate::secret::Secret;
use crate::storage::atomic_file::AtomicFile;

/// The section of values that belong to no profile.
const NO_PROFILE: &str = "DEFAULT";

/// Reads the older profiles below a home folder; `None` where there are none.
///
/// # Errors
///
/// Fails where a file is there but cannot be read.
pub(crate) fn read(home: &Path, language: Language) -> Result<Option<Config>> {
    let [credentials, configure] = paths(home);
    let Some(credentials) = read_ini(&credentials)? else {
        return Ok(None);
    };
    Ok(take_over(&credentials, &read_ini(&configure)?.unwrap_or_default(), language))
}

/// Returns the lines of the older files that are not understood, each with its file.
pub(crate) fn skipped(home: &Path) -> Vec<(PathBuf, usize)> {
    let skipped = |path: PathBuf| {
        let lines = read_ini(&path).ok().flatten().unwrap_or_default().skipped;
        lines.into_iter().map(move |line| (path.clone(), line))
    };
    paths(home).into_iter().flat_map(skipped).collect()
}

fn paths(home: &Path) -> [PathBuf; 2] {
    ["credentials", "configure"].map(|name| home.join(".aliyuncli").join(name))
}

/// Makes a config of the older files; `None` where they hold no profile.
pub(crate) fn take_over(credentials: &Ini, configure: &Ini, language: Language) -> Option<Config> {
    let profile = |section| profile(section, configure.section(&section.name));
    let profiles: Vec<_> = credentials.sections().iter().filter_map(profile).collect();
    let last = profiles.last()?;
    let has_default = profiles.iter().any(|profile| profile.name() == DEFAULT_PROFILE);
    let current = if has_default { DEFAULT_PROFILE } else { last.name() }.to_owned();
    Some(Config::of(profiles, current, language))
}

fn profile(section: &Section, configure: Option<&Section>) -> Option<Profile> {
    if section.name == NO_PROFILE {
        return None;
    }
    let id = section.get("aliyun_access_key_id")?;
    let secret = section.get("aliyun_access_key_secret")?;
    let mut profile = Profile::new(profile_name(&section.name));
    profile.set_text(Field::Mode, "AK");
    profile.set_text(Field::AccessKeyId, id.expose());
    profile.set(Field::AccessKeySecret, Value::Secret(secret.clone()));
    profile.set_text(Field::OutputFormat, "json");
    let region = configure.and_then(|section| section.get("region"));
    profile.set_text(Field::RegionId, region.map(Secret::expose).unwrap_or_default());
    Some(profile)
}

/// Returns the profile that a section is about: `default`, `profile NAME`, or plain `NAME`.
fn profile_name(section: &str) -> &str {
    section.strip_prefix("profile ").unwrap_or(section)
}

fn read_ini(path: &Path) -> Result<Option<Ini>> {
    Ok(AtomicFile::new(path).read()?.map(|text| Ini::parse(&text)))
}
