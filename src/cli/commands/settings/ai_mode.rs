use serde::Serialize;
use serde_json::value::RawValue;

use super::{print, required};
use crate::cli::args::profile_flags::ProfileFlags;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::settings::AiMode;
use crate::storage::json::SortedKeys;
use crate::texts::flags;

/// The arguments of `ai-mode`, which takes all flags, and of the commands below it, which take the persistent
/// ones.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments<const ALL: bool> {
    #[arg(long, help = flags::USER_AGENT.en)]
    user_agent: Option<String>,
    #[arg(long, help = flags::OSSUTIL.en)]
    ossutil: Option<String>,
    #[command(flatten)]
    flags: ProfileFlags<ALL>,
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
pub(crate) fn show<const ALL: bool>(arguments: &Arguments<ALL>, host: &dyn Host) -> Result<()> {
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
pub(crate) fn enable(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    update(arguments, host, |mode| mode.enabled = true)
}

/// Turns the mode off.
pub(crate) fn disable(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    update(arguments, host, |mode| mode.enabled = false)
}

/// Sets the words for the `User-Agent`.
pub(crate) fn set_user_agent(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    let words = required(&arguments.user_agent, "--user-agent is required for set-user-agent")?;
    update(arguments, host, |mode| words.clone_into(&mut mode.user_agent))
}

/// Goes back to the usual words.
pub(crate) fn reset_user_agent(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    update(arguments, host, |mode| mode.user_agent.clear())
}

/// Keeps settings for another program.
pub(crate) fn set_ossutil(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    let missing = "--ossutil is required for set-ossutil (JSON text, e.g. '{\"k\":1}')";
    let text = required(&arguments.ossutil, missing)?;
    let value: Option<Box<RawValue>> = serde_json::from_str(text)
        .map_err(|error| Error::InvalidInput(format!("invalid JSON for --ossutil: {error}")))?;
    check_numbers(text)?;
    update(arguments, host, |mode| mode.ossutil = value)
}

/// Refuses numbers that programs which read JSON into 64 bits cannot read.
fn check_numbers(text: &str) -> Result<()> {
    let is_about_a_number = |error: &serde_json::Error| error.to_string().starts_with("number out of range");
    let Some(error) = serde_json::from_str::<serde_json::Value>(text).err().filter(is_about_a_number) else {
        return Ok(());
    };
    // The error stands behind the number.
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.get(..error.column()).unwrap_or(line);
    let is_inside = |character: char| matches!(character, '0'..='9' | '+' | '-' | '.' | 'e' | 'E');
    let number =
        before.trim_end_matches(|character| !is_inside(character)).rsplit(|character| !is_inside(character));
    Err(Error::invalid(format!(
        "invalid JSON for --ossutil: json: cannot unmarshal number {} into Go value of type float64",
        number.take(1).collect::<String>()
    )))
}

/// Drops the settings of the other program.
pub(crate) fn reset_ossutil(arguments: &Arguments<false>, host: &dyn Host) -> Result<()> {
    update(arguments, host, |mode| mode.ossutil = None)
}

fn update(arguments: &Arguments<false>, host: &dyn Host, change: impl FnOnce(&mut AiMode)) -> Result<()> {
    arguments.flags.target.settings(host)?.update(change)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_beyond_64_bits_is_refused_by_name() {
        for (text, number) in [("1e400", "1e400"), ("{\"x\":\"1e400\",\n\"b\":[1,-1E+400 ]}", "-1E+400")] {
            let said = check_numbers(text).unwrap_err().to_string();
            assert!(said.contains(&format!("cannot unmarshal number {number} into")), "{said}");
        }
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        for text in ["1e300", "\"1e400\"", &deep] {
            check_numbers(text).unwrap();
        }
    }
}
