//! `sts`: the one call that this program makes for its user.

mod dry_run;
mod query;
pub(crate) mod safety;

use std::ffi::OsString;
use std::time::Duration;

use clap::builder::ValueParser;

use crate::cli::args::profile_flags::AllFlags;
use crate::cli::args::suggestions::unknown_operation;
use crate::cli::runtime::wait;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::resolver::{CredentialResolver, Selected};
use crate::credentials::{AccessKey, Credentials};
use crate::error::{Error, Result};
use crate::host::Host;
use crate::http::{self, Timeouts};
use crate::settings::{AiMode, ThrottlingRetry};
use crate::storage::json::with_sorted_keys;
use crate::sts::{Client, Retries, call_endpoint};
use crate::texts::flags;
use query::Query;

/// The product, as the safety policy shows it.
const PRODUCT: &str = "Sts";
/// The only call.
const ACTION: &str = "GetCallerIdentity";
/// The words that make it.
const OPERATIONS: [&str; 2] = [ACTION, "get-caller-identity"];

/// The arguments of a call.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, help = flags::CLI_QUERY.en)]
    cli_query: Option<String>,
    #[arg(long, short, help = flags::QUIET.en, conflicts_with = "dryrun")]
    quiet: bool,
    #[arg(long, help = flags::DRYRUN.en)]
    dryrun: bool,
    #[arg(long, short, help = flags::YES.en)]
    yes: bool,
    #[command(flatten)]
    flags: AllFlags,
    /// What stands behind the operation, which must be nothing; that is said once the profile is known to be good.
    #[arg(hide = true, value_parser = ValueParser::os_string())]
    words: Vec<OsString>,
}

/// Calls GetCallerIdentity and prints the answer with tabs, as the reference does (wire, section 9.1).
pub(crate) fn with_tabs(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    run(arguments, "\t", host)
}

/// Calls GetCallerIdentity and prints the answer with two blanks, as the service's documentation does.
pub(crate) fn with_blanks(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    run(arguments, "  ", host)
}

fn run(arguments: &Arguments, indent: &str, host: &dyn Host) -> Result<()> {
    let query = Query::parse(arguments.cli_query.as_deref().unwrap_or_default())?;
    let target = &arguments.flags.target;
    let store = target.store(host)?;
    let store = if arguments.dryrun { store.without_saving() } else { store };
    let resolver = CredentialResolver::new(host, store)
        .with_profile(target.profile().unwrap_or_default())
        .with_overrides(arguments.flags.overrides(host)?);
    let selected = resolver.select()?;
    if let Some(word) = arguments.words.first() {
        return Err(unknown_operation(&word.to_string_lossy(), OPERATIONS.into_iter()));
    }
    safety::check(&target.settings(host)?, &[safety::CALLER], arguments.yes, selected.language(), host)?;
    if arguments.dryrun {
        return dry_run::show(arguments, &selected, host);
    }
    let resolver = resolver.with_http(http(arguments, host)?);
    let retries = retries(arguments, &selected.profile, host)?;
    let body = wait(call(arguments, &resolver, &selected, retries, host))?;
    let selected = query.select(body)?;
    if arguments.quiet {
        return Ok(());
    }
    host.out(&(with_sorted_keys(selected.trim(), indent) + "\n"))
}

/// Makes the client, which names itself as environment and AI mode want it (wire, section 10.3).
fn http(arguments: &Arguments, host: &dyn Host) -> Result<http::Client> {
    let var = |name| host.var(name).unwrap_or_default();
    let mode: AiMode = arguments.flags.target.settings(host)?.load()?;
    let client = arguments.flags.http(host)?.with_agent_words(&var("ALIBABA_CLOUD_USER_AGENT"));
    let client = client.with_agent_words(&mode.agent_words().unwrap_or_default());
    Ok(client.with_agent_word("Extra", &var("ALIYUN_USER_AGENT")))
}

async fn call(
    arguments: &Arguments,
    resolver: &CredentialResolver<'_>,
    selected: &Selected,
    retries: Retries,
    host: &dyn Host,
) -> Result<String> {
    let profile = &selected.profile;
    let in_client = |error: Error| error.during("init client failed ");
    let access_key = signing_access_key(resolver.obtain(selected).await.map_err(in_client)?, profile)?;
    let endpoint = call_endpoint(profile).map_err(in_client)?;
    let body = Client::new(host, resolver.http(), endpoint, &access_key)
        .with_timeouts(timeouts(profile))
        .with_retries(retries)
        .call(ACTION, &query(arguments, profile), &[])
        .await?;
    Ok(body.expose().to_owned())
}

/// Returns the parameters of the call: the region, where one is known (behaviour, section 6.14).
fn query<'a>(arguments: &'a Arguments, profile: &'a Profile) -> Vec<(&'static str, &'a str)> {
    let given = arguments.flags.region_id.as_deref().filter(|region| !region.is_empty());
    let region = given.unwrap_or_else(|| profile.text(Field::RegionId));
    if region.is_empty() { Vec::new() } else { vec![("RegionId", region)] }
}

/// Returns the access key to sign with; other credentials cannot sign (wire, section 1.3).
pub(crate) fn signing_access_key(credentials: Credentials, profile: &Profile) -> Result<AccessKey> {
    match credentials {
        Credentials::AccessKey(access_key) => Ok(access_key),
        Credentials::Bearer { .. } => Err(Error::incomplete(
            profile.name(),
            Field::Mode.json(),
            "profile uses BearerToken mode: calls to sts must be signed with an access key, which a bearer token is not; choose another profile with --profile",
        )),
        Credentials::Anonymous => {
            Err(Error::invalid("anonymous mode cannot call sts: its calls must be signed with an access key"))
        }
    }
}

/// Returns the timeouts of a profile, with the default ones where it names none above 0.
fn timeouts(profile: &Profile) -> Timeouts {
    let seconds = |field| u64::try_from(profile.integer(field)).ok().filter(|seconds| *seconds > 0);
    Timeouts {
        connect: seconds(Field::ConnectTimeout).map_or(Timeouts::DEFAULT.connect, Duration::from_secs),
        total: seconds(Field::ReadTimeout).map_or(Timeouts::DEFAULT.total, Duration::from_secs),
    }
}

/// Returns how often the call is repeated, as profile, settings and environment want it.
fn retries(arguments: &Arguments, profile: &Profile, host: &dyn Host) -> Result<Retries> {
    let throttling: ThrottlingRetry = arguments.flags.target.settings(host)?.load()?;
    let throttling = throttling.with_environment(host);
    Ok(Retries {
        failed: u32::try_from(profile.integer(Field::RetryCount)).unwrap_or_default(),
        throttled: throttling.attempts(),
        longest_wait: throttling.longest(),
    })
}
