//! The contents of a config file: profiles, which of them is current, and whatever else it holds.

pub(crate) mod field;
pub(crate) mod ini;
pub(crate) mod legacy;
pub(crate) mod profile;
#[cfg(test)]
mod properties;
mod read;
mod spelling;
pub(crate) mod store;

use std::convert::Infallible;

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::error::{Error, Result};
use crate::language::Language;
use crate::spelling::alike;
use crate::storage::json::{self, OrderedObject};
use spelling::Spellings;

/// What a config file holds (behaviour, section 2).
#[derive(Debug, Clone)]
pub struct Config {
    current: String,
    profiles: Vec<Profile>,
    meta_path: String,
    /// The unknown members; the known ones are the fields above.
    others: OrderedObject<Member, Infallible>,
    spellings: Spellings,
    language: Language,
}

/// A part of a config: the current profile and those of some names. It is only looked at: what was left out
/// would be lost if it were written.
#[derive(Debug)]
pub(crate) struct Excerpt(Config);

/// The known members at the top of the file, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    Current,
    Profiles,
    MetaPath,
}

impl Member {
    const ALL: [Self; 3] = [Self::Current, Self::Profiles, Self::MetaPath];

    fn key(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Profiles => "profiles",
            Self::MetaPath => "meta_path",
        }
    }
}

/// The name of the profile that a new config starts with.
pub(crate) const DEFAULT_PROFILE: &str = "default";

impl Config {
    /// Returns the config that stands in for a missing file: one profile `default` without a mode.
    pub(crate) fn built_in(language: Language) -> Self {
        Self {
            current: DEFAULT_PROFILE.to_owned(),
            profiles: vec![profile_in(DEFAULT_PROFILE, language)],
            meta_path: String::new(),
            others: OrderedObject::default(),
            spellings: Spellings::default(),
            language,
        }
    }

    /// Returns a config of these profiles.
    pub(crate) fn of(profiles: Vec<Profile>, current: String, language: Language) -> Self {
        Self { current, profiles, ..Self::built_in(language) }
    }

    /// Returns the name of the current profile; it may be empty, or name a profile that is not there.
    pub fn current(&self) -> &str {
        &self.current
    }

    /// Makes a profile the current one.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProfile`] where there is none of that name.
    pub fn switch(&mut self, name: &str) -> Result<()> {
        self.find(name)?;
        self.current = name.to_owned();
        Ok(())
    }

    /// Returns the keys of what the file holds at its top that this version does not know.
    pub(crate) fn unknown_keys(&self) -> impl Iterator<Item = &str> {
        self.others.unknown_keys()
    }

    /// Returns all profiles in the order of the file.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// Returns all profiles, to be changed.
    pub(crate) fn profiles_mut(&mut self) -> &mut [Profile] {
        &mut self.profiles
    }

