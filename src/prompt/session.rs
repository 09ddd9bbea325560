//! The terminal's modes while somebody is asked.

use std::io;
use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Signal, getpgrp, kill_process_group};
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr, tcgetpgrp,
    tcsetattr,
};

use crate::host::Stream;

/// What turns bracketed paste on, so that a paste can be told from typing.
const PASTE_ON: &[u8] = b"\x1b[?2004h";
/// What turns it off.
const PASTE_OFF: &[u8] = b"\x1b[?2004l";
/// What shows the cursor, which a list hides while it is shown.
const CURSOR_ON: &[u8] = b"\x1b[?25h";
/// What a key is set to that has no meaning.
const DISABLED: u8 = if cfg!(target_os = "linux") || cfg!(target_os = "android") { 0 } else { 0xff };

/// The terminal that is asked on; here, since a signal may end the program at any time.
static ACTIVE: Mutex<Option<Modes>> = Mutex::new(None);
/// Whether the program was continued after it had been stopped, so that the screen shows something else.
static RESUMED: AtomicBool = AtomicBool::new(false);

/// The bytes that the user's settings give a meaning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Special {
    pub(super) end: u8,
    pub(super) suspend: Option<u8>,
}

impl Default for Special {
    /// Returns what terminals have where nobody changed it: Ctrl-D and Ctrl-Z.
    fn default() -> Self {
        Self { end: 4, suspend: Some(26) }
    }
}

struct Modes {
    before: Termios,
    asking: Termios,
    /// Where control sequences go; `None` for a terminal that has none.
    sequences: Option<Stream>,
}

/// A terminal without echo that hands on every key, until dropped.
pub(super) struct Session(());

impl Session {
    /// Turns the echo off. What was typed ahead stays.
    ///
    /// Keys that send signals go on doing so, except that the one that stops is left to [`suspend`].
    pub(super) fn begin(sequences: Option<Stream>) -> io::Result<(Self, Special)> {
        let before = tcgetattr(io::stdin())?;
        let stop = before.special_codes[SpecialCodeIndex::VSUSP];
        let stops = stop != DISABLED && before.local_modes.contains(LocalModes::ISIG);
        let end = before.special_codes[SpecialCodeIndex::VEOF];
        let mut asking = before.clone();
        asking
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::IEXTEN);
        asking.special_codes[SpecialCodeIndex::VSUSP] = DISABLED;
        asking.special_codes[SpecialCodeIndex::VMIN] = 1;
        asking.special_codes[SpecialCodeIndex::VTIME] = 0;
        let modes = Modes { before, asking, sequences };
        modes.enter();
        *active() = Some(modes);
        Ok((Self(()), Special { end, suspend: stops.then_some(stop) }))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(modes) = active().take() {
            modes.leave();
        }
    }
}

impl Modes {
    // Nothing can be done about a terminal that is gone, so no error is looked at.

    fn enter(&self) {
        if is_in_foreground() {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.asking);
            self.send(PASTE_ON);
        }
    }

    fn leave(&self) {
        if is_in_foreground() {
            discard();
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
            self.send(PASTE_OFF);
            discard();
        }
    }

    /// Sends a control sequence to a terminal that takes it at once: one that is held must hold nobody up.
    fn send(&self, sequence: &[u8]) {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let terminal: BorrowedFd<'_> = match self.sequences {
            Some(Stream::Stdout) => std::os::fd::AsFd::as_fd(&stdout),
            Some(Stream::Stderr) => std::os::fd::AsFd::as_fd(&stderr),
            _ => return,
        };
        let mut watched = [PollFd::new(&terminal, PollFlags::OUT)];
        if matches!(poll(&mut watched, Some(&Timespec::default())), Ok(1..)) {
            let _ = rustix::io::write(terminal, sequence);
        }
    }
}

fn active() -> MutexGuard<'static, Option<Modes>> {
    ACTIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts the terminal back, wherever that comes in between, then does this before anybody can change it again.
pub(super) fn leave(then: impl FnOnce()) {
    let mut active = active();
    if let Some(modes) = active.take() {
        modes.leave();
        modes.send(CURSOR_ON);
    }
    then();
}

/// Takes the terminal again after the program was stopped.
pub(super) fn resume() {
    if let Some(modes) = &*active() {
        modes.enter();
        RESUMED.store(true, Ordering::Relaxed);
    }
}

/// Tells once whether the program was stopped and continued.
pub(super) fn was_resumed() -> bool {
    RESUMED.swap(false, Ordering::Relaxed)
}

/// Stops the program as the user's key does, with the terminal put back until it is continued.
pub(super) fn suspend() {
    if let Some(modes) = &*active() {
        modes.leave();
    }
    // A group that nobody could continue is not stopped.
    let _ = kill_process_group(getpgrp(), Signal::TSTP);
    resume();
}

/// Throws away what was typed and not read.
pub(super) fn discard() {
    if is_in_foreground() {
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

/// Tells whether the terminal may be changed; the system stops a program in the background that tries.
fn is_in_foreground() -> bool {
    // Without job control nobody else has it.
    tcgetpgrp(io::stdin()).map_or(true, |group| group == getpgrp())
}
