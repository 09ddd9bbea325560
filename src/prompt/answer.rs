//! What a question wants to know, and which answers it takes.

use crate::error::Error;
use crate::secret::Secret;

/// The longest answer that is read, in bytes.
pub(super) const ANSWER_LIMIT: usize = 1 << 20;

/// A question that takes a line.
#[derive(Clone, Copy, Default)]
pub(crate) struct Query<'a> {
    pub(super) text: &'a str,
    pub(super) is_hidden: bool,
    pub(super) takes_pem: bool,
    is_clearable: bool,
    pub(super) choices: &'a [&'a str],
    check: Option<&'a dyn Fn(&str) -> Check>,
}

/// What is thought of an answer while somebody is there to give another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Check {
    /// The answer will do.
    Accept,
    /// The answer will not do, as the sentence says.
    Again(String),
    /// The answer may be a mistake, as the sentence says; an empty answer to the repeated question keeps it.
    Doubt(String),
}

impl<'a> Query<'a> {
    /// Asks with this text, which is shown to the letter.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, ..Self::default() }
    }

    /// Lets nobody see the answer.
    #[must_use]
    pub(crate) fn hidden(mut self, is_hidden: bool) -> Self {
        self.is_hidden = is_hidden;
        self
    }

    /// Takes a PEM text of several lines too, where somebody pastes one.
    #[must_use]
    pub(crate) fn or_pem(mut self, takes_pem: bool) -> Self {
        self.takes_pem = takes_pem;
        self
    }

    /// Takes an answer of nothing but blanks for another one than none: the answer is a single blank then.
    #[must_use]
    pub(crate) fn clearable(mut self) -> Self {
        self.is_clearable = true;
        self
    }

    /// Returns a line without the blanks around it.
    pub(super) fn trimmed<'t>(&self, line: &'t str) -> &'t str {
        let is_blank = !line.trim_end_matches('\r').is_empty() && line.trim().is_empty();
        if is_blank && self.is_clearable { " " } else { line.trim() }
    }

    /// Offers values at the Tab key.
    #[must_use]
    pub(crate) fn choices(mut self, choices: &'a [&'a str]) -> Self {
        self.choices = choices;
        self
    }

    /// Checks answers that somebody at a terminal gives, except for an empty one.
    #[must_use]
    pub(crate) fn checked(mut self, check: &'a dyn Fn(&str) -> Check) -> Self {
        self.check = Some(check);
        self
    }

    /// Returns the answer that somebody has given in the end, or why the question has to be asked again.
    ///
    /// An answer that was doubted is kept by an empty one, or by the same once more.
    ///
    /// # Errors
    ///
    /// The sentence that says why.
    pub(super) fn judge(
        &self,
        answer: Result<Secret, Fault>,
        doubted: &mut Option<Secret>,
    ) -> Result<Secret, String> {
        let answer = answer.map_err(Fault::sentence)?;
        match (doubted.take(), self.check) {
            (Some(doubted), _) if answer.is_empty() || answer == doubted => Ok(doubted),
            (_, Some(check)) if !answer.expose().trim().is_empty() => match check(answer.expose()) {
                Check::Accept => Ok(answer),
                Check::Again(sentence) => Err(sentence),
                Check::Doubt(sentence) => {
                    *doubted = Some(answer);
                    Err(sentence)
                }
            },
            _ => Ok(answer),
        }
    }

    /// Returns the name of the question: its text without the stored value.
    pub(super) fn label(&self) -> &'a str {
        let trimmed = self.text.trim_end().trim_end_matches(':');
        let end = trimmed.find(['[', ':', '(']).unwrap_or(trimmed.len());
        trimmed.get(..end).unwrap_or_default().trim()
    }

    /// Returns what is wrong with a value that is given without being asked for, as the end of a sentence about it.
    pub(crate) fn fault(&self, value: &str) -> Option<&'static str> {
        self.examine(value).err().map(Fault::what)
    }

    /// Finds what no value may hold (behaviour, section 6.16).
    ///
    /// # Errors
    ///
    /// The fault of the answer.
    pub(super) fn examine(&self, answer: &str) -> Result<(), Fault> {
        let is_break = |character| matches!(character, '\n' | '\r');
        let may_break = self.takes_pem && is_pem(answer);
        if answer.len() > ANSWER_LIMIT {
            Err(Fault::TooLong)
        } else if !may_break && answer.contains(is_break) {
            Err(Fault::SeveralLines)
        } else if answer.contains('\u{fffd}') {
            Err(Fault::NotUtf8)
        } else if answer.chars().any(|character| character.is_control() && !is_break(character)) {
            Err(Fault::ControlCharacter)
        } else {
            Ok(())
        }
    }
}

