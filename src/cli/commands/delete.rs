use crate::cli::args::profile_flags::{PersistentFlags, Target, ignored_words};
use crate::error::{Error, Result, StorageFailure};
use crate::host::{Host, Stream};

const USAGE: &str =
    "\nusage:\n  aliyun configure delete --profile <profileName> [--config-path <configPath>]\n";

/// The arguments of `configure delete`.
#[derive(Debug, clap::Args)]
#[command(arg = ignored_words())]
pub(crate) struct Arguments {
    #[command(flatten)]
    flags: PersistentFlags,
}

/// Removes a profile (behaviour, section 4).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let target = &arguments.flags.target;
    let Some(name) = target.profile.as_deref() else {
        host.write(Stream::Stderr, USAGE)?;
        return Err(Error::InvalidInput("missing --profile <profileName>".to_owned()));
    };
    Target::warn_of_other(host, name)?;
    let outcome = target.store(host)?.update_existing(|config| config.delete(name));
    outcome.map_err(|error| match error {
        error @ Error::UnknownProfile { .. } => {
            error.reword_unknown_profile(|name| format!("error: configuration profile `{name}` not found"))
        }
        error @ Error::Storage { failure: StorageFailure::Unwritable(_), .. } => error,
        missing @ Error::Storage {
            failure: StorageFailure::Missing | StorageFailure::NamedMissing, ..
        } => missing.during("ERROR: load configure failed: "),
        other => other.during("load configure failed: "),
    })
}
