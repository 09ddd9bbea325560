//! Everything outside the program: environment, clock, randomness, standard streams. Real, or a fake one.

mod browser;
#[cfg(any(test, feature = "test-util"))]
mod fake;
mod helper;
mod real;
mod search;
mod trail;

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;

use url::Url;

#[cfg(any(test, feature = "test-util"))]
pub use fake::FakeHost;
pub use real::RealHost;

use crate::error::Result;
use crate::secret::Secret;

/// What a credential helper printed, and how it ended.
#[derive(Debug, Clone, Default)]
pub struct HelperOutput {
    /// Its standard output.
    pub stdout: Secret,
    /// Why it counts as failed, if it does.
    pub failure: Option<String>,
}

/// What a host gives when a helper has ended.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<HelperOutput>> + Send + 'a>>;

/// A standard stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Where answers come from.
    Stdin,
    /// Where results go.
    Stdout,
    /// Where errors go.
    Stderr,
}

/// The surroundings of a run. Nothing else in this library reads the environment, the clock or a stream.
pub trait Host: Sync {
    /// Gives an environment variable, or `None` where it is unset or empty.
    fn var(&self, name: &str) -> Option<String>;

    /// Gives the user's home folder.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NoHome`] where none is known.
    fn home(&self) -> Result<PathBuf>;

    /// Gives the time in seconds since 1970-01-01 UTC.
    fn now(&self) -> i64;

    /// Gives random bytes fit for nonces and secrets.
    ///
    /// # Errors
    ///
    /// Fails where the system has none.
    fn random(&self, bytes: &mut [u8]) -> Result<()>;

    /// Tells whether a stream is a terminal.
    fn is_terminal(&self, stream: Stream) -> bool;

    /// Opens standard input without a buffer, so that what follows an answer is left for a child process.
    ///
    /// # Errors
    ///
    /// Fails where there is no standard input.
    fn input(&self) -> io::Result<Box<dyn Read>>;

    /// Tells whether a read of standard input would end at once, with a line or with the end of the input;
    /// `None` where the system does not say.
    fn is_input_ready(&self) -> Option<bool>;

    /// Writes to standard output or standard error at once.
    ///
    /// # Errors
    ///
    /// Fails where the stream is closed.
    fn write(&self, stream: Stream, text: &str) -> io::Result<()>;

    /// Gives the path of this very program, where the system knows it.
    fn program(&self) -> Option<PathBuf>;

    /// Lets another program go on with this one's arguments, environment and streams, and with one variable
    /// more. Where the system can, it takes this program's place; else its exit code is given.
    ///
    /// # Errors
    ///
    /// Fails where the program cannot be started.
    fn hand_over(&self, program: &Path, variable: (&str, &str)) -> io::Result<u8>;

    /// Runs a program with these words as its name and arguments, without a shell, and reads what it prints.
    ///
    /// It has this program's standard input and standard error, one variable more, and as much time as it
    /// wants.
    fn run<'a>(&'a self, words: &'a [String], variable: (&'a str, &'a str)) -> Running<'a>;

    /// Returns a name for this process that no other one has, before or after it.
    fn process(&self) -> String;

    /// Tells whether the process of a name is this one, or has started it, however indirectly.
    fn is_behind(&self, process: &str) -> bool;

    /// Starts the user's browser with an address, and does not wait for it.
    ///
    /// Other users of the machine can see the address, so it must hold no secret.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::Unsupported`] where no way to start one is known; else why it did not start.
    fn open_browser(&self, url: &Url) -> io::Result<()>;
}

impl dyn Host + '_ {
    /// Writes a result to standard output.
    pub(crate) fn out(&self, text: &str) -> Result<()> {
        Ok(self.write(Stream::Stdout, text)?)
    }

    /// Finds the program that a command names: by its path, or by its name on the search path.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::NotFound`] where no folder of the search path has it.
    pub(crate) fn resolve(&self, program: &str) -> io::Result<PathBuf> {
        if program.contains(std::path::is_separator) {
            return Ok(PathBuf::from(program));
        }
        let found = self.search(program).into_iter().next();
        found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, search::not_found(program)))
    }

    /// Finds the programs of a name on the search path, in its order. Its empty entries and relative folders
    /// count for nothing: what is in the folder at hand is nobody's choice.
    pub(crate) fn search(&self, name: &str) -> Vec<PathBuf> {
        let path = self.var("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        let names = search::file_names(name);
        folders
            .flat_map(|folder| names.clone().map(move |name| folder.join(name)))
            .filter(|path| search::is_program(path))
            .collect()
    }

    /// Gives the first of these variables that is set and not empty.
    pub(crate) fn first_var(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.var(name))
    }

    /// Tells whether a variable is `true` in any case.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.var(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}