/// How the first line of a PEM text begins.
pub(super) const PEM_BEGIN: &str = "-----BEGIN";

/// Tells whether a text is in PEM form from its first line to its last.
pub(super) fn is_pem(text: &str) -> bool {
    begins_pem(text) && text.lines().next_back().is_some_and(|line| line.trim_start().starts_with("-----END"))
}

/// Tells whether a text begins as one in PEM form does.
pub(super) fn begins_pem(text: &str) -> bool {
    text.trim_start().starts_with(PEM_BEGIN)
}

/// Why no question takes an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    ControlCharacter,
    NotUtf8,
    SeveralLines,
    TooLong,
}

impl Fault {
    /// Returns the error that names a question, and nothing of the answer.
    pub(super) fn error(self, label: &str) -> Error {
        Error::InvalidInput(format!("the answer to \"{label}\" {}; nothing was saved", self.what()))
    }

    fn what(self) -> &'static str {
        match self {
            Self::ControlCharacter => "contains a control character",
            Self::NotUtf8 => "is not UTF-8",
            Self::SeveralLines => "has several lines",
            Self::TooLong => "is longer than 1 MiB",
        }
    }

    /// Returns the sentence for somebody who is asked again.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::ControlCharacter => "The answer contains a control character. Please enter it again.",
            Self::NotUtf8 => "The answer is not UTF-8. Please enter it again.",
            Self::SeveralLines => {
                "Several lines were pasted, but the answer is a single line. Please enter it again."
            }
            Self::TooLong => "The answer is longer than 1 MiB. Please enter it again.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";

    #[test]
    fn a_label_leaves_the_stored_value_out() {
        for (text, label) in [
            ("Access Key Id [***123]: ", "Access Key Id"),
            ("Rsa Private Key File: ", "Rsa Private Key File"),
            ("OAuth Site Type (CN: 0 or INTL: 1, default: CN): \n", "OAuth Site Type"),
            ("--access-key-secret: ", "--access-key-secret"),
        ] {
            assert_eq!(Query::new(text).label(), label);
        }
    }

    #[test]
    fn blanks_alone_are_an_answer_where_that_means_something() {
        let (plain, clearable) = (Query::new("Q: "), Query::new("Q: ").clearable());
        for (line, trimmed, cleared) in
            [(" a \r", "a", "a"), ("", "", ""), ("\r", "", ""), (" \t\r", "", " ")]
        {
            assert_eq!((plain.trimmed(line), clearable.trimmed(line)), (trimmed, cleared), "{line:?}");
        }
    }

    #[test]
    fn control_characters_and_lines_are_faults_except_in_a_pem_text_that_is_asked_for() {
        let (plain, pem) = (Query::new("Q: "), Query::new("Q: ").or_pem(true));
        assert_eq!(plain.examine("密钥 a"), Ok(()));
        for character in ['\u{1b}', '\t', '\u{7f}', '\u{85}', '\0'] {
            assert_eq!(plain.examine(&format!("a{character}b")), Err(Fault::ControlCharacter));
        }
        assert_eq!(plain.examine("a\u{fffd}"), Err(Fault::NotUtf8));
        assert_eq!(plain.examine(PEM), Err(Fault::SeveralLines));
        assert_eq!(pem.examine("two\nlines"), Err(Fault::SeveralLines));
        assert_eq!(pem.examine(PEM), Ok(()));
        assert_eq!(pem.examine(&PEM.replace("MI", "\u{1b}")), Err(Fault::ControlCharacter));
        assert_eq!(plain.examine(&"a".repeat(ANSWER_LIMIT)), Ok(()));
        assert_eq!(plain.examine(&"a".repeat(ANSWER_LIMIT + 1)), Err(Fault::TooLong));
    }
}
