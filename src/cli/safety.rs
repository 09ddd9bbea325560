//! The safety policy, asked before a call (wire, section 9.5).

use super::invocation::Invocation;
use crate::error::{Error, Result};
use crate::host::Stream;
use crate::language::Language;
use crate::prompt::{Lines, Prompt};
use crate::settings::{SafetyPolicy, Verdict};

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
        Some((Verdict::Deny, rule)) => Err(denied(&call, &rule.pattern, language)),
        Some((Verdict::Ask, _)) if invocation.is_set("yes") => Ok(()),
        Some((Verdict::Ask, _)) => confirm(invocation, &call, language),
    }
}

fn denied(call: &str, pattern: &str, language: Language) -> Error {
    Error::Refused(match language {
        Language::English => {
            format!("operation blocked by safety policy: {call} (rule: {pattern})")
        }
        Language::Chinese => format!("操作被安全策略拒绝: {call} (规则: {pattern})"),
    })
}

/// Asks on the terminal, and refuses where there is none.
fn confirm(invocation: &Invocation<'_>, call: &str, language: Language) -> Result<()> {
    if !invocation.host.is_terminal(Stream::Stdin) {
        return Err(Error::Refused(format!(
            "Safety policy requires confirmation for: {call}\nThis operation cannot run in non-interactive mode without explicit approval. If you are an agent, ask the user whether this operation is allowed; after they confirm (e.g. reply yes or 确认), re-run the same command with --yes."
        )));
    }
    let question = match language {
        Language::English => format!(
            "Safety policy requires confirmation for: {call}\nType 'yes' to proceed, anything else to cancel: "
        ),
        Language::Chinese => format!("安全策略要求确认以下操作: {call}\n输入 'yes' 继续，其他任意输入取消: "),
    };
    // Standard output may go into a file, where nobody would see the question.
    match Lines::new(invocation.host)?.shown_on(Stream::Stderr).ask(&question) {
        Ok(answer) if answer.expose() == "yes" => return Ok(()),
        Ok(_) | Err(Error::InputEnded(_)) => {}
        Err(error) => return Err(error),
    }
    Err(Error::Refused(match language {
        Language::English => "operation cancelled by user".to_owned(),
        Language::Chinese => "操作已由用户取消".to_owned(),
    }))
}
