use super::current;
use crate::cli::args::profile_flags::{AllFlags, Target, ignored_words};
use crate::config::Config;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::overlay::Overrides;
use crate::credentials::resolver::validate;
use crate::error::{Error, Result};
use crate::host::Host;
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

/// The arguments of `configure set`.
#[derive(Debug, clap::Args)]
#[command(arg = ignored_words())]
pub(crate) struct Arguments {
    #[command(flatten)]
    flags: AllFlags,
}

/// Changes a profile as the flags say, and makes it the current one (behaviour, section 4).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let flags = &arguments.flags;
    let overrides = flags.overrides(host)?;
    let name = flags.target.store(host)?.update(|config| {
        let profile = changed(config, flags.target.profile(), &overrides);
        validate(&profile)
            .map_err(|error| Error::InvalidInput(format!("fail to set configuration: {error}")))?;
        let name = profile.name().to_owned();
        config.put(profile);
        config.switch(&name)?;
        Ok(name)
    })?;
    Target::warn_of_other(host, &name)
}

/// Returns the profile as it is to be stored.
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
