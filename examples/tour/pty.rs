//! A program on a pseudo-terminal.

#![cfg(unix)]

use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};

use crate::Outcome;

/// How long the program may say nothing while something is expected of it.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often something is looked at that does not tell by itself.
const TICK: Duration = Duration::from_millis(5);

/// A running program; it is ended when this is dropped.
pub(crate) struct Running {
    pty: Arc<Pty>,
    child: Child,
    said: Receiver<Vec<u8>>,
}

impl Running {
    /// Starts a command on a terminal of its own.
    ///
    /// # Errors
    ///
    /// There is no terminal to be had, or the command cannot be started.
    pub(crate) fn start(command: Command) -> Outcome<Self> {
        let (pty, pts) = open()?;
        pty.resize(Size::new(40, 100))?;
        let child = command.spawn(pts)?;
        let pty = Arc::new(pty);
        let (sender, said) = channel();
        let from = Arc::clone(&pty);
        // The thread ends with the program: reading from a terminal that nobody has open is an error.
        thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(length @ 1..) = (&*from).read(&mut chunk) {
                if sender.send(chunk.iter().take(length).copied().collect()).is_err() {
                    return;
                }
            }
        });
        Ok(Self { pty, child, said })
    }

    /// Waits for what the program says next; `None` once it has left the terminal.
    ///
    /// # Errors
    ///
    /// The program says nothing for too long.
    pub(crate) fn hear(&self) -> Outcome<Option<Vec<u8>>> {
        match self.said.recv_timeout(PATIENCE) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => Err(self.silence()),
        }
    }

    /// Gives what the program and the terminal have said by now, without waiting.
    pub(crate) fn said_by_now(&self) -> impl Iterator<Item = Vec<u8>> {
        self.said.try_iter()
    }

    /// Types keys.
    ///
    /// # Errors
    ///
    /// The terminal takes none.
    pub(crate) fn type_keys(&self, keys: &str) -> Outcome<()> {
        Ok((&*self.pty).write_all(keys.as_bytes())?)
    }

    /// Waits until the terminal does not show what is typed.
    ///
    /// # Errors
    ///
    /// It keeps showing it.
    pub(crate) fn wait_for_no_echo(&self) -> Outcome<()> {
        let end = Instant::now() + PATIENCE;
        while tcgetattr(self.pty.as_fd())?.local_modes.contains(LocalModes::ECHO) {
            if Instant::now() > end {
                return Err("the terminal shows what is typed at the question for a secret".into());
            }
            sleep(TICK);
        }
        Ok(())
    }

    /// Waits for the program's end.
    ///
    /// # Errors
    ///
    /// It goes on for too long.
    pub(crate) fn end(mut self) -> Outcome<ExitStatus> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() <= end {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            sleep(TICK);
        }
        Err(self.silence())
    }

    fn silence(&self) -> Box<dyn std::error::Error> {
        format!("the program says nothing for {} seconds", PATIENCE.as_secs()).into()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already unless the tour is given up, whose reason is told.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
