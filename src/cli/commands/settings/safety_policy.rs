use super::{print, required};
use crate::cli::invocation::{Invocation, help_language};
use crate::error::{Error, Result};
use crate::settings::{Rule, SafetyPolicy, actions};
use crate::texts::Text;

const ENABLED: Text = Text { en: "enabled", zh: "已启用" };
const DISABLED: Text = Text { en: "disabled", zh: "已禁用" };
const NO_RULES: Text = Text { en: "No rules configured.", zh: "未配置规则。" };

/// Shows the policy as JSON.
pub(crate) fn show(invocation: &Invocation<'_>) -> Result<()> {
    print(invocation, &invocation.settings()?.load::<SafetyPolicy>()?)
}

/// Lists the rules.
pub(crate) fn list(invocation: &Invocation<'_>) -> Result<()> {
    let store = invocation.settings()?;
    let policy: SafetyPolicy = store.load()?;
    let language = help_language(invocation.host);
    let state = if policy.enabled { ENABLED } else { DISABLED }.in_language(language);
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
    invocation.host.out(&text)
}

/// Makes the rules count.
pub(crate) fn enable(invocation: &Invocation<'_>) -> Result<()> {
    update(invocation, |policy| policy.enabled = true)
}

/// Makes the rules count for nothing.
pub(crate) fn disable(invocation: &Invocation<'_>) -> Result<()> {
    update(invocation, |policy| policy.enabled = false)
}

/// Adds a rule, or changes what happens to the calls of its pattern.
pub(crate) fn add(invocation: &Invocation<'_>) -> Result<()> {
    let pattern = required(invocation, "pattern", "--pattern is required for add")?;
    let action = required(invocation, "action", "--action is required for add (deny or confirm)")?;
    if !actions().any(|known| known == action) {
        return Err(Error::Arguments("action must be deny, confirm, or forbid".to_owned()));
    }
    update(invocation, |policy| policy.put(pattern, action))
}

/// Removes the rule of a pattern; where there is none, that is no error.
pub(crate) fn remove(invocation: &Invocation<'_>) -> Result<()> {
    let pattern = required(invocation, "pattern", "--pattern is required for remove")?;
    update(invocation, |policy| policy.remove(pattern))
}

fn update(invocation: &Invocation<'_>, change: impl FnOnce(&mut SafetyPolicy)) -> Result<()> {
    invocation.settings()?.update(change)
}
