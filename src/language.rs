//! The language of messages.

use crate::host::Host;

/// A language that this program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Language {
    /// English, the default.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All languages.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Returns the language of the environment: Chinese where `LANG` begins with `zh_CN` (behaviour, section 1).
    pub(crate) fn of(host: &dyn Host) -> Self {
        match host.var("LANG") {
            Some(lang) if lang.starts_with("zh_CN") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// Reads a language as a profile stores it.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// Returns the language as a profile stores it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}
