//! Asking the user, on a terminal or through any other input.

mod answer;
mod lines;
mod select;
#[cfg(unix)]
mod session;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod terminal;
#[cfg(not(unix))]
#[path = "console.rs"]
mod terminal;

pub(crate) use answer::{Check, Query};
pub(crate) use lines::Lines;
pub(crate) use terminal::Terminal;

use crate::error::Result;
use crate::host::{Host, Stream};
use crate::secret::Secret;

/// Somebody who can be asked.
pub(crate) trait Prompt {
    /// Asks a question, and returns the answer without the blanks around it.
    ///
    /// Somebody at a terminal is asked again until the answer will do.
    ///
    /// # Errors
    ///
    /// [`crate::Error::InputEnded`] where there is no answer, and an error that names the question where the
    /// answer holds what no value may hold (behaviour, section 6.16).
    fn ask(&mut self, query: &Query<'_>) -> Result<Secret>;

    /// Lets the user choose from a list, and returns the index; `None` where a list cannot be shown to choose from.
    ///
    /// # Errors
    ///
    /// [`crate::Error::InputEnded`] where the user chooses nothing.
    fn select(&mut self, _title: &str, _items: &[String]) -> Result<Option<usize>> {
        Ok(None)
    }

    /// Prepares for a wait without a question, so that a signal ends it as it ends a question.
    ///
    /// # Errors
    ///
    /// Fails where the terminal is gone.
    fn begin_wait(&mut self) -> Result<()> {
        Ok(())
    }

    /// Leaves the terminal as it was found: no more questions follow.
    fn finish(&mut self) {}

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

    /// Tells whether [`Prompt::unasked`] may ever return a line.
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
    if host.is_terminal(Stream::Stdin) {
        return Ok(Box::new(Terminal::new(host)?));
    }
    Ok(Box::new(Lines::new(host)?))
}

/// Tells whether the terminal understands the control sequences of ECMA-48, by the family that `TERM` names.
pub(crate) fn understands_sequences(host: &dyn Host) -> bool {
    const FAMILIES: [&str; 21] = [
        "xterm",
        "screen",
        "tmux",
        "rxvt",
        "vt1",
        "vt2",
        "vt3",
        "vt5",
        "linux",
        "ansi",
        "konsole",
        "gnome",
        "alacritty",
        "foot",
        "kitty",
        "wezterm",
        "ghostty",
        "st-",
        "putty",
        "eterm",
        "contour",
    ];
    cfg!(windows)
        || host.var("TERM").is_some_and(|term| FAMILIES.iter().any(|family| term.starts_with(family)))
}
