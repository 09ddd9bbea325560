//! Signals that end the program while somebody is asked.
//!
//! They are listened for from the first question on: what has no questions starts no thread.

use std::io;
use std::process;
use std::sync::OnceLock;
use std::thread;

use signal_hook::consts::signal::{SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::iterator::Signals;
use signal_hook::low_level::{emulate_default_handler, exit};

use super::session;

const WATCHED: [i32; 8] = [SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2];

/// Makes signals end the program from now on even where it was started with them ignored, as under `nohup` or
/// as the first process of a container, and lets the terminal be put back before they do.
///
/// Where no thread can be made, signals do what they did before.
pub(super) fn watch() {
    static WATCHING: OnceLock<io::Result<()>> = OnceLock::new();
    let _ = WATCHING.get_or_init(|| {
        let (started, starts) = std::sync::mpsc::sync_channel(1);
        thread::Builder::new().name("signals".to_owned()).stack_size(64 << 10).spawn(move || {
            let signals = Signals::new(WATCHED);
            // The asking thread goes on only when no signal can be missed.
            let _ = started.send(());
            signals.into_iter().for_each(|mut signals| signals.forever().for_each(on));
        })?;
        let _ = starts.recv();
        Ok(())
    });
}

/// Runs something on a thread of its own: the system hands a signal to the first thread, so that no signal breaks
/// off what another one reads, and nothing of it changes the terminal once that was put back.
///
/// # Errors
///
/// Fails where no thread can be made.
pub(super) fn undisturbed<T: Send>(action: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().spawn_scoped(scope, action)?;
        thread.join().map_err(|_| io::Error::other("the list cannot be shown"))
    })
}

/// Ends the program as the key for an interrupt does, where a library has read that key.
pub(super) fn interrupt() {
    on(SIGINT);
}

fn on(signal: i32) {
    if signal == SIGCONT {
        session::resume();
    } else {
        session::leave(|| die_of(signal));
    }
}

/// Ends the program as the signal does where nobody listens for it, which tells a shell what happened.
fn die_of(signal: i32) {
    // The first process of a container survives such signals: there the code must do.
    if process::id() != 1 {
        let _ = emulate_default_handler(signal);
    }
    exit(128 + signal)
}
