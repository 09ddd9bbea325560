use super::{Lines, Prompt};
use crate::error::Result;
use crate::secret::Secret;

/// Answers typed on a terminal; secrets are not echoed.
pub(crate) struct Terminal<'a> {
    lines: Lines<'a>,
}

impl<'a> Terminal<'a> {
    /// Asks on the terminal that these lines come from.
    pub(crate) fn new(lines: Lines<'a>) -> Self {
        Self { lines }
    }
}

impl Prompt for Terminal<'_> {
    fn ask(&mut self, question: &str) -> Result<Secret> {
        self.lines.ask(question)
    }

    #[cfg(unix)]
    fn ask_hidden(&mut self, question: &str) -> Result<Secret> {
        // The echo is off before the question invites the first key.
        let silence = silence::Silence::begin()?;
        self.say(question)?;
        let answer = self.lines.read_line(question, &silence::SIGNAL_KEYS);
        drop(silence);
        let (answer, end) = answer?;
        silence::raise_signal_of(end);
        Ok(answer)
    }

    #[cfg(not(unix))]
    fn ask_hidden(&mut self, question: &str) -> Result<Secret> {
        let prompt = question.trim_end().trim_end_matches(':');
        let answer = dialoguer::Password::new().with_prompt(prompt).allow_empty_password(true).interact();
        let answer = answer.map_err(|dialoguer::Error::IO(error)| error)?;
        Ok(Secret::new(answer.trim()))
    }

    fn unasked(&mut self) -> Result<Option<Secret>> {
        match self.lines.is_ready() {
            Some(true) => Ok(Some(self.lines.read_line("", &[])?.0)),
            _ => Ok(None),
        }
    }

    fn hears_unasked(&self) -> bool {
        self.lines.is_ready().is_some()
    }

    fn is_patient(&self) -> bool {
        true
    }

    fn say(&mut self, text: &str) -> Result<()> {
        self.lines.say(text)
    }
}

#[cfg(unix)]
mod silence {
    use std::io;

    use rustix::process::{Signal, getpid, kill_process};
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

    /// The byte of Ctrl-C.
    const INTERRUPT: u8 = 3;
    /// The byte of Ctrl-\.
    const QUIT: u8 = 28;

    /// The keys that end a line to send a signal.
    pub(super) const SIGNAL_KEYS: [u8; 2] = [INTERRUPT, QUIT];

    /// A terminal without echo, until dropped.
    ///
    /// The keys that would send a signal end the line instead, so that the echo is back before the signal
    /// is sent, whatever it does then. What was typed ahead stays.
    pub(super) struct Silence {
        before: Termios,
    }

    impl Silence {
        pub(super) fn begin() -> io::Result<Self> {
            let before = tcgetattr(io::stdin())?;
            let mut silent = before.clone();
            silent.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
            silent.local_modes.insert(LocalModes::ECHONL | LocalModes::ICANON);
            silent.special_codes[SpecialCodeIndex::VEOL] = INTERRUPT;
            silent.special_codes[SpecialCodeIndex::VEOL2] = QUIT;
            tcsetattr(io::stdin(), OptionalActions::Now, &silent)?;
            Ok(Self { before })
        }
    }

    impl Drop for Silence {
        fn drop(&mut self) {
            // Nothing can be done about a terminal that is gone.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
        }
    }

    /// Sends the signal of the key that ended a line, if it was such a key.
    pub(super) fn raise_signal_of(end: u8) {
        let signal = match end {
            INTERRUPT => Signal::INT,
            QUIT => Signal::QUIT,
            _ => return,
        };
        // A program cannot fail to signal itself.
        let _ = kill_process(getpid(), signal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    #[test]
    fn a_line_typed_unasked_is_given_once() {
        let host = FakeHost::new().with_input("address\nanswer\n");
        let mut terminal = Terminal::new(Lines::new(&host).unwrap());
        assert_eq!(terminal.unasked().unwrap().unwrap().expose(), "address");
        assert_eq!(terminal.ask("Q: ").unwrap().expose(), "answer");
    }
}
