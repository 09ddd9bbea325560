use std::io::{self, Read};

use zeroize::Zeroizing;

use super::Prompt;
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::secret::Secret;

/// The longest answer that is read, in bytes.
const BODY_LIMIT: usize = 1 << 20;

/// Answers read a line each, ended by `\n` or `\r\n`, or by the end of the input.
///
/// Not a byte behind the line is taken, so that a credential helper finds the rest.
pub(crate) struct Lines<'a> {
    host: &'a dyn Host,
    input: Box<dyn Read>,
    /// Where questions are shown; `None` for nowhere.
    shown_on: Option<Stream>,
}

impl<'a> Lines<'a> {
    /// Reads answers from standard input and shows questions on standard output.
    ///
    /// # Errors
    ///
    /// Fails where there is no standard input.
    pub(crate) fn new(host: &'a dyn Host) -> Result<Self> {
        Ok(Self { host, input: host.input()?, shown_on: Some(Stream::Stdout) })
    }

    /// Shows questions on another stream.
    #[must_use]
    pub(crate) fn shown_on(mut self, stream: Stream) -> Self {
        self.shown_on = Some(stream);
        self
    }

    /// Shows no questions, for input that nobody types.
    #[must_use]
    pub(crate) fn silent(mut self) -> Self {
        self.shown_on = None;
        self
    }

    /// Tells whether a read takes no waiting; `None` where that cannot be told.
    pub(super) fn is_ready(&self) -> Option<bool> {
        self.host.is_input_ready()
    }

    /// Reads one line up to a newline or one of these other ends, and returns it without its end, and the end.
    pub(super) fn read_line(&mut self, question: &str, other_ends: &[u8]) -> Result<(Secret, u8)> {
        let mut line = Zeroizing::new(Vec::new());
        let mut byte = [0];
        let end = loop {
            match self.input.read(&mut byte) {
                Ok(0) if line.is_empty() => return Err(ended(question)),
                Ok(0) => break b'\n',
                Ok(_) if byte == [b'\n'] || other_ends.contains(&byte[0]) => break byte[0],
                Ok(_) => line.extend_from_slice(&byte),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
            if line.len() > BODY_LIMIT {
                let question = question.trim();
                return Err(Error::InvalidInput(format!(
                    "the answer to \"{question}\" is longer than 1 MiB"
                )));
            }
        };
        Ok((Secret::new(String::from_utf8_lossy(&line).trim()), end))
    }
}

/// Makes the error for an input that ended; the stored value in a question is left out.
fn ended(question: &str) -> Error {
    let label = question.split(['[', ':', '(']).next().unwrap_or_default();
    Error::InputEnded(label.trim().to_owned())
}

impl Prompt for Lines<'_> {
    fn ask(&mut self, question: &str) -> Result<Secret> {
        self.say(question)?;
        Ok(self.read_line(question, &[])?.0)
    }

    fn ask_hidden(&mut self, question: &str) -> Result<Secret> {
        self.ask(question)
    }

    fn say(&mut self, text: &str) -> Result<()> {
        match self.shown_on {
            Some(stream) => Ok(self.host.write(stream, text)?),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    fn answers(input: &str, count: usize) -> Vec<Option<String>> {
        let host = FakeHost::new().with_input(input);
        let mut lines = Lines::new(&host).unwrap();
        (0..count).map(|_| lines.ask("Q [x]: ").ok().map(|answer| answer.expose().to_owned())).collect()
    }

    #[test]
    fn each_question_takes_one_line_and_the_last_needs_no_end() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(answers("a\r\n b \n\nc", 5), [text("a"), text("b"), text(""), text("c"), None]);
    }

    #[test]
    fn a_line_that_nobody_asked_for_is_left_for_the_next_question() {
        let host = FakeHost::new().with_input("answer\n");
        let mut lines = Lines::new(&host).unwrap();
        assert!(lines.unasked().unwrap().is_none());
        assert_eq!(lines.ask("Q: ").unwrap().expose(), "answer");
    }

    #[test]
    fn an_input_that_ends_is_an_error_that_names_the_question_only() {
        let host = FakeHost::new();
        let error = Lines::new(&host).unwrap().ask("Access Key Id [***]: ").unwrap_err();
        assert_eq!(error.to_string(), "input ended at the question \"Access Key Id\"; nothing was saved");
    }
}
