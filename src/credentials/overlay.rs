//! Flags and environment laid over a profile (wire, sections 0.2 and 0.3).

use crate::config::field::{Field, Kind, Value};
use crate::config::profile::Profile;
use crate::host::Host;
use crate::modes;

/// Values that win over those of a profile, as flags give them.
///
/// ```no_run
/// use aliyun_configure::{CredentialResolver, Field, Overrides, RealHost};
///
/// # fn main() -> aliyun_configure::Result<()> {
/// let role = Overrides::new().with(Field::RamRoleArn, "acs:ram::1:role/reader");
/// let resolver = CredentialResolver::open(&RealHost)?.with_overrides(role);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Overrides(Vec<(Field, Value)>);

/// The fields whose flags let the overlay take place beside a flag for the mode.
const CREDENTIAL_FIELDS: &[Field] = &[
    Field::AccessKeyId,
    Field::AccessKeySecret,
    Field::StsToken,
    Field::RamRoleName,
    Field::RamRoleArn,
    Field::RamSessionName,
    Field::PrivateKey,
    Field::KeyPairName,
    Field::OidcProviderArn,
    Field::OidcTokenFile,
];

/// How the mode of a profile that names none is recognised: the first row whose fields are all there.
const RECOGNISED: &[(&str, &[Field])] = &[
    ("StsToken", &[Field::AccessKeyId, Field::AccessKeySecret, Field::StsToken]),
    ("RamRoleArn", &[Field::AccessKeyId, Field::AccessKeySecret, Field::RamRoleArn]),
    ("AK", &[Field::AccessKeyId, Field::AccessKeySecret]),
    ("RsaKeyPair", &[Field::PrivateKey, Field::KeyPairName]),
    ("EcsRamRole", &[Field::RamRoleName]),
    ("External", &[Field::ProcessCommand]),
    ("OIDC", &[Field::OidcProviderArn, Field::OidcTokenFile, Field::RamRoleArn]),
    ("CloudSSO", &[Field::CloudSsoSignInUrl]),
    ("BearerToken", &[Field::BearerToken]),
];

/// The mode that needs no credentials, which alone the environment can ask for.
const ANONYMOUS: &str = "Anonymous";

impl FromIterator<(Field, Value)> for Overrides {
    fn from_iter<T: IntoIterator<Item = (Field, Value)>>(values: T) -> Self {
        Self(values.into_iter().collect())
    }
}

impl Overrides {
    /// Makes overrides that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets a text win over what a profile has in a field; a text that means nothing for it does not count.
    #[must_use]
    pub fn with(mut self, field: Field, text: &str) -> Self {
        self.0.extend(field.value(text).map(|value| (field, value)));
        self
    }

    /// Returns the value for a field.
    pub(crate) fn get(&self, field: Field) -> Option<&Value> {
        self.0.iter().rev().find(|(other, _)| *other == field).map(|(_, value)| value)
    }

    /// Returns the mode asked for, in its canonical spelling where it exists.
    pub(crate) fn mode(&self) -> Option<&str> {
        let canonical = |mode| modes::by_name_in_any_case(mode).map_or(mode, |mode| mode.name());
        self.get(Field::Mode).map(|_| canonical(self.typed_mode()))
    }

    /// Returns the mode asked for as it was typed; empty where none is.
    pub(crate) fn typed_mode(&self) -> &str {
        match self.get(Field::Mode) {
            Some(Value::Text(mode)) => mode,
            _ => "",
        }
    }

    /// Copies the values of some fields into a profile.
    pub(crate) fn copy(&self, fields: &[Field], profile: &mut Profile) {
        for field in fields {
            if let Some(value) = self.get(*field) {
                profile.set(*field, value.clone());
            }
        }
    }

    /// Tells whether flags and environment count at all: a flag for the mode alone turns both off.
    fn apply(&self) -> bool {
        match self.mode().map(str::trim) {
            None | Some("" | ANONYMOUS) => true,
            Some(_) => CREDENTIAL_FIELDS.iter().any(|field| self.get(*field).is_some()),
        }
    }
}

/// Lays flags over a profile, fills what is still empty from the environment, and recognises the mode.
pub(crate) fn overlay(profile: &mut Profile, overrides: &Overrides, host: &dyn Host) {
    if overrides.apply() {
        overlay_with_mode(profile, overrides, host);
    }
}

/// As [`overlay`], but beside a flag for the mode too: for showing a profile, not for calling with it.
pub(crate) fn overlay_with_mode(profile: &mut Profile, overrides: &Overrides, host: &dyn Host) {
    for (field, value) in &overrides.0 {
        if *field != Field::Name && *field != Field::Mode {
            profile.set(*field, value.clone());
        }
    }
    if let Some(mode) = overrides.mode().filter(|mode| !mode.trim().is_empty()) {
        profile.set_text(Field::Mode, mode);
    }
    fill_from_environment(profile, host);
}

