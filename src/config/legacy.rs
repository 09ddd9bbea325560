//! Profiles of the older command line in Python: INI files below `~/.aliyuncli` (behaviour, section 2).

use std::fs;
use std::io;
use std::path::Path;

use ini::{Ini, ParseOption};

use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::config::{Config, DEFAULT_PROFILE};
use crate::error::{Result, StorageFailure};
use crate::language::Language;
use crate::secret::Secret;

/// Reads the older profiles below a home folder; `None` where there are none.
///
/// # Errors
///
/// Fails where a file is there but cannot be read.
pub(crate) fn read(home: &Path, language: Language) -> Result<Option<Config>> {
    let folder = home.join(".aliyuncli");
    let Some(credentials) = read_ini(&folder.join("credentials"))? else {
        return Ok(None);
    };
    let configure = read_ini(&folder.join("configure"))?.unwrap_or_default();
    Ok(take_over(&credentials, &configure, language))
}

/// Makes a config of the older files; `None` where they hold no profile.
pub(crate) fn take_over(credentials: &Ini, configure: &Ini, language: Language) -> Option<Config> {
    let profiles: Vec<_> =
        credentials.iter().filter_map(|(section, keys)| profile(section?, keys, configure)).collect();
    let last = profiles.last()?;
    let has_default = profiles.iter().any(|profile| profile.name() == DEFAULT_PROFILE);
    let current = if has_default { DEFAULT_PROFILE } else { last.name() }.to_owned();
    Some(Config::of(profiles, current, language))
}

fn profile(section: &str, keys: &ini::Properties, configure: &Ini) -> Option<Profile> {
    let filled = |key| keys.get(key).filter(|value| !value.is_empty());
    let id = filled("aliyun_access_key_id")?;
    let secret = filled("aliyun_access_key_secret")?;
    let mut profile = Profile::new(profile_name(section));
    profile.set_text(Field::Mode, "AK");
    profile.set_text(Field::AccessKeyId, id);
    profile.set(Field::AccessKeySecret, Value::Secret(Secret::new(secret)));
    profile.set_text(Field::OutputFormat, "json");
    profile.set_text(Field::RegionId, configure.get_from(Some(section), "region").unwrap_or_default());
    Some(profile)
}

/// Returns the profile that a section is about: `default`, `profile NAME`, or plain `NAME`.
fn profile_name(section: &str) -> &str {
    section.strip_prefix("profile ").map_or(section, str::trim)
}

fn read_ini(path: &Path) -> Result<Option<Ini>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StorageFailure::Unreadable(source).at(path)),
    };
    parse(&text).map(Some).map_err(|what| StorageFailure::Malformed(what).at(path))
}

/// Reads a text in INI form, or says where it is none; the text is not repeated.
pub(crate) fn parse(text: &str) -> std::result::Result<Ini, String> {
    let plainly = ParseOption { enabled_quote: false, enabled_escape: false, ..ParseOption::default() };
    Ini::load_from_str_opt(text, plainly)
        .map_err(|error| format!("line {}, column {}: not in INI form", error.line, error.col))
}
