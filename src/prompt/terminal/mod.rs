//! Asking on a terminal: a line editor with its own echo, so that nothing else is ever shown.

mod edit;
mod keys;
mod line;
#[cfg(test)]
mod tests;
mod view;

use std::io::{self, Read};

use super::answer::Fault;
use super::session::{self, Session};
use super::{Prompt, Query, select, signals, understands_sequences};
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::secret::Secret;
use edit::{Editing, Outcome};
use keys::Keys;

/// How many columns a terminal has that does not say.
const USUAL_COLUMNS: usize = 80;

/// Somebody who types on a terminal. What was typed and never asked for is thrown away in the end.
pub(crate) struct Terminal<'a> {
    host: &'a dyn Host,
    input: Box<dyn Read>,
    /// Where questions go.
    shown_on: Stream,
    keys: Keys,
    session: Option<Session>,
    was_asked: bool,
    /// A line that is being typed without a question.
    unasked: Editing<'static>,
}

impl<'a> Terminal<'a> {
    /// Asks on the terminal of standard input, and shows questions on standard output.
    ///
    /// # Errors
    ///
    /// Fails where there is no standard input.
    pub(crate) fn new(host: &'a dyn Host) -> Result<Self> {
        Ok(Self {
            host,
            input: host.input()?,
            shown_on: Stream::Stdout,
            keys: Keys::new(),
            session: None,
            was_asked: false,
            unasked: Editing::new(Query::default(), USUAL_COLUMNS),
        })
    }

    /// Shows questions on another stream.
    #[must_use]
    pub(crate) fn shown_on(mut self, stream: Stream) -> Self {
        self.shown_on = stream;
        self
    }

    /// Turns the terminal's own echo off, before anything is shown that invites a key.
    fn begin(&mut self) -> Result<()> {
        if self.session.is_none() && self.host.is_terminal(Stream::Stdin) {
            signals::watch();
            let drawn_on = Some(self.drawn_on()).filter(|_| understands_sequences(self.host));
            let (session, special) = Session::begin(drawn_on)?;
            self.session = Some(session);
            self.keys.special = special;
            self.was_asked = true;
        }
        Ok(())
    }

    /// Returns the stream for what only the terminal gets: the echo of keys.
    fn drawn_on(&self) -> Stream {
        let is_terminal = |stream: &Stream| self.host.is_terminal(*stream);
        [self.shown_on, Stream::Stderr].into_iter().find(is_terminal).unwrap_or(self.shown_on)
    }

    fn columns(&self) -> usize {
        self.host.columns(self.drawn_on()).unwrap_or(USUAL_COLUMNS)
    }

    fn draw(&self, editing: &mut Editing<'_>) -> Result<()> {
        Ok(self.host.draw(self.drawn_on(), &editing.draw())?)
    }

