//! Texts in both languages.

use crate::language::Language;

/// A text in English and in Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text {
    /// In English.
    pub(crate) en: &'static str,
    /// In Chinese.
    pub(crate) zh: &'static str,
}

impl Text {
    /// No text.
    pub(crate) const NONE: Self = Self { en: "", zh: "" };

    /// Gives the text in a language.
    pub(crate) fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Chinese => self.zh,
        }
    }
}
