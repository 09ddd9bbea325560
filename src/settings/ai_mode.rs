use serde_json::value::RawValue;

use super::document::{Document, Value};
use super::{Changeable, Settings};

/// Whether requests say that an AI agent makes them, and how (wire, section 10.3).
#[derive(Default)]
pub(crate) struct AiMode {
    /// Whether they do.
    pub(crate) enabled: bool,
    /// What stands in the `User-Agent` in place of the usual words.
    pub(crate) user_agent: String,
    /// Settings of another program, kept for it.
    pub(crate) ossutil: Option<Box<RawValue>>,
}

/// What stands in the `User-Agent` where nothing else is set.
const USUAL_AGENT: &str = "AlibabaCloud-Agent-Skills";
/// The word that marks the mode.
const MARK: &str = "AlibabaCloud-AIMode/enabled";

const ENABLED: &str = "enabled";
const USER_AGENT: &str = "user_agent";
const OSSUTIL: &str = "ossutil";

impl AiMode {
    /// Gives the words that are set, or the usual ones.
    pub(crate) fn effective_agent(&self) -> &str {
        if self.user_agent.is_empty() { USUAL_AGENT } else { &self.user_agent }
    }

    /// Gives what the mode adds to the `User-Agent`; nothing where it is off.
    pub(crate) fn agent_words(&self) -> Option<String> {
        self.enabled.then(|| format!("{MARK} {}", self.effective_agent()))
    }
}

impl Settings for AiMode {
    const FILE: &'static str = "ai-mode.json";
    const KEYS: &'static [&'static str] = &[ENABLED, USER_AGENT, OSSUTIL];

    fn read(document: &Document<'_>) -> Result<Self, String> {
        Ok(Self {
            enabled: document.flag(ENABLED)?,
            user_agent: document.text(USER_AGENT)?,
            ossutil: document.json(OSSUTIL).map(ToOwned::to_owned),
        })
    }
}

impl Changeable for AiMode {
    fn write(self, document: &mut Document<'_>) {
        document.set(ENABLED, Value::Flag(self.enabled));
        match self.user_agent {
            empty if empty.is_empty() => document.remove(USER_AGENT),
            words => document.set(USER_AGENT, Value::Text(words)),
        }
        match self.ossutil {
            None => document.remove(OSSUTIL),
            Some(value) => document.set(OSSUTIL, Value::Json(value)),
        }
    }
}
