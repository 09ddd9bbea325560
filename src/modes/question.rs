//! The questions of `configure`: what they ask, what they show, what an answer does.

use crate::error::Result;
use crate::field::{Field, Kind, Value};
use crate::host::Host;
use crate::http;
use crate::language::Language;
use crate::profile::Profile;
use crate::prompt::Prompt;
use crate::secret;

/// A question about one field of a profile.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    field: Field,
    label: &'static str,
    shown: Shown,
    default: &'static str,
    note: &'static str,
}

/// How a question shows what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Plain,
    Masked,
    Not,
}

impl Question {
    /// Makes a question that shows the stored value.
    pub const fn new(field: Field, label: &'static str) -> Self {
        Self { field, label, shown: Shown::Plain, default: "", note: "" }
    }

    /// Shows the stored value masked.
    #[must_use]
    pub const fn masked(mut self) -> Self {
        self.shown = Shown::Masked;
        self
    }

    /// Shows nothing of the stored value.
    #[must_use]
    pub const fn without_value(mut self) -> Self {
        self.shown = Shown::Not;
        self
    }

    /// Offers a value where nothing is stored.
    #[must_use]
    pub const fn or(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    /// Puts words behind the stored value.
    #[must_use]
    pub const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    /// Tells whether the answer must not be seen while it is typed.
    fn is_hidden(&self) -> bool {
        self.shown == Shown::Masked && self.field.kind() == Kind::Secret
    }

    fn text(&self, profile: &Profile) -> String {
        let stored = self.stored(profile);
        let shown = match self.shown {
            Shown::Plain => format!(" [{stored}]"),
            Shown::Masked => format!(" [{}]", secret::mask(&stored)),
            Shown::Not => String::new(),
        };
        format!("{}{shown}{}: ", self.label, self.note)
    }

    fn stored(&self, profile: &Profile) -> String {
        match profile.get(self.field) {
            None => self.default.to_owned(),
            Some(Value::Text(text)) => text.clone(),
            Some(Value::Secret(secret)) => secret.expose().to_owned(),
            Some(Value::Integer(number)) => number.to_string(),
            Some(Value::Boolean(on)) => on.to_string(),
        }
    }

    /// Stores an answer; an empty one keeps what is stored or offered. A text that should be a number and is
    /// none counts as 0.
    fn store(&self, profile: &mut Profile, answer: &str) {
        let answer = if answer.is_empty() { self.stored(profile) } else { answer.to_owned() };
        let value = self.field.value(&answer).unwrap_or(Value::Integer(0));
        profile.set(self.field, value);
    }
}

/// A conversation that fills a profile.
pub struct Dialogue<'a> {
    /// The surroundings.
    pub host: &'a dyn Host,
    /// Who asks.
    pub prompt: &'a mut dyn Prompt,
    /// The client for requests.
    pub http: &'a http::Client,
    /// The profile being filled.
    pub profile: &'a mut Profile,
    /// The language of messages.
    pub language: Language,
}

impl Dialogue<'_> {
    /// Asks one question and stores its answer.
    ///
    /// # Errors
    ///
    /// [`crate::Error::InputEnded`] where there is no answer.
    pub fn ask(&mut self, question: &Question) -> Result<()> {
        let text = question.text(self.profile);
        let answer =
            if question.is_hidden() { self.prompt.ask_hidden(&text)? } else { self.prompt.ask(&text)? };
        question.store(self.profile, answer.expose());
        Ok(())
    }

    /// Asks questions in order, then stores numbers that need no question.
    ///
    /// # Errors
    ///
    /// As [`Dialogue::ask`].
    pub fn ask_all(&mut self, questions: &[Question], presets: &[(Field, i64)]) -> Result<()> {
        questions.iter().try_for_each(|question| self.ask(question))?;
        for (field, number) in presets {
            self.profile.set(*field, Value::Integer(*number));
        }
        Ok(())
    }
}
