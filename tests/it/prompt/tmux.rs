//! The same in tmux, which pastes as terminals do, with brackets where a program asks for them.

use std::process::{Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::QUESTIONS;
use crate::support::environment::TestEnvironment;
use crate::support::skip::skip;

const PATIENCE: Duration = Duration::from_secs(20);

/// A window of tmux with the program in it.
struct Tmux<'a>(&'a TestEnvironment);

impl<'a> Tmux<'a> {
    /// Starts a command in a window; `None` where there is no tmux.
    fn start(test: &str, environment: &'a TestEnvironment, command: &str) -> Option<Self> {
        let tmux = Self(environment);
        if Command::new("tmux").arg("-V").output().is_err() {
            skip(test, "there is no tmux");
            return None;
        }
        let command = format!("{command}; echo ENDED; sleep 60");
        let output = tmux.run(&["-f", "/dev/null", "new-session", "-d", "-x", "60", "-y", "20", &command]);
        assert!(output.status.success(), "{output:?}");
        Some(tmux)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let socket = self.0.home().join("tmux");
        let folder = std::path::Path::new(env!("CARGO_BIN_EXE_aliyun")).parent().unwrap().display();
        let path = format!("{folder}:{}", std::env::var("PATH").unwrap());
        let mut command = Command::new("tmux");
        command.env_clear().envs(self.0.variables()).env("PATH", path).env("LANG", "C.UTF-8");
        command.env("HTTPS_PROXY", "http://127.0.0.1:9").current_dir(self.0.home());
        command.arg("-S").arg(socket).args(arguments).output().unwrap()
    }

    /// Returns the lines on the screen.
    fn screen(&self) -> String {
        String::from_utf8(self.run(&["capture-pane", "-p", "-S", "-100"]).stdout).unwrap()
    }

    fn wait_for(&self, text: &str, times: usize) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if screen.matches(text).count() >= times {
                return screen;
            }
            assert!(Instant::now() < end, "no {text:?} in {screen}");
            sleep(Duration::from_millis(20));
        }
    }

    fn keys(&self, keys: &[&str]) {
        assert!(self.run(&[&["send-keys"], keys].concat()).status.success());
    }

    fn paste(&self, text: &str) {
        assert!(self.run(&["set-buffer", text]).status.success());
        assert!(self.run(&["paste-buffer", "-p"]).status.success());
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

#[test]
fn pastes_in_tmux_are_taken_or_refused_as_a_whole() {
    let environment = TestEnvironment::new();
    let test = "pastes_in_tmux_are_taken_or_refused_as_a_whole";
    let Some(tmux) = Tmux::start(test, &environment, "aliyun configure") else { return };
    let [id, secret, region] = QUESTIONS.map(str::trim_end);
    for (question, answer) in [(id, "LTAIexample"), (secret, "exampleSecret")] {
        tmux.wait_for(question, 1);
        tmux.paste("first-line\nsecond-line\n");
        let screen = tmux.wait_for(question, 2);
        assert!(screen.contains("Several lines were pasted") && !screen.contains("-line"), "{screen}");
        tmux.paste(&format!("{answer}\n"));
        tmux.keys(&["Enter"]);
    }
    tmux.wait_for(region, 1);
    tmux.keys(&["cn-", "Tab", "X", "Left", "BSpace", "End", "BSpace", "Home", "C-k", "r", "Enter"]);
    tmux.wait_for("Enter keeps it.", 1);
    tmux.wait_for(region, 2);
    tmux.keys(&["Enter"]);
    tmux.wait_for("Default Language", 1);
    tmux.keys(&["Enter"]);
    let screen = tmux.wait_for("ENDED", 1);
    assert!(screen.contains("LTAIexample\n") && !screen.contains("exampleSecret"), "{screen}");
    let profile = &environment.json()["profiles"][0];
    assert_eq!(profile["access_key_id"], "LTAIexample");
    assert_eq!(profile["access_key_secret"], "exampleSecret");
    assert_eq!(profile["region_id"], "r");
}

#[test]
fn the_screen_shows_the_answer_as_it_is_in_narrow_windows_too() {
    let environment = TestEnvironment::new();
    let test = "the_screen_shows_the_answer_as_it_is_in_narrow_windows_too";
    let Some(tmux) = Tmux::start(test, &environment, "aliyun configure") else { return };
    tmux.wait_for("Access Key Id []:", 1);
    tmux.keys(&["密钥abc", "Left", "Left", "BSpace", "X", "Home", "Delete", "é"]);
    tmux.wait_for("Access Key Id []: é钥Xbc\n", 1);
    tmux.keys(&["End", "C-u"]);
    tmux.keys(&["-l", "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"]);
    let screen = tmux.wait_for("XYZ\n", 1);
    assert_eq!(screen.lines().filter(|line| !line.is_empty()).count(), 2, "{screen}");
    tmux.run(&["set-option", "window-size", "manual"]);
    assert!(tmux.run(&["resize-window", "-x", "30"]).status.success());
    tmux.keys(&["-l", "!"]);
    tmux.wait_for("XYZ!\n", 1);
    tmux.keys(&["Home"]);
    tmux.wait_for("Access Key Id []: 0123456789", 1);
    tmux.keys(&["C-u", "End", "C-u", "C-d"]);
    tmux.wait_for("ENDED", 1);
}
