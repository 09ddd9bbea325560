use crate::cli::args::profile_flags::{AllFlags, Target, ignored_words};
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
    let store = target.store(host)?;
    let Some(name) = target.profile.as_deref() else {
        store.load_existing().map_err(reworded)?;
        return Err(Error::invalid("the --profile <profileName> is required"));
    };
    Target::warn_of_other(host, name)?;
    store.update_existing(|config| config.switch(name)).map_err(reworded)?;
    host.out(&format!("The default profile is `{name}` now.\n"))
}

fn reworded(error: Error) -> Error {
    match error {
        Error::NotConfigured { profile, .. } => Error::invalid(format!("the profile `{profile}` is inexist")),
        error @ Error::Storage { failure: StorageFailure::Unwritable(_), .. } => error,
        other => other.during("load configuration failed "),
    }
}
