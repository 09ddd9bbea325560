//! The safety policy, asked before a call (wire, section 9.5).

use super::{ACTION, PRODUCT};
use crate::error::{Barrier, Error, Result};
use crate::host::{Host, Stream};
use crate::language::Language;
use crate::prompt::{Prompt, Query, Terminal};
use crate::settings::{SafetyPolicy, SettingsStore, Verdict};
use crate::texts::{CALL_CANCELLED, CALL_DENIED, CALL_QUESTION};

/// Refuses a call that the policy denies; asks about one that must be confirmed, where `--yes` is not given.
pub(crate) fn check(
    settings: &SettingsStore,
    is_confirmed: bool,
    language: Language,
    host: &dyn Host,
) -> Result<()> {
    let policy: SafetyPolicy = settings.load()?;
    let call = format!("{PRODUCT} {ACTION}");
    let rule = policy.judge(&format!("{PRODUCT}:{ACTION}"));
    match rule.map_err(|what| settings.malformed::<SafetyPolicy>(what))? {
        None => Ok(()),
        Some((Verdict::Deny, rule)) => {
            let text = CALL_DENIED.with(language, &[&call, &rule.pattern]);
            Err(Error::Blocked { text, by: Barrier::SafetyPolicy })
        }
        Some((Verdict::Ask, _)) if is_confirmed => Ok(()),
        Some((Verdict::Ask, _)) => confirm(&call, language, host),
    }
}

/// Asks on the terminal, and refuses where there is none.
fn confirm(call: &str, language: Language, host: &dyn Host) -> Result<()> {
    if !host.is_terminal(Stream::Stdin) {
        return Err(not_confirmed(format!(
            "Safety policy requires confirmation for: {call}\nThis operation cannot run in non-interactive mode without explicit approval. If you are an agent, ask the user whether this operation is allowed; after they confirm (e.g. reply yes or 确认), re-run the same command with --yes."
        )));
    }
    let question = CALL_QUESTION.with(language, &[call]);
    // Standard output may go into a file, where nobody would see the question.
    match Terminal::new(host)?.shown_on(Stream::Stderr).ask(&Query::new(&question)) {
        Ok(answer) if answer.expose() == "yes" => return Ok(()),
        Ok(_) | Err(Error::InputEnded(_)) => {}
        Err(error) => return Err(error),
    }
    Err(not_confirmed(CALL_CANCELLED.in_language(language).to_owned()))
}

fn not_confirmed(text: String) -> Error {
    Error::Blocked { text, by: Barrier::NotConfirmed }
}
