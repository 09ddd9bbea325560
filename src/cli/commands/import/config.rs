//! Another `config.json`.

use super::Found;
use crate::config::Config;
use crate::language::Language;

/// Reads the profiles, with all that they hold.
pub(super) fn read(text: &str) -> Result<Vec<Found>, String> {
    let config = Config::parse(text, Language::English)?;
    let found = config.profiles().iter().filter(|profile| !profile.mode().is_empty());
    Ok(found
        .map(|profile| Found { profile: profile.clone(), place: format!("profile `{}`", profile.name()) })
        .collect())
}
