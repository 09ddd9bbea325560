use serde::Serialize;

use super::Settings;
use super::document::{Document, Value};

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
    /// What happens to them, one of [`ACTIONS`].
    pub(crate) action: String,
}

/// What a rule can do.
pub(crate) const ACTIONS: &[&str] = &["deny", "confirm", "forbid"];

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

    /// Removes the rules of a pattern.
    pub(crate) fn remove(&mut self, pattern: &str) {
        self.rules.retain(|rule| rule.pattern != pattern);
    }
}

impl Settings for SafetyPolicy {
    const FILE: &'static str = "safety-policy.json";
    const KEYS: &'static [&'static str] = &[ENABLED, RULES];

    fn read(document: &Document<'_>) -> Result<Self, String> {
        let rules = document.list(RULES, RULE_KEYS)?;
        let rules = rules.iter().map(Rule::read).collect::<Result<_, _>>()?;
        Ok(Self { enabled: document.flag(ENABLED)?, rules })
    }

    fn write(self, document: &mut Document<'_>) {
        let mut stored = document.list(RULES, RULE_KEYS).unwrap_or_default();
        let rules = self.rules.into_iter().map(|rule| rule.write(&mut stored)).collect();
        document.set(ENABLED, Value::Flag(self.enabled));
        document.set(RULES, Value::List(rules));
    }
}

const RULE_KEYS: &[&str] = &[PATTERN, ACTION];

impl Rule {
    fn read(document: &Document<'_>) -> Result<Self, String> {
        Ok(Self { pattern: document.text(PATTERN)?, action: document.text(ACTION)? })
    }

    /// Writes the rule over the stored one of its pattern, so that unknown members stay, or as a new one.
    fn write<'a>(self, stored: &mut Vec<Document<'a>>) -> Document<'a> {
        let is_same =
            |stored: &Document<'_>| stored.text(PATTERN).is_ok_and(|pattern| pattern == self.pattern);
        let mut document = match stored.iter().position(is_same) {
            Some(at) => stored.remove(at),
            None => Document::new(RULE_KEYS),
        };
        document.set(PATTERN, Value::Text(self.pattern));
        document.set(ACTION, Value::Text(self.action));
        document
    }
}
