use serde_json::value::RawValue;

use super::object::{Setting, SettingsObject};
use super::{EditableSettings, Settings};

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
    /// Returns the words that are set, without the blanks around them, or the usual ones.
    pub(crate) fn effective_agent(&self) -> &str {
        match self.user_agent.trim() {
            "" => USUAL_AGENT,
            words => words,
        }
    }

    /// Returns what the mode adds to the `User-Agent`; nothing where it is off.
    pub(crate) fn agent_words(&self) -> Option<String> {
        self.enabled.then(|| format!("{MARK} {}", self.effective_agent()))
    }
}

impl Settings for AiMode {
    const FILE: &'static str = "ai-mode.json";
    const KEYS: &'static [&'static str] = &[ENABLED, USER_AGENT, OSSUTIL];

    fn read(object: &SettingsObject<'_>) -> Result<Self, String> {
        Ok(Self {
            enabled: object.boolean(ENABLED)?.unwrap_or_default(),
            user_agent: object.string(USER_AGENT)?,
            ossutil: object.json(OSSUTIL).map(ToOwned::to_owned),
        })
    }
}

impl EditableSettings for AiMode {
    fn write(self, object: &mut SettingsObject<'_>) {
        object.set(ENABLED, Setting::Boolean(self.enabled));
        object.set(USER_AGENT, Some(self.user_agent).filter(|words| !words.is_empty()).map(Setting::String));
        object.set(OSSUTIL, self.ossutil.map(Setting::Json));
    }
}
