//! What the user asks of the tour.

#![cfg(unix)]

use std::ffi::OsString;
use std::path::PathBuf;

use crate::Outcome;

/// The language of the comments and of the profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Chinese,
}

impl Language {
    /// Returns the language as a profile stores it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Shows what the program does, against a fake cloud on this machine.

usage: cargo run --release --locked --example tour [-- OPTION...]

  --fast            without pauses
  --language en|zh  the language of the comments and of the profiles (en)
  --svg FILE        also writes the session as a picture
  --binary FILE     plays this build of aliyun instead of making one
  --help            prints this
";

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Wish {
    /// To print the help.
    Help,
    /// To play the tour.
    Tour(Options),
}

/// How the tour is to be played.
#[derive(Debug)]
pub(crate) struct Options {
    /// Without pauses.
    pub(crate) fast: bool,
    /// The language of the comments and of the profiles.
    pub(crate) language: Language,
    /// Where the picture goes, if one is wanted.
    pub(crate) svg: Option<PathBuf>,
    /// The build of the program to play, if it is another one than that beside the tour.
    pub(crate) binary: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments.
    ///
    /// # Errors
    ///
    /// An argument is unknown, or its value is missing or none.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = OsString>) -> Outcome<Wish> {
        let mut options = Self { fast: false, language: Language::English, svg: None, binary: None };
        while let Some(argument) = arguments.next() {
            let argument = argument.to_string_lossy().into_owned();
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--fast" => options.fast = true,
                "--language" => options.language = language(&value()?.to_string_lossy())?,
                "--svg" => options.svg = Some(value()?.into()),
                "--binary" => options.binary = Some(value()?.into()),
                "--help" | "-h" => return Ok(Wish::Help),
                _ => return Err(format!("{argument} is unknown; --help shows what there is").into()),
            }
        }
        Ok(Wish::Tour(options))
    }
}

fn language(code: &str) -> Outcome<Language> {
    match code {
        "en" => Ok(Language::English),
        "zh" => Ok(Language::Chinese),
        _ => Err(format!("--language is en or zh, not {code:?}").into()),
    }
}
