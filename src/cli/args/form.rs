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
    /// `--`, behind which everything is taken as it is.
    Dashes,
}

impl<'a> Form<'a> {
    /// Tells a flag from a word by how an argument begins.
    ///
    /// # Errors
    ///
    /// Fails where several letters stand behind one dash.
    pub(super) fn of(argument: &'a OsStr) -> Result<Self> {
        // A lone dash stands for standard input by custom, and three dashes begin a PEM text.
        if !argument.starts_with("-") || argument == "-" || argument.starts_with("---") {
            return Ok(Self::Word);
        }
        if argument == "--" {
            return Ok(Self::Dashes);
        }
        let (name, value) = split(argument);
        let Some(long) = name.strip_prefix("--") else {
            let name = name.to_string_lossy();
            let mut letters = name.chars().skip(1);
            return match (letters.next(), letters.next()) {
                (Some(short), None) => Ok(Self::Short(short, value)),
                _ => Err(Error::InvalidInput(format!("not support flag form {name}"))),
            };
        };
        Ok(Self::Long(long.to_string_lossy(), value))
    }
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
            ("-é=x", Form::Short('é', OsStr::new("x"))),
            ("---a=b", Form::Word),
            ("-", Form::Word),
            ("a=b", Form::Word),
            ("--", Form::Dashes),
        ] {
            assert_eq!(Form::of(OsStr::new(argument)).unwrap(), form, "{argument}");
        }
    }
}
