//! What completion offers as the value of a flag, one function a kind.

use std::path::PathBuf;

use crate::cli::args::suggestions::unique;
use crate::config::Config;
use crate::config::field::Field;
use crate::config::store::ConfigStore;
use crate::host::Host;
use crate::language::Language;
use crate::modes;
use crate::settings::{SafetyPolicy, SettingsStore, actions};
use crate::sts::VPC_REGIONS;

/// What completion can find out.
pub(crate) struct Known<'a> {
    pub(super) host: &'a dyn Host,
    /// The config file that the line names.
    pub(super) config_path: Option<&'a str>,
}

impl Known<'_> {
    /// Opens the config file of the line. The shell has not put the home folder in place of `~` yet.
    fn store(&self) -> Option<ConfigStore> {
        let Some(path) = self.config_path else {
            return ConfigStore::open(self.host).ok();
        };
        let path = match path.strip_prefix("~/") {
            Some(rest) => self.host.home().ok()?.join(rest),
            None => PathBuf::from(path),
        };
        Some(ConfigStore::open_path(self.host, path))
    }

    fn config(&self) -> Option<Config> {
        self.store()?.without_saving().load_existing().ok()
    }

    /// Gives what profiles hold in these fields, one field after the other.
    fn stored(&self, fields: &[Field]) -> Vec<String> {
        let config = self.config();
        let profiles = config.as_ref().map(Config::profiles).unwrap_or_default();
        let texts = fields.iter().flat_map(|field| profiles.iter().map(|profile| profile.text(*field)));
        texts.filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }
}

/// Offers nothing, so that the shell offers files.
pub(crate) fn nothing(_: &Known<'_>) -> Vec<String> {
    Vec::new()
}

/// Offers the profiles of the config file.
pub(crate) fn profiles(known: &Known<'_>) -> Vec<String> {
    unique(known.stored(&[Field::Name]).into_iter())
}

/// Offers all modes.
pub(crate) fn modes(_: &Known<'_>) -> Vec<String> {
    modes::ALL.iter().map(|mode| mode.name().to_owned()).collect()
}

/// Offers the regions of the config file, then those that are known to have an STS of their own.
pub(crate) fn regions(known: &Known<'_>) -> Vec<String> {
    let stored = known.stored(&[Field::RegionId, Field::StsRegion]);
    unique(stored.into_iter().chain(VPC_REGIONS.iter().map(|region| (*region).to_owned())))
}

/// Offers the languages.
pub(crate) fn languages(_: &Known<'_>) -> Vec<String> {
    Language::ALL.iter().map(|language| language.code().to_owned()).collect()
}

/// Offers the sites of OAuth.
pub(crate) fn sites(_: &Known<'_>) -> Vec<String> {
    modes::site_names().map(str::to_owned).collect()
}

/// Offers the types of endpoints.
pub(crate) fn endpoint_types(_: &Known<'_>) -> Vec<String> {
    owned(&["vpc"])
}

/// Offers true and false.
pub(crate) fn truths(_: &Known<'_>) -> Vec<String> {
    owned(&["true", "false"])
}

/// Offers what a rule of the safety policy can do.
pub(crate) fn rule_actions(_: &Known<'_>) -> Vec<String> {
    actions().map(str::to_owned).collect()
}

/// Offers the patterns of the safety policy.
pub(crate) fn rule_patterns(known: &Known<'_>) -> Vec<String> {
    let policy = known.store().and_then(|store| SettingsStore::beside(&store).load::<SafetyPolicy>().ok());
    policy.unwrap_or_default().rules.into_iter().map(|rule| rule.pattern).collect()
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}
