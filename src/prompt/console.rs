//! Asking on a console whose system edits lines itself.

use super::answer::Fault;
use super::{Lines, Prompt, Query, select};
use crate::error::Result;
use crate::host::{Host, Stream};
use crate::secret::Secret;

/// Somebody who types on a console; hidden answers are not echoed.
pub(crate) struct Terminal<'a> {
    host: &'a dyn Host,
    lines: Lines<'a>,
}

impl<'a> Terminal<'a> {
    /// Asks on the console of standard input, and shows questions on standard output.
    ///
    /// # Errors
    ///
    /// Fails where there is no standard input.
    pub(crate) fn new(host: &'a dyn Host) -> Result<Self> {
        Ok(Self { host, lines: Lines::new(host)? })
    }

    /// Shows questions on another stream.
    #[must_use]
    pub(crate) fn shown_on(mut self, stream: Stream) -> Self {
        self.lines = self.lines.shown_on(stream);
        self
    }
}

/// Reads an answer that nobody sees.
fn ask_hidden(query: &Query<'_>) -> Result<std::result::Result<Secret, Fault>> {
    let prompt = query.text.trim_end().trim_end_matches(':');
    let answer = dialoguer::Password::new().with_prompt(prompt).allow_empty_password(true).interact();
    let answer = Secret::new(answer.map_err(|dialoguer::Error::IO(error)| error)?);
    let answer = answer.expose().trim();
    Ok(query.examine(answer).map(|()| Secret::new(answer)))
}

impl Prompt for Terminal<'_> {
    fn ask(&mut self, query: &Query<'_>) -> Result<Secret> {
        let mut doubted = None;
        loop {
            let answer = if query.is_hidden { ask_hidden(query)? } else { self.lines.ask_once(query)? };
            match query.judge(answer, &mut doubted) {
                Ok(answer) => return Ok(answer),
                Err(sentence) => self.say(&format!("{sentence}\n"))?,
            }
        }
    }

    fn select(&mut self, title: &str, items: &[String]) -> Result<Option<usize>> {
        if !self.host.is_terminal(Stream::Stdin) || !self.host.is_terminal(Stream::Stderr) {
            return Ok(None);
        }
        select::choose(title, items).map(Some)
    }

    fn is_patient(&self) -> bool {
        true
    }

    fn say(&mut self, text: &str) -> Result<()> {
        self.lines.say(text)
    }
}
