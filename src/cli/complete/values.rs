//! What completion offers as the value of a flag, one function a kind.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::Arg;
use clap_lex::OsStrExt;

use crate::cli::args::fields::{self, Values};
use crate::cli::args::profile_flags;
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
    pub(super) config_path: Option<&'a OsStr>,
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

    /// Returns what profiles hold in these fields, one field after the other.
    fn stored(&self, fields: &[Field]) -> Vec<String> {
        let config = self.config();
        let profiles = config.as_ref().map(Config::profiles).unwrap_or_default();
        let texts = fields.iter().flat_map(|field| profiles.iter().map(|profile| profile.text(*field)));
        texts.filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }
}

/// Returns what is offered as the value of a flag, or as one of a command's words.
pub(super) fn of(arg: &Arg, known: &Known<'_>) -> Vec<String> {
    let choices = arg.get_possible_values();
    if !choices.is_empty() {
        return choices.iter().map(|choice| choice.get_name().to_owned()).collect();
    }
    match kind(arg) {
        Values::Unknown => Vec::new(),
        Values::Profiles => unique(known.stored(&[Field::Name]).into_iter()),
        Values::Modes => modes::ALL.iter().map(|mode| mode.name().to_owned()).collect(),
        Values::Regions => regions(known),
        Values::Languages => Language::ALL.iter().map(|language| language.code().to_owned()).collect(),
        Values::Sites => modes::site_names().map(str::to_owned).collect(),
        Values::EndpointTypes => owned(&["vpc"]),
        Values::Booleans => owned(&["true", "false"]),
        Values::RuleActions => actions().map(str::to_owned).collect(),
        Values::RulePatterns => rule_patterns(known),
        Values::Settings => fields::with_fields().map(|(flag, _)| flag.to_owned()).collect(),
        Values::Removable => fields::removable().map(|(flag, _)| flag.to_owned()).collect(),
    }
}

/// Returns the flag that says what a word is about, where the words of a command are settings.
pub(super) fn flag_of(arg: &Arg, word: &str) -> Option<Arg> {
    let has_flags = matches!(kind(arg), Values::Settings | Values::Removable);
    has_flags.then(profile_flags::all)?.into_iter().find(|flag| flag.get_long() == Some(word))
}

fn kind(arg: &Arg) -> Values {
    let row = fields::row(arg.get_long().unwrap_or(arg.get_id().as_str()));
    row.map_or(Values::Unknown, |row| row.values)
}

/// Returns the regions of the config file, then those that are known to have an STS of their own.
fn regions(known: &Known<'_>) -> Vec<String> {
    let stored = known.stored(&[Field::RegionId, Field::StsRegion]);
    unique(stored.into_iter().chain(VPC_REGIONS.iter().map(|region| (*region).to_owned())))
}

/// Returns the patterns of the safety policy.
fn rule_patterns(known: &Known<'_>) -> Vec<String> {
    let policy = known.store().and_then(|store| SettingsStore::beside(&store).load::<SafetyPolicy>().ok());
    policy.unwrap_or_default().rules.into_iter().map(|rule| rule.pattern).collect()
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}
