//! The questions of `configure`: what they ask, what they show, what an answer does.

use super::answers;
use crate::config::field::{Field, Kind, Value};
use crate::config::profile::Profile;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::http;
use crate::language::Language;
use crate::prompt::{Check, Prompt, Query};
use crate::secret;

/// The answer that clears an optional value.
const CLEAR: &str = "-";

/// A question about one field of a profile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    field: Field,
    label: &'static str,
    shown: Shown,
    default: &'static str,
    note: &'static str,
    choices: &'static [&'static str],
    is_optional: bool,
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
    pub(crate) const fn new(field: Field, label: &'static str) -> Self {
        Self { field, label, shown: Shown::Plain, default: "", note: "", choices: &[], is_optional: false }
    }

    /// Shows the stored value masked.
    #[must_use]
    pub(crate) const fn masked(mut self) -> Self {
        self.shown = Shown::Masked;
        self
    }

    /// Shows nothing of the stored value.
    #[must_use]
    pub(crate) const fn without_value(mut self) -> Self {
        self.shown = Shown::Not;
        self
    }

    /// Offers a value where nothing is stored.
    #[must_use]
    pub(crate) const fn or(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    /// Puts words behind the stored value.
    #[must_use]
    pub(crate) const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    /// Offers values at the Tab key.
    #[must_use]
    pub(crate) const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.choices = choices;
        self
    }

    /// Lets somebody at a terminal clear the value with [`CLEAR`].
    #[must_use]
    pub(crate) const fn optional(mut self) -> Self {
        self.is_optional = true;
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
        profile.get(self.field).map_or_else(|| self.default.to_owned(), Value::expose)
    }

    /// Stores an answer; an empty one keeps what is stored or offered, one of blanks empties it. A text that should be a number and is
    /// none counts as 0.
    fn store(&self, profile: &mut Profile, answer: &str) {
        let answer = if answer.is_empty() { self.stored(profile) } else { answer.trim().to_owned() };
        let value = self.field.value(&answer).unwrap_or(Value::Integer(0));
        profile.set(self.field, value);
    }
}

/// A conversation that fills a profile.
pub(crate) struct Dialogue<'a> {
    /// The host.
    pub(crate) host: &'a dyn Host,
    /// Who asks.
    pub(crate) prompt: &'a mut dyn Prompt,
    /// The client for requests.
    pub(crate) http: &'a http::Client,
    /// The profile being filled.
    pub(crate) profile: &'a mut Profile,
    /// The language of messages.
    pub(crate) language: Language,
}

impl Dialogue<'_> {
    /// Asks one question and stores its answer.
    ///
    /// # Errors
    ///
    /// [`crate::Error::InputEnded`] where there is no answer.
    pub(crate) fn ask(&mut self, question: &Question) -> Result<()> {
        let text = question.text(self.profile);
        let host = self.host;
        let check = |answer: &str| match answer {
            CLEAR if question.is_optional => Check::Accept,
            _ => answers::check(question.field, answer, host),
        };
        let query = Query::new(&text).hidden(question.is_hidden()).choices(question.choices).clearable();
        let query = query.checked(&check);
        let answer = self.prompt.ask(&query.or_pem(question.field == Field::PrivateKey))?;
        if question.is_optional && answer.expose() == CLEAR && self.prompt.is_patient() {
            self.profile.set_text(question.field, "");
        } else {
            question.store(self.profile, answer.expose());
        }
        Ok(())
    }

    /// Lets the user choose one of these names, and returns its index.
    ///
    /// Where nothing can be shown to choose from, the answer is a number, and an empty one means the first.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the answer is no number of the list and nobody is there to give another;
    /// [`Error::InputEnded`] where there is no answer.
    pub(crate) fn choose(&mut self, what: &str, names: &[String]) -> Result<usize> {
        let title = format!("Please choose an {what}:");
        if let Some(index) = self.prompt.select(&title, names)? {
            return Ok(index);
        }
        let numbered = names.iter().enumerate().map(|(index, name)| format!("{}. {name}\n", index + 1));
        self.prompt.say(&format!("{title}\n{}", numbered.collect::<String>()))?;
        let question = format!("Please input the {what} number: ");
        let index =
            |answer: &str| index(answer, names.len()).map_err(|why| format!("invalid {what} number{why}"));
        let check = |answer: &str| index(answer).map_or_else(Check::Again, |_| Check::Accept);
        let answer = self.prompt.ask(&Query::new(&question).checked(&check))?;
        index(answer.expose()).map_err(Error::InvalidInput)
    }

    /// Asks questions in order, then stores numbers that need no question.
    ///
    /// # Errors
    ///
    /// As [`Dialogue::ask`].
    pub(crate) fn ask_all(&mut self, questions: &[Question], presets: &[(Field, i64)]) -> Result<()> {
        questions.iter().try_for_each(|question| self.ask(question))?;
        for (field, number) in presets {
            self.profile.set(*field, Value::Integer(*number));
        }
        Ok(())
    }
}

