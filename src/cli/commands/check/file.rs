//! Findings about the config file and its folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::finding::{About, Finding, Level};
use crate::cli::args::warnings::mode_of;
use crate::config::Config;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::error::{Error, StorageFailure};
use crate::language::Language;
use crate::modes;
use crate::secret::Secret;
use crate::shell::quoted;
use crate::texts::check;

/// The fields of modes that the Go SDK, Terraform and Java lose when they write the file back.
const LOST: &[Field] = &[Field::PrivateKey, Field::KeyPairName, Field::CredentialsUri, Field::BearerToken];

fn about(language: Language) -> About<'static> {
    About { area: "file", profile: None, language }
}

/// Says why the config cannot be used.
pub(super) fn unusable(path: &Path, error: &Error, language: Language) -> Vec<Finding> {
    let is_missing = matches!(
        error,
        Error::Storage { failure: StorageFailure::Missing | StorageFailure::NamedMissing, .. }
    );
    let finding = if is_missing {
        let finding = about(language).finding(Level::Error, check::NO_FILE, &[&path.display().to_string()]);
        finding.mended_by("aliyun configure")
    } else {
        about(language).told(Level::Error, &error.to_string())
    };
    [vec![finding], surroundings(path, language)].concat_findings()
}

/// Looks at the file, at its folder, and at what it holds beside its profiles.
pub(super) fn findings(path: &Path, config: &Config, language: Language) -> Vec<Finding> {
    let found = about(language).finding(Level::Ok, check::FILE_READ, &[&path.display().to_string()]);
    let lists = [
        vec![found],
        surroundings(path, language),
        unknown_members(config, language),
        twins(config, language),
        current_names_none(config, language).into_iter().collect(),
        written_by_others(path, config, language),
    ];
    lists.concat_findings()
}

/// Joins lists of findings.
trait Joined {
    fn concat_findings(self) -> Vec<Finding>;
}

impl<const COUNT: usize> Joined for [Vec<Finding>; COUNT] {
    fn concat_findings(self) -> Vec<Finding> {
        self.into_iter().flatten().collect()
    }
}

fn surroundings(path: &Path, language: Language) -> Vec<Finding> {
    let found =
        [is_link(path, language), readable_by_others(path, language), replaceable_by_others(path, language)];
    found.into_iter().flatten().collect()
}

fn is_link(path: &Path, language: Language) -> Option<Finding> {
    let target = std::fs::read_link(path).ok()?;
    let values = [path.display().to_string(), target.display().to_string()];
    Some(about(language).finding(Level::Ok, check::LINK, &values.each_ref().map(String::as_str)))
}

fn readable_by_others(path: &Path, language: Language) -> Option<Finding> {
    const OTHERS: u32 = 0o077;
    let mode = mode_of(path).filter(|mode| mode & OTHERS != 0)?;
    let values = [path.display().to_string(), format!("{mode:04o}")];
    let finding = about(language).finding(
        Level::Warning,
        check::READABLE_BY_OTHERS,
        &values.each_ref().map(String::as_str),
    );
    Some(finding.mended_by(format!("chmod 600 {}", quoted(&path.to_string_lossy()))))
}

fn replaceable_by_others(path: &Path, language: Language) -> Option<Finding> {
    const OTHERS_WRITE: u32 = 0o022;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mode = mode_of(folder).filter(|mode| mode & OTHERS_WRITE != 0)?;
    let values = [folder.display().to_string(), format!("{mode:04o}")];
    let finding = about(language).finding(
        Level::Warning,
        check::REPLACEABLE_BY_OTHERS,
        &values.each_ref().map(String::as_str),
    );
    Some(finding.mended_by(format!("chmod go-w {}", quoted(&folder.to_string_lossy()))))
}

fn unknown_members(config: &Config, language: Language) -> Vec<Finding> {
    let of_profile = |profile: &Profile| {
        let keys = profile.unknown_keys().collect::<Vec<_>>().join(", ");
        let about = About { profile: Some(profile.name()), ..about(language) };
        (!keys.is_empty()).then(|| about.finding(Level::Warning, check::UNKNOWN_FIELDS, &[&keys]))
    };
    config.profiles().iter().filter_map(of_profile).collect()
}

fn twins(config: &Config, language: Language) -> Vec<Finding> {
    let mut counts = BTreeMap::new();
    config.profiles().iter().for_each(|profile| *counts.entry(profile.name()).or_insert(0_usize) += 1);
    let twins = counts.into_iter().filter(|(_, count)| *count > 1);
    twins
        .map(|(name, count)| {
            let about = About { profile: Some(name), ..about(language) };
            about.finding(Level::Warning, check::TWINS, &[&count.to_string(), name])
        })
        .collect()
}

fn current_names_none(config: &Config, language: Language) -> Option<Finding> {
    let current = config.current();
    (config.profile(current).is_none()).then(|| {
        let finding = about(language).finding(Level::Warning, check::CURRENT_NAMES_NONE, &[current]);
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
fn written_by_others(path: &Path, config: &Config, language: Language) -> Vec<Finding> {
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
        let about = About { profile: Some(profile.name()), ..about(language) };
        let finding = about.finding(Level::Warning, check::WRITTEN_BY_OTHERS, &[&missing]);
        finding.mended_by(format!("aliyun configure --profile {}", quoted(profile.name())))
    };
    config.profiles().iter().zip(&keys.profiles).map(lost).collect()
}
