//! Where the tour is shown: a terminal, at a human pace, or anything else, plainly and at once.

#![cfg(unix)]

use std::env;
use std::io::{self, IsTerminal, Write};
use std::thread::sleep;
use std::time::Duration;

use crate::screen::Screen;

/// How long a user takes for a key, before a line, and to read what a command said.
const KEY: Duration = Duration::from_millis(35);
const LINE: Duration = Duration::from_millis(400);
const READING: Duration = Duration::from_millis(1800);

/// The colours of what the program does not say itself, as terminals know them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ink {
    /// A comment.
    Comment,
    /// A shell's prompt.
    Prompt,
    /// What is typed behind the prompt.
    Command,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Self::Comment => "36",
            Self::Prompt => "1;32",
            Self::Command => "1",
        }
    }
}

/// How standard output takes the tour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Coloured,
    Uncoloured,
    /// Whole lines of text; so many are printed.
    Lines(usize),
}

/// Those who watch, and what they have seen.
pub(crate) struct Audience {
    manner: Manner,
    fast: bool,
    screen: Screen,
}

impl Audience {
    /// Plays to standard output; without pauses if that is asked for or nobody watches.
    pub(crate) fn of_stdout(fast: bool) -> Self {
        let is_plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let manner = match io::stdout().is_terminal() {
            true if is_plain => Manner::Uncoloured,
            true => Manner::Coloured,
            false => Manner::Lines(0),
        };
        Self { manner, fast: fast || manner == Manner::Lines(0), screen: Screen::default() }
    }

    /// Shows what the program said, as it is.
    ///
    /// # Errors
    ///
    /// Standard output is closed.
    pub(crate) fn show(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.screen.feed(bytes);
        self.print(bytes)
    }

    /// Shows a text in a colour.
    ///
    /// # Errors
    ///
    /// Standard output is closed.
    pub(crate) fn tell(&mut self, ink: Ink, text: &str) -> io::Result<()> {
        let coloured = format!("\u{1b}[{}m{text}\u{1b}[0m", ink.code());
        self.screen.feed(coloured.as_bytes());
        self.print(if self.manner == Manner::Coloured { &coloured } else { text }.as_bytes())
    }

    /// Begins a new line.
    ///
    /// # Errors
    ///
    /// Standard output is closed.
    pub(crate) fn end_line(&mut self) -> io::Result<()> {
        self.show(b"\r\n")
    }

    fn print(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match &mut self.manner {
            Manner::Coloured | Manner::Uncoloured => out.write_all(bytes)?,
            Manner::Lines(printed) => {
                let whole = self.screen.rows().len().saturating_sub(1);
                for row in self.screen.rows().iter().take(whole).skip(*printed) {
                    writeln!(out, "{}", row.text())?;
                }
                *printed = whole;
            }
        }
        out.flush()
    }

    /// Waits as long as a user takes for a key.
    pub(crate) fn pause_for_key(&self) {
        self.pause(KEY);
    }

    /// Waits as long as a user takes to begin a line.
    pub(crate) fn pause_for_line(&self) {
        self.pause(LINE);
    }

    /// Waits as long as a user reads.
    pub(crate) fn pause_for_reading(&self) {
        self.pause(READING);
    }

    fn pause(&self, time: Duration) {
        if !self.fast {
            sleep(time);
        }
    }

    /// Gives everything that was shown.
    pub(crate) fn shown(&self) -> &Screen {
        &self.screen
    }
}
