use std::io::{self, Read};

use zeroize::Zeroizing;

use super::answer::{ANSWER_LIMIT, Fault};
use super::{Prompt, Query};
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::secret::{Secret, SecretBuffer};
use crate::storage::BYTE_ORDER_MARK;

/// Answers read a line each, ended by `\n` or `\r\n`, or by the end of the input.
///
/// Not a byte behind the line is taken, so that a credential helper finds the rest.
pub(crate) struct Lines<'a> {
    host: &'a dyn Host,
    input: Box<dyn Read>,
    /// Where questions are shown; `None` for nowhere.
    shown_on: Option<Stream>,
    /// Whether nothing was read yet: there a byte order mark may stand (behaviour, section 6.18).
    is_at_start: bool,
}

impl<'a> Lines<'a> {
    /// Reads answers from standard input and shows questions on standard output.
    ///
    /// # Errors
    ///
    /// Fails where there is no standard input.
    pub(crate) fn new(host: &'a dyn Host) -> Result<Self> {
        Ok(Self { host, input: host.input()?, shown_on: Some(Stream::Stdout), is_at_start: true })
    }

    /// Shows questions on another stream.
    #[cfg(not(unix))]
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

    /// Asks once; the inner error is what is wrong with the answer.
    pub(super) fn ask_once(&mut self, query: &Query<'_>) -> Result<std::result::Result<Secret, Fault>> {
        self.say(query.text)?;
        let line = match self.read_line(query.label())? {
            Ok(line) => line.into_text().ok_or(Fault::NotUtf8),
            Err(fault) => Err(fault),
        };
        let is_first = std::mem::take(&mut self.is_at_start);
        Ok(line.and_then(|line| {
            let text = line.expose();
            let text = text.strip_prefix(BYTE_ORDER_MARK).filter(|_| is_first).unwrap_or(text);
            let answer = query.trimmed(text);
            query.examine(answer).map(|()| Secret::new(answer))
        }))
    }

    /// Reads the bytes of one line, without its end.
    fn read_line(&mut self, label: &str) -> Result<std::result::Result<SecretBuffer, Fault>> {
        let mut line = SecretBuffer::default();
        let mut byte = Zeroizing::new([0]);
        while line.len() <= ANSWER_LIMIT {
            match self.input.read(&mut *byte) {
                Ok(0) if line.is_empty() => return Err(Error::InputEnded(label.to_owned())),
                Ok(0) => return Ok(Ok(line)),
                Ok(_) if *byte == [b'\n'] => return Ok(Ok(line)),
                Ok(_) => line.extend(&*byte),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Err(Fault::TooLong))
    }
}

impl Prompt for Lines<'_> {
    fn ask(&mut self, query: &Query<'_>) -> Result<Secret> {
        self.ask_once(query)?.map_err(|fault| fault.error(query.label()))
    }

    #[cfg(unix)]
    fn begin_wait(&mut self) -> Result<()> {
        super::signals::watch();
        Ok(())
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
        (0..count)
            .map(|_| lines.ask(&Query::new("Q [x]: ")).ok().map(|answer| answer.expose().to_owned()))
            .collect()
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
        assert_eq!(lines.ask(&Query::new("Q: ")).unwrap().expose(), "answer");
    }

    #[test]
    fn an_input_that_ends_is_an_error_that_names_the_question_only() {
        let host = FakeHost::new();
        let error = Lines::new(&host).unwrap().ask(&Query::new("Access Key Id [***]: ")).unwrap_err();
        assert_eq!(error.to_string(), "input ended at the question \"Access Key Id\"; nothing was saved");
    }

    #[test]
    fn what_no_value_may_hold_is_an_error_that_names_the_question_only() {
        let error = |input: &[u8]| {
            let host = FakeHost::new().with_input(input);
            let query = Query::new("Access Key Id [***]: ");
            Lines::new(&host).unwrap().ask(&query).unwrap_err().to_string()
        };
        let expected = |what| format!("the answer to \"Access Key Id\" {what}; nothing was saved");
        assert_eq!(error(b"LTAI\x1b[D\n"), expected("contains a control character"));
        assert_eq!(error(b"LTAI\xff\n"), expected("is not UTF-8"));
        assert_eq!(error(&[b'a'; ANSWER_LIMIT + 1]), expected("is longer than 1 MiB"));
    }

    #[test]
    fn a_byte_order_mark_is_skipped_in_front_of_the_first_answer_only() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(answers("\u{feff}a\n\u{feff}b\n", 2), [text("a"), text("\u{feff}b")]);
    }
}
