use crate::cli::invocation::Invocation;
use crate::error::{Error, Result};
use crate::host::Stream;

const USAGE: &str =
    "\nusage:\n  aliyun configure delete --profile <profileName> [--config-path <configPath>]\n";

/// Removes a profile (behaviour, section 4).
pub(crate) fn run(invocation: &Invocation<'_>) -> Result<()> {
    let Some(name) = invocation.flag("profile") else {
        invocation.host.write(Stream::Stderr, USAGE)?;
        return Err(Error::Answer("missing --profile <profileName>".to_owned()));
    };
    let outcome = invocation.store()?.update_existing(|config| config.delete(name));
    outcome.map_err(|error| match error {
        Error::UnknownProfile(name) => {
            Error::Answer(format!("error: configuration profile `{name}` not found"))
        }
        error @ Error::Write { .. } => error,
        other => other.during("ERROR: load configure failed: "),
    })
}
