//! Everything outside the program: environment, clock, randomness, standard streams. Real, or a fake one.

mod browser;
#[cfg(any(test, feature = "test-util"))]
mod fake;
mod helper;
mod launch;
pub(crate) mod peer;
mod plain;
mod real;
mod search;
mod streams;
mod trail;

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::PathBuf;
use std::pin::Pin;

#[cfg(any(test, feature = "test-util"))]
pub use fake::FakeHost;
pub use launch::Launch;
#[cfg(all(unix, feature = "cli"))]
pub(crate) use plain::is_obeyed;
pub(crate) use plain::plain;
pub use real::RealHost;

use crate::error::{HelperFailure, Result};
use crate::secret::Secret;

/// What a credential helper printed, and how it ended.
#[derive(Debug, Clone, Default)]
pub struct HelperOutput {
    /// Its standard output.
    pub stdout: Secret,
    /// How it failed, if it did.
    pub failure: Option<HelperFailure>,
}

/// The future of a running helper.
pub type HelperFuture<'a> = Pin<Box<dyn Future<Output = Result<HelperOutput>> + Send + 'a>>;

/// A future of the exit code of a program that is supervised.
pub type ExitFuture<'a> = Pin<Box<dyn Future<Output = io::Result<u8>> + Send + 'a>>;

/// A standard stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard input.
    Stdin,
    /// Standard output, for results.
    Stdout,
    /// Standard error, for messages.
    Stderr,
}

/// The environment, clock, streams and processes that this library works with. It reaches them only through a host.
///
/// A program that has its settings elsewhere than in the environment implements the two methods without a
/// default. Clock, random numbers and helper programs are real by default, standard input is empty, what is
/// written goes nowhere, and there is neither a terminal nor a browser.
pub trait Host: Sync {
    /// Returns an environment variable, or `None` where it is unset or empty.
    fn var(&self, name: &str) -> Option<String>;

    /// Returns the user's home folder.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NoHome`] where none is known.
    fn home(&self) -> Result<PathBuf>;

    /// Returns the time in seconds since 1970-01-01 UTC.
    fn now(&self) -> i64 {
        real::now()
    }

    /// Returns random bytes fit for nonces and secrets.
    ///
    /// # Errors
    ///
    /// Fails where the system has none.
    fn random(&self, bytes: &mut [u8]) -> Result<()> {
        real::random(bytes)
    }

    /// Tells whether a stream is a terminal.
    fn is_terminal(&self, stream: Stream) -> bool {
        let _ = stream;
        false
    }

    /// Returns how many columns a terminal has; `None` where the stream is none, or does not say.
    fn columns(&self, stream: Stream) -> Option<usize> {
        let _ = stream;
        None
    }

    /// Opens standard input without a buffer, so that what follows an answer is left for a child process.
    ///
    /// # Errors
    ///
    /// Fails where there is no standard input.
    fn input(&self) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(io::empty()))
    }

    /// Tells whether a read of standard input would end at once, with a line or with the end of the input;
    /// `None` where the system does not say.
    fn is_input_ready(&self) -> Option<bool> {
        Some(true)
    }

    /// Writes to standard output or standard error at once. Where that is a terminal, whatever it would obey is
    /// shown instead.
    ///
    /// # Errors
    ///
    /// Fails where the stream is closed.
    fn write(&self, stream: Stream, text: &str) -> io::Result<()> {
        let _ = (stream, text);
        Ok(())
    }

    /// Writes to a terminal what it is to obey, and nothing that others may have a part in.
    ///
    /// # Errors
    ///
    /// As [`Host::write`].
    fn draw(&self, stream: Stream, text: &str) -> io::Result<()> {
        self.write(stream, text)
    }

    /// Returns the path of this program, if the system knows it.
    fn program(&self) -> Option<PathBuf> {
        None
    }

    /// Hands over to another program, with this one's streams. Where the system can, it replaces this process; else
    /// its exit code is returned.
    ///
    /// # Errors
    ///
    /// Fails where the program cannot be started.
    fn hand_over(&self, launch: &Launch) -> io::Result<u8> {
        let _ = launch;
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Runs a program with this one's streams, passes on the signals that this process gets, and returns its exit
    /// code, or 128 and the number of the signal that ended it.
    ///
    /// # Errors
    ///
    /// Fails where the program cannot be started.
    fn supervise<'a>(&'a self, launch: &'a Launch) -> ExitFuture<'a> {
        let _ = launch;
        Box::pin(async { Err(io::ErrorKind::Unsupported.into()) })
    }

    /// Runs a program with these words as its name and arguments, without a shell, and reads what it prints.
    ///
    /// It gets this program's standard input and standard error and one more variable; it has no time limit.
    fn run<'a>(&'a self, words: &'a [String], variable: (&'a str, &'a str)) -> HelperFuture<'a> {
        Box::pin(helper::run(self.var("PATH"), words, variable))
    }

    /// Returns a name for this process that no other process ever shares.
    fn process(&self) -> String {
        trail::process()
    }

    /// Tells whether the named process is this one or one of its ancestors.
    fn is_behind(&self, process: &str) -> bool {
        trail::is_behind(process)
    }

    /// Opens a URL in the user's browser, without waiting for it.
    ///
    /// Other users of the machine can see the URL, so it must hold no secret.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::Unsupported`] where no way to start one is known; else why it did not start.
    fn open_browser(&self, url: &str) -> io::Result<()> {
        let _ = url;
        Err(io::ErrorKind::Unsupported.into())
    }
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
    pub(crate) fn resolve(&self, program: impl AsRef<OsStr>) -> io::Result<PathBuf> {
        search::resolve(self.var("PATH"), program.as_ref())
    }

    /// Returns the programs of a name on the search path, in its order.
    pub(crate) fn search(&self, name: &str) -> Vec<PathBuf> {
        search::all(self.var("PATH"), name.as_ref())
    }

    /// Returns the first of these variables that is set and not empty.
    pub(crate) fn first_var(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.var(name))
    }

    /// Tells whether a variable is `true`, in any case.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.var(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}
