use crate::cli::args::profile_flags::{AllFlags, Target, ignored_words};
use crate::config::Config;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::error::{Error, Result, StorageFailure};
use crate::host::{Host, Stream};
use crate::prompt;

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
    let name = match target.profile.as_deref() {
        Some(name) => name.to_owned(),
        None => choose(&store.load_existing().map_err(reworded)?, host)?,
    };
    Target::warn_of_other(host, &name)?;
    store.update_existing(|config| config.switch(&name)).map_err(reworded)?;
    host.out(&format!("The default profile is `{name}` now.\n"))
}

/// Lets somebody at a terminal choose from the profiles; who gives up changes nothing (beyond, section 3).
fn choose(config: &Config, host: &dyn Host) -> Result<String> {
    let row = |profile: &Profile| {
        let region = profile.text(Field::RegionId);
        format!("{} ({}) {region}", profile.name(), profile.mode()).trim_end().to_owned()
    };
    let rows: Vec<_> = config.profiles().iter().map(row).collect();
    let chosen = match host.is_terminal(Stream::Stdin) && !rows.is_empty() {
        true => prompt::open(host)?.select("Profile", &rows)?,
        false => None,
    };
    let profile = chosen.and_then(|index| config.profiles().get(index));
    let name = profile.map(|profile| profile.name().to_owned());
    name.ok_or_else(|| Error::invalid("the --profile <profileName> is required"))
}

fn reworded(error: Error) -> Error {
    match error {
        error @ Error::UnknownProfile { .. } => {
            error.reword_unknown_profile(|name| format!("the profile `{name}` is inexist"))
        }
        error @ Error::Storage { failure: StorageFailure::Unwritable(_), .. } => error,
        other => other.during("load configuration failed "),
    }
}
