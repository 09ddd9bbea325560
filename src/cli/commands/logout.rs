use super::chosen;
use crate::cli::args::profile_flags::Target;
use crate::cli::runtime::wait;
use crate::config::Config;
use crate::config::profile::Profile;
use crate::config::store::ConfigStore;
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::http;
use crate::modes::{self, Mode};
use crate::shell::quoted;
use crate::texts::flags;

/// The arguments of `configure logout`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    target: Target,
    #[arg(long, conflicts_with = "profile", help = flags::LOGOUT_ALL.en)]
    all: bool,
}

/// Removes what logins in a browser left in the profiles, and revokes it (beyond, section 3).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let store = arguments.target.store(host)?;
    if logins(arguments, &store.load_existing()?)?.is_empty() {
        host.write(Stream::Stderr, "There is no login to end.\n")?;
        return Ok(());
    }
    wait(end(arguments, &store, host))
}

async fn end(arguments: &Arguments, store: &ConfigStore, host: &dyn Host) -> Result<()> {
    // The file comes first: whatever the service says, nothing of the login stays here.
    let ended = store.update_existing(|config| {
        let logins = logins(arguments, config)?;
        for (mode, profile) in &logins {
            let mut profile = profile.clone();
            mode.login_fields().iter().for_each(|field| profile.clear(*field));
            config.put(profile);
        }
        Ok(logins)
    })?;
    let client = http::Client::new(host, false);
    for (mode, profile) in ended {
        if let Err(error) = mode.revoke(&client, &profile).await {
            let name = profile.name();
            let warning =
                format!("WARNING: the login of profile '{name}' is removed here, but not revoked: {error}\n");
            host.write(Stream::Stderr, &warning)?;
        }
        host.out(&format!("logged out {}\n", profile.name()))?;
    }
    Ok(())
}

/// Returns the profiles that hold a login which is to end, each with its mode.
fn logins(arguments: &Arguments, config: &Config) -> Result<Vec<(&'static dyn Mode, Profile)>> {
    let with_mode = |profile: &Profile| modes::by_name(profile.mode()).map(|mode| (mode, profile.clone()));
    let mut logins: Vec<_> = match arguments.all {
        true => config.profiles().iter().filter_map(with_mode).collect(),
        false => vec![the_one(arguments, config)?],
    };
    logins.retain(|(mode, profile)| mode.login_fields().iter().any(|field| !profile.is_empty(*field)));
    Ok(logins)
}

/// Returns the one profile that is meant, whose mode must have a login.
fn the_one(arguments: &Arguments, config: &Config) -> Result<(&'static dyn Mode, Profile)> {
    let profile = chosen(config, &arguments.target)?;
    let mode = modes::by_name(profile.mode()).filter(|mode| !mode.login_fields().is_empty());
    mode.map(|mode| (mode, profile.clone())).ok_or_else(|| {
        let command = format!("aliyun configure delete --profile {}", quoted(profile.name()));
        Error::invalid(format!(
            "profile '{}' has no login to end, its mode is '{}'; `{command}` removes the profile",
            profile.name(),
            profile.mode()
        ))
    })
}