    /// Reads more keys; `false` at the end of the input, or where the terminal is gone.
    fn fill(&mut self) -> Result<bool> {
        loop {
            match self.keys.fill(&mut *self.input) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => {
                    return Ok(false);
                }
                result => return Ok(result?),
            }
        }
    }

    /// Uses the keys that were read.
    fn press(&mut self, editing: &mut Editing<'_>) -> Option<Outcome> {
        std::iter::from_fn(|| self.keys.next()).find_map(|key| editing.press(key))
    }

    /// Lets the user edit an answer until it is finished, or no question can take it.
    fn edit(&mut self, query: &Query<'_>) -> Result<std::result::Result<Secret, Fault>> {
        let mut editing = Editing::new(*query, self.columns());
        let finished = loop {
            let outcome = self.press(&mut editing);
            self.refresh(&mut editing, query)?;
            match outcome {
                None if self.fill()? => {}
                None | Some(Outcome::Ended) => break None,
                Some(Outcome::Enter) => break Some(Ok(Secret::new(editing.answer()))),
                Some(Outcome::Refused(fault)) => break Some(Err(fault)),
                Some(Outcome::Suspend) => {
                    session::suspend();
                    self.show_again(&mut editing, query, "\n")?;
                }
                Some(Outcome::Matches(matches)) => {
                    self.show_again(&mut editing, query, &format!("\n{matches}\n"))?;
                }
            }
        };
        self.end_row()?;
        finished.ok_or_else(|| Error::InputEnded(query.label().to_owned()))
    }

    /// Shows the answer as it is now, behind the question once more where something else may stand there.
    fn refresh(&mut self, editing: &mut Editing<'_>, query: &Query<'_>) -> Result<()> {
        let is_whole = editing.resize(self.columns());
        if session::was_resumed() || !is_whole {
            return self.show_again(editing, query, "\n");
        }
        self.draw(editing)
    }

    fn show_again(&mut self, editing: &mut Editing<'_>, query: &Query<'_>, before: &str) -> Result<()> {
        session::was_resumed();
        self.host.write(self.drawn_on(), &format!("{before}{}", query.text))?;
        editing.start_over(self.columns());
        self.draw(editing)
    }

    /// Says what is wrong with an answer. What was typed behind it was meant for other questions.
    fn refuse(&mut self, sentence: &str) -> Result<()> {
        self.discard();
        self.say(&format!("{sentence}\n"))
    }

    fn discard(&mut self) {
        self.keys.clear();
        if self.session.is_some() {
            session::discard();
        }
    }

    fn end_row(&self) -> Result<()> {
        Ok(self.host.write(self.drawn_on(), "\n")?)
    }
}

impl Prompt for Terminal<'_> {
    fn ask(&mut self, query: &Query<'_>) -> Result<Secret> {
        self.begin()?;
        let mut doubted = None;
        loop {
            self.say(query.text)?;
            let edited = self.edit(query)?;
            match query.judge(edited, &mut doubted) {
                Ok(answer) => return Ok(answer),
                Err(sentence) => self.refuse(&sentence)?,
            }
        }
    }

    fn select(&mut self, title: &str, items: &[String]) -> Result<Option<usize>> {
        let can_draw = self.host.is_terminal(Stream::Stderr) && understands_sequences(self.host);
        if !can_draw || !self.host.is_terminal(Stream::Stdin) {
            return Ok(None);
        }
        self.begin()?;
        self.discard();
        let chosen = signals::undisturbed(|| select::choose(title, items))?;
        if matches!(&chosen, Err(Error::System(error)) if error.kind() == io::ErrorKind::Interrupted) {
            signals::interrupt();
        }
        chosen.map(Some)
    }

    fn begin_wait(&mut self) -> Result<()> {
        self.begin()
    }

    fn finish(&mut self) {
        self.session = None;
    }

    fn unasked(&mut self) -> Result<Option<Secret>> {
        self.begin()?;
        let fresh = Editing::new(Query::default(), self.columns());
        let mut editing = std::mem::replace(&mut self.unasked, fresh);
        loop {
            let outcome = self.press(&mut editing);
            self.draw(&mut editing)?;
            match outcome {
                None if self.host.is_input_ready() != Some(true) => {
                    self.unasked = editing;
                    break;
                }
                None if self.fill()? => {}
                None | Some(Outcome::Ended) => return Err(Error::InputEnded(String::new())),
                Some(Outcome::Suspend) => session::suspend(),
                Some(Outcome::Enter) => {
                    self.end_row()?;
                    return Ok(Some(Secret::new(editing.answer())));
                }
                Some(Outcome::Refused(fault)) => {
                    self.end_row()?;
                    self.refuse(fault.sentence())?;
                    break;
                }
                Some(Outcome::Matches(_)) => {}
            }
        }
        Ok(None)
    }

    fn hears_unasked(&self) -> bool {
        self.host.is_input_ready().is_some()
    }

    fn is_patient(&self) -> bool {
        true
    }

    fn say(&mut self, text: &str) -> Result<()> {
        Ok(self.host.write(self.shown_on, text)?)
    }
}

impl Drop for Terminal<'_> {
    fn drop(&mut self) {
        self.finish();
        if self.was_asked {
            session::discard();
        }
    }
}
