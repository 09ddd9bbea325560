//! `configure rotate`: a new access key in the place of an old one (beyond, section 3).

mod rotation;

use super::chosen;
use super::sts::safety::{self, CALLER, Call};
use crate::cli::args::profile_flags::PersistentFlags;
use crate::cli::runtime::wait;
use crate::config::Config;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::AccessKey;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::modes;
use crate::texts::flags;
use rotation::{Rotation, holds, shown};

/// The arguments of `configure rotate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, help = flags::DELETE_OLD.en)]
    delete_old: bool,
    #[arg(long, help = flags::DRY_RUN.en)]
    dry_run: bool,
    #[arg(long, short, help = flags::YES.en)]
    yes: bool,
    #[command(flatten)]
    flags: PersistentFlags,
}

/// Replaces the access key of a profile by a new one, and disables or deletes the old one.
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let target = &arguments.flags.target;
    let store = target.store(host)?;
    let store = if arguments.dry_run { store.without_saving() } else { store };
    let config = store.load_existing()?;
    let profile = chosen(&config, target)?;
    let old = user_key(profile)?;
    safety::check(&target.settings(host)?, &calls(arguments), arguments.yes, config.language(), host)?;
    let http = arguments.flags.http(host)?;
    let rotation = Rotation { host, http: &http, store: &store, profile, old: &old };
    let without_secrets = |error: Error| error.without(profile.secrets());
    if arguments.dry_run {
        wait(rotation.find_room()).map_err(without_secrets)?;
        return host.out(&plan(arguments, &config, profile, &old));
    }
    let new = wait(rotation.run(arguments.delete_old)).map_err(without_secrets)?;
    let fate = if arguments.delete_old { "deleted" } else { "disabled" };
    host.out(&format!("rotated {}: {} -> {} (old key {fate})\n", profile.name(), shown(&old), shown(&new)))
}

/// Returns the calls that a rotation makes, but for the one that takes back a new key that does not work.
fn calls(arguments: &Arguments) -> Vec<Call> {
    let fate = if arguments.delete_old { "DeleteAccessKey" } else { "UpdateAccessKey" };
    let about_keys: &[_] = match arguments.dry_run {
        true => &["ListAccessKeys"],
        false => &["ListAccessKeys", "CreateAccessKey", fate],
    };
    let about_keys = about_keys.iter().copied().flat_map(Call::about_keys);
    about_keys.chain(Some(CALLER).filter(|_| !arguments.dry_run)).collect()
}

/// Returns the access key of a user that a profile holds.
fn user_key(profile: &Profile) -> Result<AccessKey> {
    let (name, mode) = (profile.name(), profile.mode());
    let known = modes::by_name(mode).filter(|mode| mode.holds_user_key(profile)).ok_or_else(|| {
        Error::invalid(format!(
            "profile '{name}' (mode '{mode}') holds no access key of a user, which could be rotated; name one that does with --profile, of the mode AK or RamRoleArn"
        ))
    })?;
    known.validate(profile)?;
    Ok(AccessKey {
        access_key_id: profile.text(Field::AccessKeyId).to_owned(),
        access_key_secret: profile.secret(Field::AccessKeySecret).cloned().unwrap_or_default(),
        security_token: None,
        expiration: None,
        provider: "static_ak".into(),
    })
}

/// Says what a rotation would do.
fn plan(arguments: &Arguments, config: &Config, profile: &Profile, old: &AccessKey) -> String {
    let holders = config.profiles().iter().filter(|profile| holds(profile, old));
    let names = holders.map(Profile::name).collect::<Vec<_>>().join(", ");
    let fate = if arguments.delete_old { "delete" } else { "disable" };
    format!(
        "would rotate {}: {old}\n  1. create an access key\n  2. write it into: {names}\n  3. check it with GetCallerIdentity\n  4. {fate} {old}\n",
        profile.name(),
        old = shown(old),
    )
}
