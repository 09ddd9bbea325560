use serde::Serialize;

use super::object::{Setting, SettingsObject};
use super::{EditableSettings, Settings};

/// Which calls are denied, and which must be confirmed.
#[derive(Default, Serialize)]
pub(crate) struct SafetyPolicy {
    /// Whether the rules count.
    pub(crate) enabled: bool,
    /// The rules.
    pub(crate) rules: Vec<Rule>,
}

/// A rule about calls.
#[derive(Serialize)]
pub(crate) struct Rule {
    /// Which calls it is about: `product:Action`, where `*` stands for any text.
    pub(crate) pattern: String,
    /// What happens to them, one of [`actions`].
    pub(crate) action: String,
}

/// What a rule can do, and what that means for a call. The reference asks where it says `forbid`.
const MEANINGS: &[(&str, Verdict)] =
    &[("deny", Verdict::Deny), ("confirm", Verdict::Ask), ("forbid", Verdict::Ask)];

/// What a rule can do.
pub(crate) fn actions() -> impl Iterator<Item = &'static str> {
    MEANINGS.iter().map(|(action, _)| *action)
}

/// What the policy says about a call, from mild to strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// It must be confirmed.
    Ask,
    /// It must not be made.
    Deny,
}

const ENABLED: &str = "enabled";
const RULES: &str = "rules";
const PATTERN: &str = "pattern";
const ACTION: &str = "action";

impl SafetyPolicy {
    /// Sets what happens to the calls of a pattern; a new rule goes behind the others.
    pub(crate) fn put(&mut self, pattern: &str, action: &str) {
        match self.rules.iter_mut().find(|rule| rule.pattern == pattern) {
            Some(rule) => action.clone_into(&mut rule.action),
            None => self.rules.push(Rule { pattern: pattern.to_owned(), action: action.to_owned() }),
        }
    }

    /// Judges a call by the strictest rule about it, the first of equals; `None` where there is no rule.
    ///
    /// `call` is `product:Action`.
    ///
    /// # Errors
    ///
    /// Says which rule means nothing.
    pub(crate) fn judge(&self, call: &str) -> Result<Option<(Verdict, &Rule)>, String> {
        let mut strictest: Option<(Verdict, &Rule)> = None;
        for (number, rule) in (1..).zip(&self.rules).filter(|_| self.enabled) {
            let Some((_, verdict)) = MEANINGS.iter().find(|(action, _)| *action == rule.action) else {
                let pattern = &rule.pattern;
                return Err(format!("rule {number} ({pattern}): action must be deny, confirm, or forbid"));
            };
            let is_stricter = strictest.is_none_or(|(other, _)| *verdict > other);
            if is_stricter && matches(&rule.pattern, call) {
                strictest = Some((*verdict, rule));
            }
        }
        Ok(strictest)
    }

    /// Removes the rules of a pattern.
    pub(crate) fn remove(&mut self, pattern: &str) {
        self.rules.retain(|rule| rule.pattern != pattern);
    }
}

impl Settings for SafetyPolicy {
    const FILE: &'static str = "safety-policy.json";
    const KEYS: &'static [&'static str] = &[ENABLED, RULES];

    fn read(object: &SettingsObject<'_>) -> Result<Self, String> {
        let rules = object.list(RULES, RULE_KEYS)?;
        let rules = rules.iter().map(Rule::read).collect::<Result<_, _>>()?;
        Ok(Self { enabled: object.boolean(ENABLED)?.unwrap_or_default(), rules })
    }
}

impl EditableSettings for SafetyPolicy {
    fn write(self, object: &mut SettingsObject<'_>) {
        let mut stored = object.list(RULES, RULE_KEYS).unwrap_or_default();
        let rules = self.rules.into_iter().map(|rule| rule.write(&mut stored)).collect();
        object.set(ENABLED, Setting::Boolean(self.enabled));
        object.set(RULES, Setting::List(rules));
    }
}