/// Returns the index that a number from 1 on means, or how the sentence about a wrong one ends.
fn index(answer: &str, count: usize) -> std::result::Result<usize, String> {
    let number: i64 = match answer {
        "" => 1,
        text => text.parse().map_err(|_| format!(": {text:?} is no whole number"))?,
    };
    let index = number.checked_sub(1).and_then(|index| usize::try_from(index).ok());
    index.filter(|index| *index < count).ok_or_else(String::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;
    use crate::prompt::{Lines, Terminal};

    fn prompt(host: &FakeHost, at_terminal: bool) -> Box<dyn Prompt + '_> {
        if at_terminal { Box::new(Terminal::new(host).unwrap()) } else { Box::new(Lines::new(host).unwrap()) }
    }

    fn choose(input: &str, at_terminal: bool) -> (std::result::Result<usize, String>, String) {
        let host = FakeHost::new().with_input(input);
        let (http, mut profile) = (http::Client::new(&host, false), Profile::new("p"));
        let mut prompt = prompt(&host, at_terminal);
        let (prompt, language) = (&mut *prompt, Language::English);
        let mut dialogue = Dialogue { host: &host, prompt, http: &http, profile: &mut profile, language };
        let chosen = dialogue.choose("pet", &["cat", "dog"].map(str::to_owned));
        let chosen = chosen.map_err(|error| error.to_string());
        (chosen, host.written(crate::host::Stream::Stdout))
    }

    #[test]
    fn a_number_of_the_list_is_taken_and_nothing_means_the_first() {
        for (input, index) in [("1\n", 0), ("2\n", 1), ("\n", 0), ("+2\n", 1)] {
            assert_eq!(choose(input, false).0, Ok(index), "{input:?}");
        }
    }

    #[test]
    fn any_other_number_is_an_error_where_nobody_sees_it() {
        for number in ["0", "3", "-1", "-9223372036854775808"] {
            assert_eq!(choose(&format!("{number}\n1\n"), false).0, Err("invalid pet number".to_owned()));
        }
        let error = choose("x\n1\n", false).0.unwrap_err();
        assert_eq!(error, "invalid pet number: \"x\" is no whole number");
    }

    #[test]
    fn at_a_terminal_the_question_comes_again() {
        let (chosen, shown) = choose("9\n", true);
        assert!(chosen.unwrap_err().contains("input ended at the question"));
        assert_eq!(shown.matches("Please input the pet number: ").count(), 2);
        assert!(shown.contains("invalid pet number\n"), "{shown}");
    }

    #[test]
    fn an_optional_value_is_cleared_by_somebody_who_is_there_only() {
        let question = Question::new(Field::ExternalId, "External ID").optional();
        for (answer, at_terminal, stored) in
            [("-", true, ""), ("", true, "old"), ("-", false, "-"), ("new", true, "new")]
        {
            let host = FakeHost::new().with_input(format!("{answer}\n"));
            let (http, mut profile) = (http::Client::new(&host, false), Profile::new("p"));
            profile.set_text(Field::ExternalId, "old");
            let (mut prompt, language) = (prompt(&host, at_terminal), Language::English);
            let prompt = &mut *prompt;
            let mut dialogue = Dialogue { host: &host, prompt, http: &http, profile: &mut profile, language };
            dialogue.ask(&question).unwrap();
            assert_eq!(profile.text(Field::ExternalId), stored, "{answer:?}");
        }
    }
}
