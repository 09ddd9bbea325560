#![expect(clippy::disallowed_methods, reason = "this is where the program meets its surroundings")]

//! Programs that are started for the user: in this program's place, or under its eyes.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};

use crate::race::first;
use crate::secret::Secret;

/// A program to start, and how its environment differs from this program's.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The path of the program.
    pub program: PathBuf,
    /// The name that it is called by.
    pub name: OsString,
    /// Its arguments, without its name.
    pub arguments: Vec<OsString>,
    /// The variables that differ; `None` where one is not set.
    pub environment: Vec<(String, Option<Secret>)>,
}

impl Launch {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, &self.name);
        command.args(&self.arguments);
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value.expose()),
                None => command.env_remove(name),
            };
        }
        command
    }
}

/// Lets a program take this one's place; returns only where that fails.
#[cfg(unix)]
pub(super) fn replace(launch: &Launch) -> io::Result<u8> {
    Err(std::os::unix::process::CommandExt::exec(&mut launch.command()))
}

/// Runs a program, and returns its exit code, where no program can take another's place.
#[cfg(not(unix))]
pub(super) fn replace(launch: &Launch) -> io::Result<u8> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(supervise(launch))
}

/// Runs a program, passes on the signals that this one gets, and returns its exit code, or 128 and the number of the
/// signal that ended it.
pub(super) async fn supervise(launch: &Launch) -> io::Result<u8> {
    // Before there is somebody who would miss one.
    let mut signals = signals::Signals::listen()?;
    let mut child = tokio::process::Command::from(launch.command()).spawn()?;
    loop {
        let process = child.id();
        let ended = async { child.wait().await.map(Some) };
        let signalled = async {
            signals.pass_on(process).await;
            Ok(None)
        };
        if let Some(status) = first(ended, signalled).await? {
            return Ok(code(status));
        }
    }
}

/// Returns the exit code as a shell tells it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| signal + 128);
    #[cfg(not(unix))]
    let signal = None;
    // A code that does not fit into a byte still means failure.
    status.code().or(signal).map_or(1, |code| u8::try_from(code).unwrap_or(1))
}

#[cfg(unix)]
mod signals {
    use std::future::poll_fn;
    use std::io;
    use std::task::Poll;

    use rustix::process::{Pid, Signal, getpgrp, kill_process};
    use tokio::signal::unix::{self, SignalKind};

    /// The signals that are passed on.
    pub(super) struct Signals(Vec<(Signal, unix::Signal)>);

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            let kinds = [
                (Signal::INT, SignalKind::interrupt()),
                (Signal::TERM, SignalKind::terminate()),
                (Signal::HUP, SignalKind::hangup()),
                (Signal::QUIT, SignalKind::quit()),
            ];
            let ignored = ignored();
            let kinds = kinds.into_iter().filter(|(signal, _)| ignored & (1 << (signal.as_raw() - 1)) == 0);
            let heard = kinds.map(|(signal, kind)| Ok((signal, unix::signal(kind)?)));
            Ok(Self(heard.collect::<io::Result<_>>()?))
        }

        /// Waits for a signal, and passes it on, unless the terminal has sent it to the process as well.
        pub(super) async fn pass_on(&mut self, process: Option<u32>) {
            let signal = poll_fn(|context| {
                let mut heard = self.0.iter_mut();
                let came = heard
                    .find_map(|(signal, stream)| stream.poll_recv(context).is_ready().then_some(*signal));
                came.map_or(Poll::Pending, Poll::Ready)
            });
            let signal = signal.await;
            let process = process.and_then(|process| Pid::from_raw(i32::try_from(process).ok()?));
            if let Some(process) = process.filter(|_| !is_from_terminal(signal)) {
                // It may have ended meanwhile.
                let _ = kill_process(process, signal);
            }
        }
    }

    /// Tells whether keys of the terminal sent a signal, which then goes to all programs in its foreground: one that
    /// gets it twice may take that for impatience.
    fn is_from_terminal(signal: Signal) -> bool {
        let in_foreground = || {
            let terminal = std::fs::File::open("/dev/tty").ok()?;
            Some(rustix::termios::tcgetpgrp(&terminal).ok()? == getpgrp())
        };
        matches!(signal, Signal::INT | Signal::QUIT) && in_foreground() == Some(true)
    }

    /// Returns the signals that this program was started to ignore, a bit each, as `nohup` does: a program that it
    /// starts is to ignore them too.
    #[cfg(target_os = "linux")]
    fn ignored() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let bits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        bits.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or_default()
    }

    #[cfg(not(target_os = "linux"))]
    fn ignored() -> u64 {
        0
    }
}

#[cfg(not(unix))]
mod signals {
    use std::io;

    /// Ctrl-C, which the console sends to the process as well.
    pub(super) struct Signals;

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn pass_on(&mut self, _: Option<u32>) {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}
