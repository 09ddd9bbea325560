use super::{print, required};
use crate::cli::args::profile_flags::ProfileFlags;
use crate::cli::runtime::help_language;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::settings::{Rule, SafetyPolicy, actions};
use crate::texts::{NO_RULES, POLICY_DISABLED, POLICY_ENABLED, flags};

/// The arguments of `safety-policy`, which takes all flags, and of the commands below it, which take the persistent
/// ones.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments<const ALL: bool> {
    #[arg(long, help = flags::PATTERN.en)]
    pattern: Option<String>,
    #[arg(long, help = flags::ACTION.en)]
    action: Option<String>,
    #[command(flatten)]
    flags: ProfileFlags<ALL>,
}

/// Shows the policy as JSON.
pub(crate) fn show<const ALL: bool>(arguments: &Arguments<ALL>, host: &dyn Host) -> Result<()> {
    print(&arguments.flags.target.settings(host)?.load::<SafetyPolicy>()?, host)
}

/// Lists the rules.
pub(crate) fn list(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    let store = arguments.flags.target.settings(host)?;
    let policy: SafetyPolicy = store.load()?;
    let language = help_language(host);
    let state = if policy.enabled { POLICY_ENABLED } else { POLICY_DISABLED }.in_language(language);
    let path = store.path::<SafetyPolicy>();
    let mut text = format!("Safety policy: {state}\nConfig file: {}\n\n", path.display());
    if policy.rules.is_empty() {
        text.push_str(&format!("{}\n", NO_RULES.in_language(language)));
    } else {
        text.push_str("Rules:\n");
    }
    for (number, Rule { pattern, action }) in (1..).zip(&policy.rules) {
        text.push_str(&format!("  {number}. {pattern} -> {action}\n"));
    }
    host.out(&text)
}

/// Makes the rules count.
pub(crate) fn enable(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    update(arguments, host, |policy| policy.enabled = true)
}

/// Makes the rules count for nothing.
pub(crate) fn disable(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    update(arguments, host, |policy| policy.enabled = false)
}

/// Adds a rule, or changes what happens to the calls of its pattern.
pub(crate) fn add(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    let pattern = required(&arguments.pattern, "--pattern is required for add")?;
    let action = required(&arguments.action, "--action is required for add (deny or confirm)")?;
    if !actions().any(|known| known == action) {
        return Err(Error::InvalidInput("action must be deny, confirm, or forbid".to_owned()));
    }
    update(arguments, host, |policy| policy.put(pattern, action))
}

/// Removes the rule of a pattern; where there is none, that is no error.
pub(crate) fn remove(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    let pattern = required(&arguments.pattern, "--pattern is required for remove")?;
    update(arguments, host, |policy| policy.remove(pattern))
}

fn update(
    arguments: &Arguments<false>,
    host: &dyn Host,
    change: impl FnOnce(&mut SafetyPolicy),
) -> Result<()> {
    arguments.flags.target.settings(host)?.update(change)
}
