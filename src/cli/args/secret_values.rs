//! Secrets that a flag names instead of holding them, so that they stand in no command line: `-` is a line of
//! standard input, `@FILE` the contents of a file.

use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;

use clap_lex::OsStrExt;

use crate::config::field::{Field, Kind, Value};
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::prompt::{Lines, Prompt, Query, Terminal};
use crate::secret::{Secret, SecretBuffer};
use crate::storage::BYTE_ORDER_MARK;

/// The fields whose flags may have blanks around their values, which are no part of them.
const TRIMMED: [Field; 2] = [Field::BearerToken, Field::BearerTokenHeaderKey];

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
    /// Fails where a secret cannot be read, and where a value is no text, or holds what no value may hold
    /// (behaviour, section 6.16).
    pub(crate) fn read(&mut self, flag: &str, field: Field, given: &OsStr) -> Result<Option<Value>> {
        let is_secret = field.kind() == Kind::Secret;
        let (value, is_typed) = match given.strip_prefix("@").filter(|_| is_secret) {
            Some(path) => (read_file(flag, path.as_ref())?, false),
            None if is_secret && given == "-" => (self.ask(flag, field)?, false),
            None => (Secret::new(text(flag, given)?), true),
        };
        let is_trimmed = TRIMMED.contains(&field);
        let value = if is_trimmed { value.expose().trim() } else { value.expose() };
        // A secret that is typed is stored as it is, as the reference does, unless it goes into a header.
        if !is_secret || !is_typed || is_trimmed {
            check(flag, field, value)?;
        }
        Ok(field.value(value))
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

/// Refuses a value of a flag that no profile is to hold.
///
/// # Errors
///
/// Names the flag, and nothing of the value.
pub(crate) fn check(flag: &str, field: Field, value: &str) -> Result<()> {
    match Query::new("").or_pem(field == Field::PrivateKey).fault(value) {
        Some(what) => Err(Error::invalid(format!("--{flag}: the value {what}"))),
        None => Ok(()),
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

/// Reads a file that holds a secret, of which none is as long as a mebibyte.
fn read_file(flag: &str, path: &Path) -> Result<Secret> {
    const LIMIT: usize = 1 << 20;
    let unreadable = |why: &dyn std::fmt::Display| {
        Error::InvalidInput(format!("--{flag}: cannot read the file {}: {why}", path.display()))
    };
    let mut text = SecretBuffer::default();
    File::open(path).and_then(|file| text.fill(file, LIMIT)).map_err(|error| unreadable(&error))?;
    if text.len() > LIMIT {
        return Err(unreadable(&"it is larger than 1 MiB"));
    }
    let text = text.into_text().ok_or_else(|| unreadable(&"it is not UTF-8"))?;
    let text = text.expose();
    Ok(Secret::new(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).trim_end_matches(['\r', '\n'])))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::host::FakeHost;

    fn read(flag: &str, field: Field, given: &str) -> std::result::Result<String, String> {
        let value = FlagValues::new(&FakeHost::new()).read(flag, field, OsStr::new(given));
        value.map(|value| value.unwrap().expose()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_value_with_a_control_character_is_refused_without_being_shown() {
        let refused = |what: &str| Err(format!("--access-key-id: the value {what}"));
        assert_eq!(
            read("access-key-id", Field::AccessKeyId, "a\x07"),
            refused("contains a control character")
        );
        assert_eq!(read("access-key-id", Field::AccessKeyId, "a\nb"), refused("has several lines"));
        assert_eq!(read("access-key-id", Field::AccessKeyId, " a "), Ok(" a ".into()));
        assert!(read("bearer-token", Field::BearerToken, "a\x07b").unwrap_err().contains("control"));
    }

    #[test]
    fn a_typed_secret_is_as_it_is_and_a_bearer_token_and_its_header_are_trimmed() {
        assert_eq!(read("access-key-secret", Field::AccessKeySecret, " a\tb\n"), Ok(" a\tb\n".into()));
        assert_eq!(read("bearer-token", Field::BearerToken, " a\n"), Ok("a".into()));
        assert_eq!(read("bearer-token-header-key", Field::BearerTokenHeaderKey, " x "), Ok("x".into()));
    }

    #[test]
    fn a_file_of_a_secret_may_begin_with_a_byte_order_mark_and_end_with_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let given = |text: &str| {
            let path = folder.path().join("secret");
            fs::write(&path, text).unwrap();
            format!("@{}", path.display())
        };
        let read = |given: &str| read("private-key", Field::PrivateKey, given);
        assert_eq!(read(&given("\u{feff}k\r\n")), Ok("k".into()));
        let pem = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";
        assert_eq!(read(&given(&format!("{pem}\n"))), Ok(pem.into()));
        assert_eq!(read(&given("a\nb")), Err("--private-key: the value has several lines".into()));
    }
}
