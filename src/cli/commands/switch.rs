use crate::cli::args::profile_flags::{AllFlags, ignored_words};
use crate::error::{Error, Result, StorageFailure};
use crate::host::Host;

/// The arguments of `configure switch`.
#[derive(Debug, clap::Args)]
#[command(arg = ignored_words())]
pub(crate) struct Arguments {
    #[command(flatten)]
    flags: AllFlags,
}

/// Makes a profile the current one (behaviour, section 4).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let target = &arguments.flags.target;
    let name = target
        .profile
        .as_deref()
        .ok_or_else(|| Error::InvalidInput("the --profile <profileName> is required".to_owned()))?;
    let outcome = target.store(host)?.update_existing(|config| config.switch(name));
    outcome.map_err(|error| match error {
        Error::NotConfigured { profile, .. } => {
            Error::InvalidInput(format!("the profile `{profile}` is inexist"))
        }
        error @ Error::Storage { failure: StorageFailure::Unwritable(_), .. } => error,
        other => other.during("load configuration failed "),
    })?;
    host.out(&format!("The default profile is `{name}` now.\n"))
}
