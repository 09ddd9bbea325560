//! Secrets that a flag names instead of holding them, so that they stand in no command line: `-` is a line of
//! standard input, `@FILE` the contents of a file.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use clap_lex::OsStrExt;

use crate::config::field::{Field, Kind, Value};
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::prompt::{Lines, Prompt, Query, Terminal};
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

    /// Returns the value that a flag has for its field; `None` for a text that is no number where one belongs.
    ///
    /// # Errors
    ///
    /// Fails where a secret cannot be read, or is no text.
    pub(crate) fn read(&mut self, flag: &str, field: Field, given: &OsStr) -> Result<Option<Value>> {
        if field.kind() != Kind::Secret {
            return Ok(field.value(text(flag, given)?));
        }
        let secret = match given.strip_prefix("@") {
            Some(path) => read_file(flag, path.as_ref())?,
            None if given == "-" => self.ask(flag, field)?,
            None => Secret::new(text(flag, given)?),
        };
        Ok(Some(Value::Secret(secret)))
    }

    fn ask(&mut self, flag: &str, field: Field) -> Result<Secret> {
        let text = format!("--{flag}: ");
        self.prompt()?.ask(&Query::new(&text).hidden(true).or_pem(field == Field::PrivateKey))
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
    if host.is_terminal(Stream::Stdin) {
        return Ok(Box::new(Terminal::new(host)?.shown_on(Stream::Stderr)));
    }
    Ok(Box::new(Lines::new(host)?.silent()))
}

/// Returns a value that a profile can hold.
fn text<'a>(flag: &str, given: &'a OsStr) -> Result<&'a str> {
    given.to_str().ok_or_else(|| not_text(flag))
}

/// Returns the error about a value that has to be text.
pub(crate) fn not_text(flag: &str) -> Error {
    Error::InvalidInput(format!("--{flag}: the value is not UTF-8"))
}

fn read_file(flag: &str, path: &Path) -> Result<Secret> {
    let text = fs::read_to_string(path).map(Secret::new).map_err(|error| {
        Error::InvalidInput(format!("--{flag}: cannot read the file {}: {error}", path.display()))
    })?;
    Ok(Secret::new(text.expose().trim_end_matches(['\r', '\n'])))
}
