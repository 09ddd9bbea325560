#![expect(clippy::disallowed_methods, reason = "this is where the program meets its surroundings")]

use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ring::rand::{SecureRandom, SystemRandom};

use super::{ExitFuture, Host, Launch, Stream, browser, launch, plain, streams};
use crate::error::{Error, Result};

/// The process's own environment, clock and streams.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealHost;

impl Host for RealHost {
    fn var(&self, name: &str) -> Option<String> {
        let value = std::env::var_os(name)?;
        let value = value.to_string_lossy();
        (!value.is_empty()).then(|| value.into_owned())
    }

    #[cfg(not(windows))]
    fn home(&self) -> Result<PathBuf> {
        dirs::home_dir().filter(|home| !home.as_os_str().is_empty()).ok_or(Error::NoHome)
    }

    #[cfg(windows)]
    fn home(&self) -> Result<PathBuf> {
        let on_drive = self.var("HOMEDRIVE").zip(self.var("HOMEPATH")).map(|(drive, path)| drive + &path);
        on_drive
            .or_else(|| self.var("USERPROFILE"))
            .map(PathBuf::from)
            .or_else(dirs::home_dir)
            .ok_or(Error::NoHome)
    }

    fn is_terminal(&self, stream: Stream) -> bool {
        match stream {
            Stream::Stdin => io::stdin().is_terminal(),
            Stream::Stdout => io::stdout().is_terminal(),
            Stream::Stderr => io::stderr().is_terminal(),
        }
    }

    fn columns(&self, stream: Stream) -> Option<usize> {
        streams::columns(stream)
    }

    fn input(&self) -> io::Result<Box<dyn Read>> {
        streams::input()
    }

    fn is_input_ready(&self) -> Option<bool> {
        streams::is_input_ready()
    }

    fn write(&self, stream: Stream, text: &str) -> io::Result<()> {
        let shown = if self.is_terminal(stream) { plain(text) } else { text.into() };
        self.draw(stream, &shown)
    }

    fn draw(&self, stream: Stream, text: &str) -> io::Result<()> {
        match stream {
            Stream::Stdin => Err(io::ErrorKind::Unsupported.into()),
            Stream::Stdout => streams::write(io::stdout().lock(), text),
            Stream::Stderr => streams::write(io::stderr().lock(), text),
        }
    }

    fn program(&self) -> Option<PathBuf> {
        std::env::current_exe().ok()
    }

    fn hand_over(&self, launch: &Launch) -> io::Result<u8> {
        launch::replace(launch)
    }

    fn supervise<'a>(&'a self, launch: &'a Launch) -> ExitFuture<'a> {
        Box::pin(launch::supervise(launch))
    }

    fn open_browser(&self, url: &str) -> io::Result<()> {
        browser::open(self, url)
    }
}

/// Returns the time of the system in seconds since 1970-01-01 UTC.
pub(super) fn now() -> i64 {
    let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => seconds(since),
        Err(before) => -seconds(before.duration()).max(1),
    }
}

/// Fills a buffer with random bytes of the system.
pub(super) fn random(bytes: &mut [u8]) -> Result<()> {
    SystemRandom::new().fill(bytes).map_err(|_| io::Error::other("the system gives no random numbers").into())
}
