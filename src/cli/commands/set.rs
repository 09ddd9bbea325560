use crate::cli::invocation::Invocation;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::config::{Config, DEFAULT_PROFILE};
use crate::credentials::overlay::Overrides;
use crate::credentials::resolver::validate;
use crate::error::Result;
use crate::modes;

/// The fields that flags set in any mode.
const COMMON: &[Field] = &[
    Field::RegionId,
    Field::Language,
    Field::ReadTimeout,
    Field::ConnectTimeout,
    Field::RetryCount,
    Field::StsRegion,
    Field::StsEndpoint,
    Field::EndpointType,
    Field::Endpoint,
    Field::ExternalAccountType,
    Field::AutoPluginInstall,
    Field::AutoPluginInstallEnablePre,
];

/// Changes a profile as the flags say, and makes it the current one (behaviour, section 4).
pub(crate) fn run(invocation: &Invocation<'_>) -> Result<()> {
    let overrides = invocation.overrides()?;
    invocation.store()?.update(|config| {
        let profile = changed(config, invocation.profile(), &overrides);
        validate(&profile)
            .map_err(|invalid| crate::error::Error::from(invalid).during("fail to set configuration: "))?;
        let name = profile.name().to_owned();
        config.put(profile);
        config.switch(&name)
    })
}

/// Gives the profile as it is to be stored.
fn changed(config: &Config, asked: Option<&str>, overrides: &Overrides) -> Profile {
    let mut profile = config.profile_or_new(asked.unwrap_or_else(|| current(config)));
    if let Some(mode) = overrides.mode() {
        profile.set_text(Field::Mode, mode);
    } else if profile.mode().is_empty() {
        profile.set_text(Field::Mode, modes::DEFAULT.name());
    }
    if let Some(mode) = modes::by_name(profile.mode()) {
        overrides.copy(mode.flag_fields(), &mut profile);
    }
    overrides.copy(COMMON, &mut profile);
    profile.set_text(Field::OutputFormat, "json");
    profile.set_text(Field::Site, "china");
    profile
}

/// Gives the name of the current profile, or that of the first one ever made.
pub(crate) fn current(config: &Config) -> &str {
    if config.current().is_empty() { DEFAULT_PROFILE } else { config.current() }
}
