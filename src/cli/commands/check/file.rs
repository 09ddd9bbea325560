//! Findings about the config file and its folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::finding::{About, Finding, Level};
use crate::config::Config;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::error::{Error, StorageFailure};
use crate::language::Language;
use crate::modes;
use crate::secret::Secret;
use crate::shell::quoted;
use crate::storage::ownership::{replaceable_by_others, usable_by_others};
use crate::texts::check;

/// The fields of modes that the Go SDK, Terraform and Java lose when they write the file back.
const LOST: &[Field] = &[Field::PrivateKey, Field::KeyPairName, Field::CredentialsUri, Field::BearerToken];

/// Says why the config cannot be used.
pub(super) fn unusable(error: &Error, language: Language) -> Vec<Finding> {
    let about = about(language);
    let Error::Storage { path, failure } = error else {
        return vec![about.told(Level::Error, &error.to_string())];
    };
    let finding = match failure {
        StorageFailure::Missing | StorageFailure::NamedMissing => about
            .finding(Level::Error, check::NO_FILE, &[&path.display().to_string()])
            .mended_by("aliyun configure"),
        _ => about.told(Level::Error, &error.to_string()),
    };
    [vec![finding], surroundings(path, about)].concat()
}

/// Looks at the file, at its folder, and at what it holds beside its profiles.
pub(super) fn findings(path: &Path, config: &Config, language: Language) -> Vec<Finding> {
    let about = about(language);
    let found = about.finding(Level::Ok, check::FILE_READ, &[&path.display().to_string()]);
    [
        vec![found],
        surroundings(path, about),
        unknown_members(config, about),
        twins(config, about),
        current_names_none(config, about).into_iter().collect(),
        written_by_others(path, config, about),
    ]
    .concat()
}

fn about(language: Language) -> About<'static> {
    About { area: "file", profile: None, language }
}

fn surroundings(path: &Path, about: About<'_>) -> Vec<Finding> {
    let found = [is_link(path, about), for_others(path, about), folder_for_others(path, about)];
    found.into_iter().flatten().collect()
}

fn is_link(path: &Path, about: About<'_>) -> Option<Finding> {
    let target = std::fs::read_link(path).ok()?;
    let (path, target) = (path.display().to_string(), target.display().to_string());
    Some(about.finding(Level::Ok, check::LINK, &[&path, &target]))
}

fn for_others(path: &Path, about: About<'_>) -> Option<Finding> {
    let mode = format!("{:04o}", usable_by_others(path)?);
    let path = path.to_string_lossy();
    let finding = about.finding(Level::Warning, check::READABLE_BY_OTHERS, &[&path, &mode]);
    Some(finding.mended_by(format!("chmod 600 {}", quoted(&path))))
}

fn folder_for_others(path: &Path, about: About<'_>) -> Option<Finding> {
    let (folder, mode) = replaceable_by_others(path)?;
    let (folder, mode) = (folder.to_string_lossy(), format!("{mode:04o}"));
    let finding = about.finding(Level::Warning, check::REPLACEABLE_BY_OTHERS, &[&folder, &mode]);
    Some(finding.mended_by(format!("chmod go-w {}", quoted(&folder))))
}

/// Finds what this version does not know, at the top of the file and in each profile.
fn unknown_members(config: &Config, about: About<'_>) -> Vec<Finding> {
    let found = |about: About<'_>, keys: Vec<&str>| {
        let keys = (!keys.is_empty()).then(|| keys.join(", "))?;
        Some(about.finding(Level::Warning, check::UNKNOWN_FIELDS, &[&keys]))
    };
    let of_profile = |profile: &Profile| {
        found(About { profile: Some(profile.name()), ..about }, profile.unknown_keys().collect())
    };
    let of_file = found(about, config.unknown_keys().collect());
    of_file.into_iter().chain(config.profiles().iter().filter_map(of_profile)).collect()
}

fn twins(config: &Config, about: About<'_>) -> Vec<Finding> {
    let mut counts = BTreeMap::new();
    config.profiles().iter().for_each(|profile| *counts.entry(profile.name()).or_insert(0_usize) += 1);
    let twins = counts.into_iter().filter(|(_, count)| *count > 1);
    twins
        .map(|(name, count)| {
            let about = About { profile: Some(name), ..about };
            about.finding(Level::Warning, check::TWINS, &[&count.to_string(), name])
        })
        .collect()
}

fn current_names_none(config: &Config, about: About<'_>) -> Option<Finding> {
    let current = config.current();
    (config.profile(current).is_none()).then(|| {
        let finding = about.finding(Level::Warning, check::CURRENT_NAMES_NONE, &[current]);
        finding.mended_by("aliyun configure switch --profile NAME")
    })
}

/// The keys that stand in the file itself; the config has defaults in the place of some that do not.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Keys {
    meta_path: Option<IgnoredAny>,
    profiles: Vec<BTreeMap<String, IgnoredAny>>,
}

/// Recognises a file that an SDK or Terraform wrote back, which drops what this program and the reference always
/// write, and says which profiles lost what.
fn written_by_others(path: &Path, config: &Config, about: About<'_>) -> Vec<Finding> {
    let text = Secret::new(std::fs::read_to_string(path).unwrap_or_default());
    let keys: Keys = serde_json::from_str(text.expose()).unwrap_or_default();
    let always = [Field::OutputFormat, Field::Language];
    let has_none = |keys: &BTreeMap<_, _>| always.iter().all(|field| !keys.contains_key(field.json()));
    if keys.meta_path.is_some() || keys.profiles.is_empty() || !keys.profiles.iter().all(has_none) {
        return Vec::new();
    }
    let lost = |(profile, keys): (&Profile, &BTreeMap<String, IgnoredAny>)| {
        let required = modes::by_name(profile.mode()).map(|mode| mode.required()).unwrap_or_default();
        let of_mode = LOST.iter().filter(|field| required.contains(field));
        let expected: BTreeSet<_> = always.iter().chain([&Field::RegionId]).chain(of_mode).collect();
        let missing = expected.into_iter().filter(|field| !keys.contains_key(field.json()));
        let missing = missing.map(|field| field.json()).collect::<Vec<_>>().join(", ");
        let about = About { profile: Some(profile.name()), ..about };
        let finding = about.finding(Level::Warning, check::WRITTEN_BY_OTHERS, &[&missing]);
        finding.mended_by(format!("aliyun configure --profile {}", quoted(profile.name())))
    };
    config.profiles().iter().zip(&keys.profiles).map(lost).collect()
}
