//! Prompts on a real pseudo-terminal.

use std::fs;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};

use crate::support::environment::TestEnvironment;

/// How long a program may take to say something before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program on a terminal, and what the screen has shown of it.
pub(crate) struct Screen {
    pty: Arc<Pty>,
    child: std::process::Child,
    shown: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
}

impl Screen {
    fn start(environment: &TestEnvironment, arguments: &[&str]) -> Self {
        let command = Command::new(env!("CARGO_BIN_EXE_aliyun")).args(arguments);
        Self::of(
            environment,
            command.env_clear().envs(environment.variables()).env("HTTPS_PROXY", "http://127.0.0.1:9"),
        )
    }

    /// Starts a command, which has the variables that it needs, in a home folder.
    pub(crate) fn of(environment: &TestEnvironment, command: Command) -> Self {
        let (pty, pts) = open().unwrap();
        let pty = Arc::new(pty);
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
        Self { pty, child, shown, reader }
    }

    pub(crate) fn wait_for(&self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.shown.lock().unwrap().contains(text) {
            assert!(Instant::now() < end, "no {text:?} in {:?}", self.shown.lock().unwrap());
            sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn type_keys(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    fn echoes(&self) -> bool {
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

#[test]
fn a_secret_is_not_echoed_and_the_other_answers_are() {
    let environment = TestEnvironment::new();
    let screen = Screen::start(&environment, &["configure"]);
    screen.wait_for("Access Key Id []: ");
    // What is shown of the keys is the program's own.
    assert!(!screen.echoes());
    screen.type_keys("LTAIexample\r");
    screen.wait_for("Access Key Secret []: ");
    screen.type_keys("exampleSecret\r");
    screen.wait_for("Default Region Id []: ");
    screen.type_keys("cn-hangzhou\r");
    screen.wait_for("Default Language [zh|en] en: ");
    screen.type_keys("\r");
    let (status, shown) = screen.end();
    assert!(status.success());
    assert!(shown.contains("LTAIexample\r\n") && !shown.contains("exampleSecret"), "{shown}");
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "exampleSecret");
}

#[test]
fn a_secret_that_a_flag_asks_for_is_not_echoed() {
    let environment = TestEnvironment::new();
    let flags = ["--access-key-id", "i", "--access-key-secret", "-", "--region", "r"];
    let screen = Screen::start(&environment, &[&["configure", "set"], flags.as_slice()].concat());
    screen.wait_for("--access-key-secret: ");
    screen.type_keys("exampleSecret\r");
    let (status, shown) = screen.end();
    assert!(status.success() && !shown.contains("exampleSecret"), "{shown}");
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "exampleSecret");
}

#[test]
fn what_is_typed_ahead_is_not_lost() {
    let environment = TestEnvironment::new();
    let screen = Screen::start(&environment, &["configure"]);
    screen.wait_for("Access Key Id []: ");
    screen.type_keys("id\rexampleSecret\rcn-hangzhou\rzh\r");
    let (status, _) = screen.end();
    assert!(status.success());
    let profile = &environment.json()["profiles"][0];
    assert_eq!(
        (&profile["access_key_secret"], &profile["language"]),
        (&"exampleSecret".into(), &"zh".into())
    );
}

#[test]
fn an_interrupt_at_a_hidden_prompt_ends_the_program_and_brings_the_echo_back() {
    use std::os::unix::process::ExitStatusExt;
    let environment = TestEnvironment::with_profiles(&["default"]);
    let before = environment.config();
    let screen = Screen::start(&environment, &["configure"]);
    screen.wait_for("Access Key Id [");
    screen.type_keys("\r");
    screen.wait_for("Access Key Secret [");
    let end = Instant::now() + PATIENCE;
    while screen.echoes() {
        assert!(Instant::now() < end, "the echo stays on");
        sleep(Duration::from_millis(5));
    }
    screen.type_keys("half\u{3}");
    let pty = Arc::clone(&screen.pty);
    let (status, shown) = screen.end();
    assert_eq!(status.signal(), Some(2), "{shown}");
    assert!(tcgetattr(pty.as_fd()).unwrap().local_modes.contains(LocalModes::ECHO));
    assert_eq!(environment.config(), before);
}

#[test]
fn the_end_of_input_at_a_prompt_saves_nothing() {
    let environment = TestEnvironment::new();
    let screen = Screen::start(&environment, &["configure"]);
    screen.wait_for("Access Key Id []: ");
    screen.type_keys("\u{4}");
    let (status, shown) = screen.end();
    assert_eq!(status.code(), Some(1));
    assert!(shown.contains("input ended at the question \"Access Key Id\""), "{shown}");
    assert!(!environment.config_path().exists());
}

#[test]
fn a_change_of_mode_is_pointed_out() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let screen = Screen::start(&environment, &["configure", "--mode", "EcsRamRole"]);
    screen.wait_for(
        "Warning: You are changing the authentication type of profile 'default' from 'AK' to 'EcsRamRole'",
    );
    screen.wait_for("Ecs Ram Role []: ");
    screen.type_keys("\u{3}");
    screen.end();
}

#[test]
fn what_others_can_get_at_is_pointed_out() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let get = || {
        let screen = Screen::start(&environment, &["configure", "get", "region"]);
        let (status, shown) = screen.end();
        assert!(status.success());
        shown
    };
    let set_mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let (config, folder) = (environment.config_path(), environment.home().join(".aliyun"));
    set_mode(&config, 0o600);
    set_mode(&folder, 0o755);
    assert!(!get().contains("WARNING"));
    set_mode(&config, 0o640);
    set_mode(&folder, 0o775);
    let shown = get();
    assert!(
        shown.contains("config.json has mode 0640") && shown.contains(".aliyun has mode 0775"),
        "{shown}"
    );
    assert_eq!(environment.run(&["configure", "get", "region"]).stderr, "");
}

#[test]
fn errors_are_red_on_a_terminal_only() {
    let environment = TestEnvironment::new();
    let (_, shown) = Screen::start(&environment, &["configure", "foo"]).end();
    assert!(shown.contains("\u{1b}[1;31mERROR: 'foo' is not a valid command\r\n\u{1b}[0m"), "{shown:?}");
    assert!(!environment.run(&["configure", "foo"]).stderr.contains('\u{1b}'));
}

#[test]
fn a_confirmation_is_asked_for_on_a_terminal_and_only_yes_passes() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let add = ["configure", "safety-policy", "add", "--pattern", "*", "--action", "confirm"];
    environment.succeeds(&add);
    environment.succeeds(&["configure", "safety-policy", "enable"]);
    for (keys, said) in [
        ("yes\r", "cannot reach sts.aliyuncs.com"),
        ("y\r", "operation cancelled by user"),
        ("\u{4}", "operation cancelled by user"),
    ] {
        let screen = Screen::start(&environment, &["sts", "GetCallerIdentity"]);
        screen.wait_for("Type 'yes' to proceed, anything else to cancel: ");
        screen.type_keys(keys);
        let (status, shown) = screen.end();
        assert_eq!(status.code(), Some(1));
        assert!(shown.contains(said), "{shown}");
    }
}
