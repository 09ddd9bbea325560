//! The safety policy, asked before a call (wire, section 9.5).

use crate::cli::invocation::Invocation;
use crate::error::{Error, Result};
use crate::host::Stream;
use crate::language::Language;
use crate::prompt::{Lines, Prompt};
use crate::settings::{SafetyPolicy, Verdict};
use crate::texts::Text;

const DENIED: Text = Text {
    en: "operation blocked by safety policy: %s (rule: %s)",
    zh: "操作被安全策略拒绝: %s (规则: %s)",
};
const QUESTION: Text = Text {
    en: "Safety policy requires confirmation for: %s\nType 'yes' to proceed, anything else to cancel: ",
    zh: "安全策略要求确认以下操作: %s\n输入 'yes' 继续，其他任意输入取消: ",
};
const CANCELLED: Text = Text { en: "operation cancelled by user", zh: "操作已由用户取消" };

/// Refuses a call that the policy denies; asks about one that must be confirmed, where `--yes` is not given.
pub(super) fn check(
    invocation: &Invocation<'_>,
    product: &str,
    action: &str,
    language: Language,
) -> Result<()> {
    let store = invocation.settings()?;
    let policy: SafetyPolicy = store.load()?;
    // Rules may name the action, or the command as it is typed.
    let names = [action, invocation.command.name].map(|name| format!("{product}:{name}"));
    let call = format!("{product} {action}");
    match policy.judge(&names).map_err(|what| store.malformed::<SafetyPolicy>(what))? {
        None => Ok(()),
        Some((Verdict::Deny, rule)) => Err(Error::Refused(DENIED.with(language, &[&call, &rule.pattern]))),
        Some((Verdict::Ask, _)) if invocation.is_set("yes") => Ok(()),
        Some((Verdict::Ask, _)) => confirm(invocation, &call, language),
    }
}

/// Asks on the terminal, and refuses where there is none.
fn confirm(invocation: &Invocation<'_>, call: &str, language: Language) -> Result<()> {
    if !invocation.host.is_terminal(Stream::Stdin) {
        return Err(Error::Refused(format!(
            "Safety policy requires confirmation for: {call}\nThis operation cannot run in non-interactive mode without explicit approval. If you are an agent, ask the user whether this operation is allowed; after they confirm (e.g. reply yes or 确认), re-run the same command with --yes."
        )));
    }
    let question = QUESTION.with(language, &[call]);
    // Standard output may go into a file, where nobody would see the question.
    match Lines::new(invocation.host)?.shown_on(Stream::Stderr).ask(&question) {
        Ok(answer) if answer.expose() == "yes" => return Ok(()),
        Ok(_) | Err(Error::InputEnded(_)) => {}
        Err(error) => return Err(error),
    }
    Err(Error::Refused(CANCELLED.in_language(language).to_owned()))
}