const RULE_KEYS: &[&str] = &[PATTERN, ACTION];

impl Rule {
    fn read(object: &SettingsObject<'_>) -> Result<Self, String> {
        Ok(Self { pattern: object.string(PATTERN)?, action: object.string(ACTION)? })
    }

    /// Writes the rule over the stored one of its pattern, so that unknown members stay, or as a new one.
    fn write<'a>(self, stored: &mut Vec<SettingsObject<'a>>) -> SettingsObject<'a> {
        let is_same =
            |stored: &SettingsObject<'_>| stored.string(PATTERN).is_ok_and(|pattern| pattern == self.pattern);
        let mut object = match stored.iter().position(is_same) {
            Some(at) => stored.remove(at),
            None => SettingsObject::new(RULE_KEYS),
        };
        object.set(PATTERN, Setting::String(self.pattern));
        object.set(ACTION, Setting::String(self.action));
        object
    }
}

/// Tells whether a pattern, where `*` stands for any text, is about a name; case, dashes, underscores and blanks
/// count for nothing, so that no spelling of either slips through (behaviour, section 6.20).
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (plain(pattern), plain(name));
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    // What each piece leaves is longest where it is taken at its first place.
    for piece in pieces {
        match rest.split_once(piece) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn plain(text: &str) -> String {
    let signs = text.chars().filter(|sign| !matches!(sign, '-' | '_') && !sign.is_whitespace());
    signs.map(|sign| sign.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        let name = "sts:GetCallerIdentity";
        for pattern in [
            "sts:GetCallerIdentity",
            "STS:getcalleridentity",
            "sts:*",
            "*:Get*",
            "*",
            "*:*",
            "s*:*Caller*ty",
            "sts:Get**Identity",
            "sts:get-caller-identity",
            "STS:Get_Caller_Identity",
            " sts : getCallerIdentity ",
            "sts:get-*",
            "sts:*-caller-*",
        ] {
            assert!(matches(pattern, name), "{pattern}");
        }
        for pattern in
            ["", "sts", "sts:Get", "ecs:*", "*:Delete*", "sts:*x", "sts:GetCallerIdentity*y", "*:*:*"]
        {
            assert!(!matches(pattern, name), "{pattern}");
        }
        assert!(!matches("ab*ba", "aba") && matches("ab*ba", "abba"));
    }

    fn policy(rules: &[(&str, &str)]) -> SafetyPolicy {
        let mut policy = SafetyPolicy { enabled: true, rules: Vec::new() };
        rules.iter().for_each(|(pattern, action)| policy.put(pattern, action));
        policy
    }

    fn judged(policy: &SafetyPolicy) -> Option<(Verdict, &str)> {
        let verdict = policy.judge("sts:AnAction").unwrap();
        verdict.map(|(verdict, rule)| (verdict, rule.pattern.as_str()))
    }

    #[test]
    fn the_strictest_rule_counts_and_the_first_of_equals() {
        let rules = [("*", "confirm"), ("sts:*", "deny"), ("sts:AnAction", "deny")];
        assert_eq!(judged(&policy(&rules)), Some((Verdict::Deny, "sts:*")));
        assert_eq!(judged(&policy(&[("sts:an-*", "forbid")])), Some((Verdict::Ask, "sts:an-*")));
        assert_eq!(judged(&policy(&[("ecs:*", "deny")])), None);
        assert_eq!(judged(&SafetyPolicy { enabled: false, ..policy(&rules) }), None);
    }

    #[test]
    fn a_rule_that_means_nothing_is_an_error_as_long_as_rules_count() {
        let mut policy = policy(&[("ecs:*", "allow")]);
        let said = policy.judge("sts:A").err();
        assert_eq!(said.as_deref(), Some("rule 1 (ecs:*): action must be deny, confirm, or forbid"));
        policy.enabled = false;
        assert_eq!(judged(&policy), None);
    }
}
