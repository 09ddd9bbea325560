//! Secrets that a flag names instead of holding them, so that they stand in no command line: `-` is a line of
//! standard input, `@FILE` the contents of a file.

use std::fs;

use crate::config::field::{Field, Kind, Value};
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::prompt::{Lines, Prompt, Terminal};
use crate::secret::Secret;

/// Reads the values of flags.
pub(crate) struct FlagValues<'a> {
    host: &'a dyn Host,
    /// Who is asked; opened at the first `-`, since several flags read a line each.
    prompt: Option<Box<dyn Prompt + 'a>>,
}

impl<'a> FlagValues<'a> {
    pub(crate) fn new(host: &'a dyn Host) -> Self {
        Self { host, prompt: None }
    }

    /// Gives the value that a flag has for its field; `None` for a text that is no number where one belongs.
    pub(crate) fn read(&mut self, flag: &str, field: Field, text: &str) -> Result<Option<Value>> {
        if field.kind() != Kind::Secret {
            return Ok(field.value(text));
        }
        let secret = match (text, text.strip_prefix('@')) {
            ("-", _) => self.prompt()?.ask_hidden(&format!("--{flag}: "))?,
            (_, Some(path)) => read_file(flag, path)?,
            _ => Secret::new(text),
        };
        Ok(Some(Value::Secret(secret)))
    }

    fn prompt(&mut self) -> Result<&mut Box<dyn Prompt + 'a>> {
        let opened = match self.prompt.take() {
            Some(prompt) => prompt,
            None => open(self.host)?,
        };
        Ok(self.prompt.insert(opened))
    }
}

/// Opens a prompt that keeps standard output free for results, and asks on terminals only.
fn open(host: &dyn Host) -> Result<Box<dyn Prompt + '_>> {
    let lines = Lines::new(host)?.shown_on(Stream::Stderr);
    if host.is_terminal(Stream::Stdin) {
        return Ok(Box::new(Terminal::new(lines)));
    }
    Ok(Box::new(lines.silent()))
}

fn read_file(flag: &str, path: &str) -> Result<Secret> {
    let text = fs::read_to_string(path).map(Secret::new);
    let text =
        text.map_err(|error| Error::Answer(format!("--{flag}: cannot read the file {path}: {error}")))?;
    Ok(Secret::new(text.expose().trim_end_matches(['\r', '\n'])))
}
