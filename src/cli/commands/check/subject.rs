//! The profile that `check` looks at: which one, its values and their sources.

use super::finding::{About, Finding, Level, SourcedValue};
use crate::cli::commands::printable;
use crate::config::Config;
use crate::config::field::{Field, Kind};
use crate::config::profile::Profile;
use crate::credentials::overlay::{Overrides, overlay_with_mode};
use crate::credentials::variables::profile_variable;
use crate::host::Host;
use crate::language::Language;
use crate::secret::{shown, tail};
use crate::texts::check;

/// A profile as it is stored, and as a call uses it.
pub(super) struct Subject<'a> {
    pub(super) host: &'a dyn Host,
    pub(super) config: &'a Config,
    pub(super) stored: &'a Profile,
    pub(super) effective: Profile,
    pub(super) overrides: &'a Overrides,
    pub(super) language: Language,
}

impl<'a> Subject<'a> {
    /// Lays flags and environment over a profile.
    pub(super) fn new(
        host: &'a dyn Host,
        config: &'a Config,
        stored: &'a Profile,
        overrides: &'a Overrides,
        language: Language,
    ) -> Self {
        let mut effective = stored.clone();
        overlay_with_mode(&mut effective, overrides, host);
        Self { host, config, stored, effective, overrides, language }
    }

    /// Returns what findings of an area are about.
    pub(super) fn about(&self, area: &'static str) -> About<'_> {
        About { area, profile: Some(self.stored.name()), language: self.language }
    }

    /// Returns all values with their sources.
    pub(super) fn values(&self) -> Vec<SourcedValue> {
        let known = Field::ALL.iter().copied().filter(|field| *field != Field::Name);
        known.filter_map(|field| self.value(field)).collect()
    }

    fn value(&self, field: Field) -> Option<SourcedValue> {
        let text = self.effective.get(field)?.expose();
        Some(SourcedValue {
            profile: self.stored.name().to_owned(),
            name: field.json(),
            value: printable(visible(field, &text).into()).into_owned(),
            source: self.source(field),
        })
    }

    /// Says where the value of a field comes from.
    pub(super) fn source(&self, field: Field) -> String {
        if self.overrides.get(field).is_some_and(|value| !value.is_empty()) {
            return "flag".to_owned();
        }
        if !self.stored.is_empty(field) {
            return "profile".to_owned();
        }
        match self.variable(field) {
            Some(name) => format!("environment {name}"),
            None => "default".to_owned(),
        }
    }

    /// Returns the variable that a field is filled from, which counts where the profile has no value.
    fn variable(&self, field: Field) -> Option<&'static str> {
        field.variables().iter().copied().find(|name| self.host.var(name).is_some())
    }
}

/// Returns what may be seen of a value.
fn visible(field: Field, text: &str) -> String {
    match field {
        Field::AccessKeyId => format!("***{}", tail(text, 3)),
        Field::ProcessCommand => shown::command(text),
        Field::CredentialsUri | Field::CloudSsoSignInUrl => shown::address(text),
        _ if field.kind() == Kind::Secret => format!("***{}", tail(text, 3)),
        _ => text.to_owned(),
    }
}

/// Chooses the profile as a call does, and says why it is that one.
pub(super) fn choose<'c>(
    host: &dyn Host,
    config: &'c Config,
    asked: Option<&str>,
    language: Language,
) -> (Finding, Option<&'c Profile>) {
    let (name, why) = match (asked, profile_variable(host)) {
        (Some(name), _) => (name.to_owned(), "--profile".to_owned()),
        (None, Some((variable, name))) => (name, format!("environment {variable}")),
        (None, None) => (config.current().to_owned(), "current".to_owned()),
    };
    let profile = config.profile(&name);
    let about = About { area: "profile", profile: Some(&name), language };
    let finding = match profile {
        Some(_) => about.finding(Level::Ok, check::CHOSEN, &[&name, &why]),
        None => about
            .finding(Level::Error, check::UNKNOWN_PROFILE, &[&name, &why])
            .mended_by("aliyun configure list"),
    };
    (finding, profile)
}
