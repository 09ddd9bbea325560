//! Asking the user, on a terminal or through any other input.

mod lines;
mod terminal;

pub(crate) use lines::Lines;
pub(crate) use terminal::Terminal;

use crate::error::Result;
use crate::host::{Host, Stream};
use crate::secret::Secret;

/// Somebody who can be asked.
pub(crate) trait Prompt {
    /// Asks a question, and returns the answer without the blanks around it.
    ///
    /// # Errors
    ///
    /// [`crate::Error::InputEnded`] where there is no answer.
    fn ask(&mut self, question: &str) -> Result<Secret>;

    /// Asks a question whose answer must not be seen.
    ///
    /// # Errors
    ///
    /// As [`Prompt::ask`].
    fn ask_hidden(&mut self, question: &str) -> Result<Secret>;

    /// Returns a line that was typed without being asked for; `None` at once where there is none.
    ///
    /// Only somebody at a terminal does that: in any other input every line is the answer to a question.
    ///
    /// # Errors
    ///
    /// As [`Prompt::ask`].
    fn unasked(&mut self) -> Result<Option<Secret>> {
        Ok(None)
    }

    /// Tells whether [`Prompt::unasked`] may ever give a line.
    fn hears_unasked(&self) -> bool {
        false
    }

    /// Tells whether somebody is there who sees why an answer will not do, and returns another.
    fn is_patient(&self) -> bool {
        false
    }

    /// Shows a text as it is.
    ///
    /// # Errors
    ///
    /// Fails where the output is closed.
    fn say(&mut self, text: &str) -> Result<()>;
}

/// Opens the prompt that fits these surroundings: a [`Terminal`] where standard input is one, else [`Lines`].
///
/// # Errors
///
/// Fails where there is no standard input.
pub(crate) fn open(host: &dyn Host) -> Result<Box<dyn Prompt + '_>> {
    let lines = Lines::new(host)?;
    if host.is_terminal(Stream::Stdin) {
        return Ok(Box::new(Terminal::new(lines)));
    }
    Ok(Box::new(lines))
}