    /// Finds a profile; the first one where several have that name.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name() == name)
    }

    /// Finds a profile that must be there, as [`Config::profile`] does.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProfile`] where there is none of that name.
    pub(crate) fn find(&self, name: &str) -> Result<&Profile> {
        self.profile(name).ok_or_else(|| Error::UnknownProfile {
            profile: name.to_owned(),
            text: format!("profile {name} not found"),
            near: alike(name, self.profiles.iter().map(Profile::name)),
        })
    }

    /// Stores a profile in the place of the first one of that name, or behind the others where it is new.
    pub fn put(&mut self, profile: Profile) {
        match self.profiles.iter_mut().find(|other| other.name() == profile.name()) {
            Some(place) => *place = profile,
            None => self.profiles.push(profile),
        }
    }

    /// Returns a copy of a profile, or a new one of that name that the config does not hold yet.
    pub fn profile_or_new(&self, name: &str) -> Profile {
        self.profile(name).cloned().unwrap_or_else(|| profile_in(name, self.language()))
    }

    /// Removes every profile of a name; where it was current, the first of the rest becomes current.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProfile`] where there is none of that name.
    pub fn delete(&mut self, name: &str) -> Result<()> {
        self.find(name)?;
        self.profiles.retain(|profile| profile.name() != name);
        if self.current == name {
            self.current = self.profiles.first().map_or(DEFAULT_PROFILE, Profile::name).to_owned();
        }
        Ok(())
    }

    /// Gives every profile of a name another one; what names it, as the current profile or as a source, follows.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProfile`] where there is none of that name, [`Error::ProfileExists`] or
    /// [`Error::InvalidInput`] where the new one cannot be taken.
    pub fn rename(&mut self, name: &str, to: &str) -> Result<()> {
        self.find(name)?;
        self.check_new_name(to)?;
        for profile in &mut self.profiles {
            for field in [Field::Name, Field::SourceProfile] {
                if profile.text(field) == name {
                    profile.set_text(field, to);
                }
            }
        }
        if self.current == name {
            self.current = to.to_owned();
        }
        Ok(())
    }

    /// Appends a copy of a profile under another name.
    ///
    /// # Errors
    ///
    /// As [`Config::rename`].
    pub fn copy(&mut self, name: &str, to: &str) -> Result<()> {
        let mut copy = self.find(name)?.clone();
        self.check_new_name(to)?;
        copy.set_text(Field::Name, to);
        self.profiles.push(copy);
        Ok(())
    }

    /// Finds out whether a new profile can have a name.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where it is empty or holds control characters, [`Error::ProfileExists`] where it is
    /// that of another profile.
    pub(crate) fn check_new_name(&self, name: &str) -> Result<()> {
        if name.is_empty() {
            return Err(Error::invalid("the new name of the profile is empty"));
        }
        if name.contains(char::is_control) {
            return Err(Error::invalid("the new name of the profile holds control characters"));
        }
        match self.profile(name) {
            Some(_) => Err(Error::ProfileExists { profile: name.to_owned() }),
            None => Ok(()),
        }
    }

    /// Returns the language of texts: that of the current profile, else that of the environment.
    pub(crate) fn language(&self) -> Language {
        self.profile(&self.current)
            .and_then(|profile| Language::from_code(profile.text(Field::Language)))
            .unwrap_or(self.language)
    }
}

impl Excerpt {
    /// Returns the name of the current profile, as [`Config::current`] does.
    pub(crate) fn current(&self) -> &str {
        self.0.current()
    }

    /// Finds a profile as [`Config::profile`] does, if it was asked for or is the current one.
    pub(crate) fn profile(&self, name: &str) -> Option<&Profile> {
        self.0.profile(name)
    }
}

/// Returns a profile that has an output format and nothing else.
fn blank_profile(name: &str) -> Profile {
    let mut profile = Profile::new(name);
    profile.set_text(Field::OutputFormat, "json");
    profile
}

/// Returns a profile as a first save writes it.
fn profile_in(name: &str, language: Language) -> Profile {
    let mut profile = blank_profile(name);
    profile.set_text(Field::Language, language.code());
    profile
}

/// Writes the config, and texts that nobody has changed as they were spelled.
impl Serialize for Config {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if self.spellings.is_empty() {
            return Members(self).serialize(serializer);
        }
        let json = json::to_vec(&Members(self)).map(Zeroizing::new).map_err(S::Error::custom)?;
        let json = str::from_utf8(&json).map_err(S::Error::custom)?;
        let json = RawValue::from_string(self.spellings.restore(json)).map_err(S::Error::custom)?;
        let outcome = json.serialize(serializer);
        drop(Zeroizing::new(String::from(Box::<str>::from(json))));
        outcome
    }
}

struct Members<'a>(&'a Config);

/// Writes the known members in their order, and each unknown one behind the member that it followed.
impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Self(config) = self;
        config.others.serialize(serializer, &Member::ALL, |map, member, _| match member {
            Member::Current => map.serialize_entry(member.key(), &config.current),
            Member::Profiles => map.serialize_entry(member.key(), &config.profiles),
            Member::MetaPath => map.serialize_entry(member.key(), &config.meta_path),
        })
    }
}
