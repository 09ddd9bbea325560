//! The safety policy, asked before a call (wire, section 9.5).

use std::fmt::{self, Display, Formatter};

use crate::error::{Barrier, Error, Result};
use crate::host::{Host, Stream};
use crate::language::Language;
use crate::prompt::{Prompt, Query, Terminal};
use crate::settings::{SafetyPolicy, SettingsStore, Verdict};
use crate::texts::{CALL_CANCELLED, CALL_DENIED, CALL_QUESTION};

/// A call to a service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call(&'static str, &'static str);

/// The call that tells who one is.
pub(crate) const CALLER: Call = Call(super::PRODUCT, super::ACTION);

impl Call {
    /// Returns the call of an action about access keys, which two products have.
    pub(crate) fn about_keys(action: &'static str) -> [Self; 2] {
        ["Ims", "Ram"].map(|product| Self(product, action))
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}

/// Refuses calls of which the policy denies one; asks about the first that must be confirmed, where `--yes` is not
/// given.
pub(crate) fn check(
    settings: &SettingsStore,
    calls: &[Call],
    is_confirmed: bool,
    language: Language,
    host: &dyn Host,
) -> Result<()> {
    let policy: SafetyPolicy = settings.load()?;
    let mut to_confirm = None;
    for call in calls {
        let rule = policy.judge(&format!("{}:{}", call.0, call.1));
        match rule.map_err(|what| settings.malformed::<SafetyPolicy>(what))? {
            None => {}
            Some((Verdict::Deny, rule)) => {
                let text = CALL_DENIED.with(language, &[&call.to_string(), &rule.pattern]);
                return Err(Error::Blocked { text, by: Barrier::SafetyPolicy });
            }
            Some((Verdict::Ask, _)) => to_confirm = to_confirm.or(Some(call)),
        }
    }
    match to_confirm {
        Some(call) if !is_confirmed => confirm(&call.to_string(), language, host),
        _ => Ok(()),
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
