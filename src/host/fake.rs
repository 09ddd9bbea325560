use std::collections::HashMap;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::{HelperFuture, HelperOutput, Host, Launch, Stream};
use crate::error::{Error, Result};

/// A host made of plain values, for the tests of programs that use this library.
///
/// ```
/// use aliyun_configure::{FakeHost, Host};
///
/// let host = FakeHost::new().with_home("/home/me").with_var("LANG", "zh_CN.UTF-8");
/// assert_eq!(host.var("LANG").as_deref(), Some("zh_CN.UTF-8"));
/// ```
#[derive(Debug, Default)]
pub struct FakeHost {
    vars: HashMap<String, String>,
    home: Option<PathBuf>,
    now: i64,
    input: Vec<u8>,
    written: Mutex<[String; 2]>,
    helper: HelperOutput,
    program: Option<PathBuf>,
    browser: Browser,
}

/// The URLs that the browser was started with; `None` where there is no browser.
#[derive(Debug)]
struct Browser(Option<Mutex<Vec<String>>>);

impl Default for Browser {
    fn default() -> Self {
        Self(Some(Mutex::default()))
    }
}

impl FakeHost {
    /// Makes a host on which nothing is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn with_var(mut self, name: &str, value: &str) -> Self {
        self.vars.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets the home folder.
    #[must_use]
    pub fn with_home(mut self, home: impl Into<PathBuf>) -> Self {
        self.home = Some(home.into());
        self
    }

    /// Sets the clock, in seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn with_now(mut self, now: i64) -> Self {
        self.now = now;
        self
    }

    /// Sets the contents of standard input.
    #[must_use]
    pub fn with_input(mut self, input: impl AsRef<[u8]>) -> Self {
        self.input = input.as_ref().to_vec();
        self
    }

    /// Sets what any helper prints and how it ends.
    #[must_use]
    pub fn with_helper(mut self, output: HelperOutput) -> Self {
        self.helper = output;
        self
    }

    /// Sets the path of the running program.
    #[must_use]
    pub fn with_program(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = Some(program.into());
        self
    }

    /// Removes the browser.
    #[must_use]
    pub fn without_browser(mut self) -> Self {
        self.browser = Browser(None);
        self
    }

    /// Returns the URLs that the browser was started with so far.
    pub fn opened(&self) -> Vec<String> {
        let opened = self.browser.0.as_ref();
        opened.map(|urls| urls.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap_or_default()
    }

    /// Returns what was written to standard output or standard error so far.
    pub fn written(&self, stream: Stream) -> String {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let [out, err] = &*written;
        if stream == Stream::Stderr { err.clone() } else { out.clone() }
    }
}

impl Host for FakeHost {
    fn var(&self, name: &str) -> Option<String> {
        self.vars.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn home(&self) -> Result<PathBuf> {
        self.home.clone().ok_or(Error::NoHome)
    }

    fn now(&self) -> i64 {
        self.now
    }

    /// Returns the bytes 0, 1, 2, … so that nonces are predictable.
    fn random(&self, bytes: &mut [u8]) -> Result<()> {
        for (byte, number) in bytes.iter_mut().zip((0..=u8::MAX).cycle()) {
            *byte = number;
        }
        Ok(())
    }

    fn is_terminal(&self, _: Stream) -> bool {
        false
    }

    fn input(&self) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(Cursor::new(self.input.clone())))
    }

    fn is_input_ready(&self) -> Option<bool> {
        Some(true)
    }

    fn write(&self, stream: Stream, text: &str) -> io::Result<()> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let [out, err] = &mut *written;
        if stream == Stream::Stderr { err } else { out }.push_str(text);
        Ok(())
    }

    fn program(&self) -> Option<PathBuf> {
        self.program.clone()
    }

    fn hand_over(&self, _: &Launch) -> io::Result<u8> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn run<'a>(&'a self, _: &'a [String], _: (&'a str, &'a str)) -> HelperFuture<'a> {
        Box::pin(async { Ok(self.helper.clone()) })
    }

    fn process(&self) -> String {
        "fake".to_owned()
    }

    fn is_behind(&self, process: &str) -> bool {
        process == self.process()
    }

    fn open_browser(&self, url: &str) -> io::Result<()> {
        let opened = self.browser.0.as_ref().ok_or(io::ErrorKind::Unsupported)?;
        opened.lock().unwrap_or_else(PoisonError::into_inner).push(url.to_owned());
        Ok(())
    }
}
