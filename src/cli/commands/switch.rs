use crate::cli::invocation::Invocation;
use crate::error::{Error, Result};

/// Makes a profile the current one (behaviour, section 4).
pub(crate) fn run(invocation: &Invocation<'_>) -> Result<()> {
    let name = invocation
        .flag("profile")
        .ok_or_else(|| Error::Answer("the --profile <profileName> is required".to_owned()))?;
    let outcome = invocation.store()?.update_existing(|config| config.switch(name));
    outcome.map_err(|error| match error {
        Error::UnknownProfile(name) => Error::Answer(format!("the profile `{name}` is inexist")),
        error @ Error::Write { .. } => error,
        other => other.during("load configuration failed "),
    })?;
    invocation.host.out(&format!("The default profile is `{name}` now.\n"))
}
