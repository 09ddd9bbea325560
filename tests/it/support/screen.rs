//! A program on a real pseudo-terminal.

use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::process::ExitStatus;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pts, Pty, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

use super::environment::TestEnvironment;

/// How long a program may take to say something before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program on a terminal, and what the screen has shown of it.
pub(crate) struct Screen {
    pty: Arc<Pty>,
    child: std::process::Child,
    shown: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
    /// The terminal's modes before the program had it.
    before: Termios,
}

impl Screen {
    /// Starts the program, on a terminal that knows control sequences unless the environment has it otherwise.
    pub(crate) fn start(environment: &TestEnvironment, arguments: &[&str]) -> Self {
        Self::of(environment, command(environment, env!("CARGO_BIN_EXE_aliyun")).args(arguments))
    }

    /// Starts a text of the shell that finds the program by its name.
    pub(crate) fn shell(environment: &TestEnvironment, text: &str) -> Self {
        Self::of(environment, command(environment, "/bin/sh").args(["-c", text]))
    }

    /// Starts a command, which has the variables that it needs, in a home folder.
    pub(crate) fn of(environment: &TestEnvironment, command: Command) -> Self {
        Self::prepared(environment, command, |_| ())
    }

    /// Starts a command on a terminal that something is done to before.
    pub(crate) fn prepared(
        environment: &TestEnvironment,
        command: Command,
        prepare: impl FnOnce(&Pts),
    ) -> Self {
        let (pty, pts) = open().unwrap();
        prepare(&pts);
        let pty = Arc::new(pty);
        let before = tcgetattr(&pts).unwrap();
        let command = command.current_dir(environment.home());
        let child = command.spawn(pts).unwrap();
        let shown = Arc::new(Mutex::new(String::new()));
        let reader = thread::spawn({
            let (pty, shown) = (Arc::clone(&pty), Arc::clone(&shown));
            move || {
                let mut chunk = [0; 4096];
                while let Ok(length @ 1..) = (&*pty).read(&mut chunk) {
                    shown.lock().unwrap().push_str(&String::from_utf8_lossy(&chunk[..length]));
                }
            }
        });
        Self { pty, child, shown, reader, before }
    }

    pub(crate) fn wait_for(&self, text: &str) {
        self.wait_until(text, |shown| shown.contains(text));
    }

    pub(crate) fn type_keys(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until something was shown so many times.
    pub(crate) fn wait_for_times(&self, text: &str, times: usize) {
        self.wait_until(text, |shown| shown.matches(text).count() >= times);
    }

    fn wait_until(&self, what: &str, is_there: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_there(&self.shown.lock().unwrap()) {
            assert!(Instant::now() < end, "no {what:?} in {:?}", self.shown.lock().unwrap());
            sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub(crate) fn resize(&self, columns: u16) {
        self.pty.resize(Size::new(24, columns)).unwrap();
    }

    /// Returns what can tell later whether the terminal is as it was before the program had it.
    pub(crate) fn terminal(&self) -> Terminal {
        Terminal { pty: Arc::clone(&self.pty), before: self.before.clone() }
    }

    /// Gives the terminal its modes back, as a shell does for itself once a program has stopped.
    pub(crate) fn take_terminal(&self) {
        tcsetattr(self.pty.as_fd(), OptionalActions::Now, &self.before).unwrap();
    }

    pub(crate) fn wait_for_no_echo(&self) {
        let end = Instant::now() + PATIENCE;
        while self.echoes() {
            assert!(Instant::now() < end, "the terminal goes on echoing");
            sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn echoes(&self) -> bool {
        tcgetattr(self.pty.as_fd()).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > end {
                self.child.kill().unwrap();
                panic!("the program does not end: {:?}", self.shown.lock().unwrap());
            }
            sleep(Duration::from_millis(5));
        };
        self.reader.join().unwrap();
        (status, self.shown.lock().unwrap().clone())
    }
}

/// A terminal that a program has or had.
pub(crate) struct Terminal {
    pty: Arc<Pty>,
    before: Termios,
}

impl Terminal {
    /// Asserts that every mode and key is as the program found it.
    pub(crate) fn is_as_before(&self) {
        let end = Instant::now() + PATIENCE;
        let modes = |termios: &Termios| format!("{termios:?}");
        while modes(&tcgetattr(self.pty.as_fd()).unwrap()) != modes(&self.before) {
            assert!(Instant::now() < end, "{:?}", tcgetattr(self.pty.as_fd()));
            sleep(Duration::from_millis(5));
        }
    }
}

/// Gives a key of a terminal another byte.
pub(crate) fn set_key(pts: &Pts, key: SpecialCodeIndex, byte: u8) {
    let mut modes = tcgetattr(pts).unwrap();
    modes.special_codes[key] = byte;
    tcsetattr(pts, OptionalActions::Now, &modes).unwrap();
}

/// Makes a command that finds the program by its name, and reaches no network.
pub(crate) fn command(environment: &TestEnvironment, program: &str) -> Command {
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_aliyun")).parent().unwrap().display();
    let command = Command::new(program).env_clear().env("PATH", format!("{folder}:/usr/bin:/bin"));
    // A browser of the system would take the terminal of the test; xdg-open starts this instead.
    let command = command.env("BROWSER", "true").env("TERM", "xterm-256color");
    let command = command.env("HTTPS_PROXY", "http://127.0.0.1:9");
    command.envs(environment.variables())
}
