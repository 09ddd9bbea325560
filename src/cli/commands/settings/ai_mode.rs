use serde::Serialize;
use serde_json::value::RawValue;

use super::{print, required};
use crate::cli::args::profile_flags::AllFlags;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::settings::AiMode;
use crate::storage::json::SortedKeys;
use crate::texts::flags;

/// The arguments of `ai-mode` and the commands below it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, help = flags::USER_AGENT.en)]
    user_agent: Option<String>,
    #[arg(long, help = flags::OSSUTIL.en)]
    ossutil: Option<String>,
    #[command(flatten)]
    flags: AllFlags,
}

/// What is shown of the mode.
#[derive(Serialize)]
struct Shown<'a> {
    enabled: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    user_agent: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ossutil: Option<SortedKeys<'a>>,
    effective_user_agent: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_user_agent_suffix: Option<String>,
    config_file: String,
}

/// Shows the mode and what follows from it.
pub(crate) fn show(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let store = arguments.flags.target.settings(host)?;
    let mode: AiMode = store.load()?;
    let shown = Shown {
        enabled: mode.enabled,
        user_agent: &mode.user_agent,
        ossutil: mode.ossutil.as_deref().map(SortedKeys::new),
        effective_user_agent: mode.effective_agent(),
        request_user_agent_suffix: mode.agent_words(),
        config_file: store.path::<AiMode>().display().to_string(),
    };
    print(&shown, host)
}

/// Turns the mode on.
pub(crate) fn enable(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    update(arguments, host, |mode| mode.enabled = true)
}

/// Turns the mode off.
pub(crate) fn disable(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    update(arguments, host, |mode| mode.enabled = false)
}

/// Sets the words for the `User-Agent`.
pub(crate) fn set_user_agent(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let words = required(&arguments.user_agent, "--user-agent is required for set-user-agent")?;
    update(arguments, host, |mode| words.clone_into(&mut mode.user_agent))
}

/// Goes back to the usual words.
pub(crate) fn reset_user_agent(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    update(arguments, host, |mode| mode.user_agent.clear())
}

/// Keeps settings for another program.
pub(crate) fn set_ossutil(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let missing = "--ossutil is required for set-ossutil (JSON text, e.g. '{\"k\":1}')";
    let text = required(&arguments.ossutil, missing)?;
    let value: Option<Box<RawValue>> = serde_json::from_str(text)
        .map_err(|error| Error::InvalidInput(format!("invalid JSON for --ossutil: {error}")))?;
    update(arguments, host, |mode| mode.ossutil = value)
}

/// Drops the settings of the other program.
pub(crate) fn reset_ossutil(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    update(arguments, host, |mode| mode.ossutil = None)
}

fn update(arguments: &Arguments, host: &dyn Host, change: impl FnOnce(&mut AiMode)) -> Result<()> {
    arguments.flags.target.settings(host)?.update(change)
}
