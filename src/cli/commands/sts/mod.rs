//! `sts`: the one call that this program makes for its user.

mod dry_run;
mod query;

use std::time::Duration;

mod safety;
use crate::cli::invocation::{Invocation, wait};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::resolver::{CredentialResolver, Selected};
use crate::credentials::{Credentials, Keys};
use crate::error::{Error, Result};
use crate::http::{self, Limits};
use crate::settings::{AiMode, ThrottlingRetry};
use crate::storage::json::with_sorted_keys;
use crate::sts::{Client, Retries, call_endpoint};
use query::Query;

/// The product, as the safety policy shows it.
const PRODUCT: &str = "Sts";
/// The only call.
const ACTION: &str = "GetCallerIdentity";

/// Calls GetCallerIdentity and prints the answer with tabs, as the reference does (wire, section 9.1).
pub(crate) fn with_tabs(invocation: &Invocation<'_>) -> Result<()> {
    run(invocation, "\t")
}

/// Calls GetCallerIdentity and prints the answer with two blanks, as the service's documentation does.
pub(crate) fn with_blanks(invocation: &Invocation<'_>) -> Result<()> {
    run(invocation, "  ")
}

fn run(invocation: &Invocation<'_>, indent: &str) -> Result<()> {
    let query = Query::parse(invocation.flag("cli-query").unwrap_or_default())?;
    let is_dry = invocation.is_set("dryrun");
    let store = invocation.store()?;
    let store = if is_dry { store.without_saving() } else { store };
    let resolver = CredentialResolver::new(invocation.host, store)
        .with_profile(invocation.profile().unwrap_or_default())
        .with_overrides(invocation.overrides()?);
    let selected = resolver.select().map_err(|error| match error {
        Error::UnknownProfile(_) | Error::Invalid(_) => Error::NotConfigured(Box::new(error)),
        other => other,
    })?;
    safety::check(invocation, PRODUCT, ACTION, selected.language())?;
    if is_dry {
        return dry_run::show(invocation, &selected);
    }
    let resolver = resolver.with_http(http(invocation)?);
    let retries = retries(invocation, &selected.profile)?;
    let body = wait(call(invocation, &resolver, &selected, retries))?;
    let selected = query.select(body)?;
    if invocation.is_set("quiet") {
        return Ok(());
    }
    invocation.host.out(&(with_sorted_keys(selected.trim(), indent) + "\n"))
}

/// Makes the client, which names itself as environment and AI mode want it (wire, section 10.3).
fn http(invocation: &Invocation<'_>) -> Result<http::Client> {
    let var = |name| invocation.host.var(name).unwrap_or_default();
    let mode: AiMode = invocation.settings()?.load()?;
    let client = invocation.http()?.with_agent_words(&var("ALIBABA_CLOUD_USER_AGENT"));
    let client = client.with_agent_words(&mode.agent_words().unwrap_or_default());
    Ok(client.with_agent_word("Extra", &var("ALIYUN_USER_AGENT")))
}

async fn call(
    invocation: &Invocation<'_>,
    resolver: &CredentialResolver<'_>,
    selected: &Selected,
    retries: Retries,
) -> Result<String> {
    let profile = &selected.profile;
    let in_client = |error: Error| error.during("init client failed ");
    let keys = signing_keys(resolver.obtain(selected).await.map_err(in_client)?)?;
    let endpoint = call_endpoint(profile).map_err(in_client)?;
    let body = Client::new(invocation.host, resolver.http(), endpoint, &keys)
        .with_limits(limits(profile))
        .with_retries(retries)
        .call(ACTION, &[("RegionId", region(invocation, profile))], &[])
        .await?;
    Ok(body.expose().to_owned())
}

/// Gives the region that the call names.
fn region<'a>(invocation: &'a Invocation<'_>, profile: &'a Profile) -> &'a str {
    invocation.filled("RegionId").unwrap_or_else(|| profile.text(Field::RegionId))
}

/// Gives the access key to sign with; other credentials cannot sign (wire, section 1.3).
pub(crate) fn signing_keys(credentials: Credentials) -> Result<Keys> {
    match credentials {
        Credentials::Keys(keys) => Ok(keys),
        Credentials::Bearer { .. } => Err(Error::NotConfigured(Box::new(Error::credentials(
            "profile uses BearerToken mode: calls to sts must be signed with an access key, which a bearer token is not; choose another profile with --profile",
        )))),
        Credentials::Anonymous => Err(Error::credentials(
            "anonymous mode cannot call sts: its calls must be signed with an access key",
        )),
    }
}

/// Gives the time limits of a profile, with the usual ones where it names none above 0.
fn limits(profile: &Profile) -> Limits {
    let seconds = |field| u64::try_from(profile.integer(field)).ok().filter(|seconds| *seconds > 0);
    Limits {
        connect: seconds(Field::ConnectTimeout).map_or(Limits::USUAL.connect, Duration::from_secs),
        total: seconds(Field::ReadTimeout).map_or(Limits::USUAL.total, Duration::from_secs),
    }
}

/// Gives how often the call is repeated, as profile, settings and environment want it.
fn retries(invocation: &Invocation<'_>, profile: &Profile) -> Result<Retries> {
    let throttling: ThrottlingRetry = invocation.settings()?.load()?;
    let throttling = throttling.with_environment(invocation.host);
    Ok(Retries {
        failed: u32::try_from(profile.integer(Field::RetryCount)).unwrap_or_default(),
        throttled: throttling.attempts(),
        patience: throttling.longest(),
    })
}