/// Fills the empty fields of a profile from the environment, and recognises the mode where there is none.
pub(crate) fn fill_from_environment(profile: &mut Profile, host: &dyn Host) {
    for field in Field::ALL.iter().copied().filter(|field| !field.variables().is_empty()) {
        if profile.is_empty(field)
            && let Some(text) = host.first_var(field.variables())
            && counts(field, &text)
        {
            profile.set_text(field, &text);
        }
    }
    if profile.mode().is_empty() {
        profile.set_text(Field::Mode, recognise(profile, host));
    }
}

/// Tells whether a variable sets a field: a switch is on for `true` alone, in these letters.
fn counts(field: Field, text: &str) -> bool {
    field.kind() != Kind::Boolean || text == "true"
}

fn recognise(profile: &Profile, host: &dyn Host) -> &'static str {
    let asked = host.var("ALIBABA_CLOUD_PROFILE_MODE").unwrap_or_default();
    if asked.trim().eq_ignore_ascii_case(ANONYMOUS) {
        return ANONYMOUS;
    }
    let fits = |fields: &[Field]| fields.iter().all(|field| !profile.is_empty(*field));
    RECOGNISED.iter().find(|(_, fields)| fits(fields)).map_or("", |(mode, _)| mode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    fn flags(values: &[(Field, &str)]) -> Overrides {
        values.iter().fold(Overrides::new(), |flags, (field, text)| flags.with(*field, text))
    }

    #[test]
    fn every_recognised_mode_exists() {
        for (mode, _) in RECOGNISED.iter().chain([&(ANONYMOUS, &[] as &[Field])]) {
            assert!(modes::by_name(mode).is_some(), "{mode}");
        }
    }

    #[test]
    fn a_flag_wins_over_the_profile_and_the_profile_over_the_environment() {
        let host = FakeHost::new()
            .with_var("ALIBABA_CLOUD_ACCESS_KEY_ID", "env")
            .with_var("ALICLOUD_REGION_ID", "env")
            .with_var("ALIBABA_CLOUD_ENDPOINT", "env");
        let mut profile = Profile::new("p");
        profile.set_text(Field::AccessKeyId, "profile");
        profile.set_text(Field::RegionId, "profile");
        overlay(&mut profile, &flags(&[(Field::RegionId, "flag")]), &host);
        let texts = [Field::AccessKeyId, Field::RegionId, Field::Endpoint].map(|field| profile.text(field));
        assert_eq!(texts, ["profile", "flag", "env"]);
    }

    #[test]
    fn a_flag_for_the_mode_alone_turns_the_overlay_off() {
        let host = FakeHost::new().with_var("REGION", "env");
        let region = |overrides| {
            let mut profile = Profile::new("p");
            overlay(&mut profile, &overrides, &host);
            (profile.text(Field::RegionId).to_owned(), profile.mode().to_owned())
        };
        assert_eq!(region(flags(&[(Field::Mode, "AK")])), (String::new(), String::new()));
        assert_eq!(region(flags(&[(Field::Mode, "anonymous")])), ("env".into(), "Anonymous".into()));
        assert_eq!(region(flags(&[(Field::Mode, " ")])), ("env".into(), String::new()));
        let with_key = flags(&[(Field::Mode, "ak"), (Field::AccessKeyId, "i")]);
        assert_eq!(region(with_key), ("env".into(), "AK".into()));
    }

    #[test]
    fn a_switch_in_the_environment_is_on_for_true_alone() {
        let on = |value: &str| {
            let host = FakeHost::new().with_var("ALIBABA_CLOUD_CLI_PLUGIN_AUTO_INSTALL", value);
            let mut profile = Profile::new("p");
            fill_from_environment(&mut profile, &host);
            profile.get(Field::AutoPluginInstall).is_some()
        };
        assert_eq!(["true", "TRUE", "1", "yes", " true"].map(on), [true, false, false, false, false]);
    }

    #[test]
    fn the_mode_is_recognised_in_a_fixed_order() {
        let recognised = |fields: &[Field]| {
            let mut profile = Profile::new("p");
            fields.iter().for_each(|field| profile.set_text(*field, "x"));
            fill_from_environment(&mut profile, &FakeHost::new());
            profile.mode().to_owned()
        };
        use Field::*;
        assert_eq!(recognised(&[AccessKeyId, AccessKeySecret, StsToken, RamRoleArn]), "StsToken");
        assert_eq!(recognised(&[AccessKeyId, AccessKeySecret, RamRoleArn]), "RamRoleArn");
        assert_eq!(recognised(&[AccessKeyId, AccessKeySecret, RamRoleName]), "AK");
        assert_eq!(recognised(&[ProcessCommand, BearerToken]), "External");
        assert_eq!(recognised(&[CredentialsUri]), "");
    }
}
