//! The forms of an argument (behaviour, section 1).

use std::borrow::Cow;
use std::ffi::OsStr;

use clap_lex::OsStrExt;

use crate::error::{Error, Result};

/// One argument by its form.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// A flag by its long name, with its value, which is empty where none is joined to it.
    Long(Cow<'a, str>, &'a OsStr),
    /// A flag by its letter, with its value.
    Short(char, &'a OsStr),
    /// A plain word.
    Word,
    /// `-`, which stands for standard input by custom.
    Dash,
    /// `--`, behind which everything is taken as it is.
    Dashes,
}

impl<'a> Form<'a> {
    /// Tells a flag from a word by how an argument begins.
    ///
    /// # Errors
    ///
    /// Fails where anything but one ASCII letter stands behind one dash, and where no name stands behind two.
    pub(super) fn of(argument: &'a OsStr) -> Result<Self> {
        // Three dashes begin a PEM text.
        if !argument.starts_with("-") || argument.starts_with("---") {
            return Ok(Self::Word);
        }
        if argument == "-" {
            return Ok(Self::Dash);
        }
        if argument == "--" {
            return Ok(Self::Dashes);
        }
        let (name, value) = split(argument);
        match (name.strip_prefix("--"), name.as_encoded_bytes()) {
            (Some(long), _) if long.is_empty() => Err(no_tail()),
            (Some(long), _) => Ok(Self::Long(long.to_string_lossy(), value)),
            (None, [_, short]) if short.is_ascii() => Ok(Self::Short(char::from(*short), value)),
            (None, _) => Err(unsupported(name)),
        }
    }
}

/// Returns the error about `--` where nothing can stand behind it.
pub(super) fn no_tail() -> Error {
    Error::invalid("not support '--' in command line")
}

/// Returns the error about an argument with one dash that is no flag.
pub(super) fn unsupported(argument: &OsStr) -> Error {
    Error::invalid(format!("not support flag form {}", argument.to_string_lossy()))
}

/// Splits an argument at the first `=` or `:`.
fn split(argument: &OsStr) -> (&OsStr, &OsStr) {
    let parts = [argument.split_once("="), argument.split_once(":")];
    let first = parts.into_iter().flatten().min_by_key(|(name, _)| name.len());
    first.unwrap_or((argument, OsStr::new("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_separator_ends_a_name_and_is_no_part_of_the_value() {
        let long = |name: &'static str, value: &'static str| Form::Long(name.into(), OsStr::new(value));
        for (argument, form) in [
            ("--a=b:c=d", long("a", "b:c=d")),
            ("--a:b=c", long("a", "b=c")),
            ("--a", long("a", "")),
            ("-e=x", Form::Short('e', OsStr::new("x"))),
            ("---a=b", Form::Word),
            ("-", Form::Dash),
            ("a=b", Form::Word),
            ("--", Form::Dashes),
        ] {
            assert_eq!(Form::of(OsStr::new(argument)).unwrap(), form, "{argument}");
        }
    }

    #[test]
    fn dashes_without_a_name_and_other_letters_than_ascii_are_no_flags() {
        let refused = |argument: &str| Form::of(OsStr::new(argument)).unwrap_err().to_string();
        for argument in ["--=", "--:x"] {
            assert_eq!(refused(argument), "not support '--' in command line", "{argument}");
        }
        for (argument, form) in [("-=", "-"), ("-:x", "-"), ("-pq=x", "-pq"), ("-é", "-é"), ("-é=x", "-é")]
        {
            assert_eq!(refused(argument), format!("not support flag form {form}"), "{argument}");
        }
    }
}
