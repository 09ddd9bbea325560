use serde::Serialize;
use serde_json::value::RawValue;

use super::{print, required};
use crate::cli::invocation::Invocation;
use crate::error::{Error, Result};
use crate::settings::AiMode;
use crate::storage::json::SortedKeys;

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
pub(crate) fn show(invocation: &Invocation<'_>) -> Result<()> {
    let store = invocation.settings()?;
    let mode: AiMode = store.load()?;
    let shown = Shown {
        enabled: mode.enabled,
        user_agent: &mode.user_agent,
        ossutil: mode.ossutil.as_deref().map(SortedKeys::new),
        effective_user_agent: mode.effective_agent(),
        request_user_agent_suffix: mode.agent_words(),
        config_file: store.path::<AiMode>().display().to_string(),
    };
    print(invocation, &shown)
}

/// Turns the mode on.
pub(crate) fn enable(invocation: &Invocation<'_>) -> Result<()> {
    update(invocation, |mode| mode.enabled = true)
}

/// Turns the mode off.
pub(crate) fn disable(invocation: &Invocation<'_>) -> Result<()> {
    update(invocation, |mode| mode.enabled = false)
}

/// Sets the words for the `User-Agent`.
pub(crate) fn set_user_agent(invocation: &Invocation<'_>) -> Result<()> {
    let words = required(invocation, "user-agent", "--user-agent is required for set-user-agent")?;
    update(invocation, |mode| words.clone_into(&mut mode.user_agent))
}

/// Goes back to the usual words.
pub(crate) fn reset_user_agent(invocation: &Invocation<'_>) -> Result<()> {
    update(invocation, |mode| mode.user_agent.clear())
}

/// Keeps settings for another program.
pub(crate) fn set_ossutil(invocation: &Invocation<'_>) -> Result<()> {
    let missing = "--ossutil is required for set-ossutil (JSON text, e.g. '{\"k\":1}')";
    let text = required(invocation, "ossutil", missing)?;
    let value: Option<Box<RawValue>> = serde_json::from_str(text)
        .map_err(|error| Error::Arguments(format!("invalid JSON for --ossutil: {error}")))?;
    update(invocation, |mode| mode.ossutil = value)
}

/// Drops the settings of the other program.
pub(crate) fn reset_ossutil(invocation: &Invocation<'_>) -> Result<()> {
    update(invocation, |mode| mode.ossutil = None)
}

fn update(invocation: &Invocation<'_>, change: impl FnOnce(&mut AiMode)) -> Result<()> {
    invocation.settings()?.update(change)
}
