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

    /// Gives the window another width, and waits until the program's terminal has it.
    fn resize(&self, width: &str) {
        self.run(&["set-option", "window-size", "manual"]);
        assert!(self.run(&["resize-window", "-x", width]).status.success());
        let terminal = self.run(&["display-message", "-p", "#{pane_tty}"]).stdout;
        let terminal = String::from_utf8(terminal).unwrap();
        let end = Instant::now() + PATIENCE;
        loop {
            let size = Command::new("stty").args(["size", "-F", terminal.trim()]).output().unwrap().stdout;
            if String::from_utf8(size).unwrap().trim().split(' ').next_back() == Some(width) {
                return;
            }
            assert!(Instant::now() < end, "the terminal does not become {width} wide");
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
    tmux.resize("30");
    tmux.keys(&["-l", "!"]);
    tmux.wait_for("XYZ!\n", 1);
    tmux.keys(&["Home"]);
    tmux.wait_for("Access Key Id []: 0123456789", 1);
    tmux.keys(&["C-u", "End", "C-u", "C-d"]);
    tmux.wait_for("ENDED", 1);
}

#[test]
fn keys_in_tmux_edit_what_is_shown() {
    let environment = TestEnvironment::new();
    let Some(tmux) = Tmux::start("keys_in_tmux_edit_what_is_shown", &environment, "aliyun configure") else {
        return;
    };
    tmux.wait_for("Access Key Id []:", 1);
    tmux.keys(&["-l", "one two three"]);
    for (keys, shown) in [
        (&["Home", "Delete", "O"][..], "One two three"),
        (&["Right", "Right", "C-k"], "One"),
        (&["C-a", "<", "C-e", ">"], "<One>"),
        (&["Space", "zwei", "C-w"], "<One>"),
        (&["C-u", "密", "钥", "x", "Left", "Left", "é"], "密é钥x"),
        (&["Delete", "C-e", "BSpace"], "密é"),
        (&["C-u", "a.b", "Space", "cd", "C-Left", "M-b", "[", "M-f", "]"], "a.[b] cd"),
        (&["C-Right", "M-BSpace", "Up", "Down", "PPage", "F1", "F5", "IC", "M-x", "BTab"], "a.[b]"),
        (&["Left", "Left", "M-d", "-"], "a.[b-"),
    ] {
        tmux.keys(keys);
        tmux.wait_for(&format!("Access Key Id []: {shown}\n"), 1);
    }
    tmux.keys(&["Enter"]);
    tmux.wait_for("Access Key Secret []:", 1);
    tmux.keys(&["secret", "Home", "C-k", "密", "b", "Left", "x", "End", "c"]);
    tmux.wait_for("Access Key Secret []: ****\n", 1);
    tmux.keys(&["-l", "0123456789"]);
    tmux.wait_for("Access Key Secret []: ********\n", 1);
    tmux.keys(&["Enter", "Enter"]);
    tmux.wait_for("Default Language", 1);
    tmux.keys(&["Enter"]);
    let screen = tmux.wait_for("ENDED", 1);
    assert!(!screen.contains("secret") && !screen.contains("012"), "{screen}");
    let profile = &environment.json()["profiles"][0];
    assert_eq!(profile["access_key_id"], "a.[b-");
    assert_eq!(profile["access_key_secret"], "密xbc0123456789");
}

#[test]
fn a_hidden_answer_in_tmux_outlives_every_width_of_its_window() {
    let environment = TestEnvironment::new();
    let test = "a_hidden_answer_in_tmux_outlives_every_width_of_its_window";
    let Some(tmux) = Tmux::start(test, &environment, "aliyun configure") else { return };
    tmux.wait_for("Access Key Id []:", 1);
    tmux.keys(&["i", "Enter"]);
    tmux.wait_for("Access Key Secret []:", 1);
    for (width, part) in ["5", "24", "1", "60"].into_iter().zip(["quick-", "brown-", "foxes-", "jump"]) {
        tmux.resize(width);
        tmux.keys(&[part]);
    }
    // A window that was too narrow has moved the answer to a row of its own.
    tmux.wait_for("Access Key Secret []:\n********\n", 2);
    tmux.keys(&["Enter", "Enter", "Enter"]);
    let screen = tmux.wait_for("ENDED", 1);
    assert!(["quick", "brown", "foxes", "jump"].iter().all(|part| !screen.contains(part)), "{screen}");
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "quick-brown-foxes-jump");
}

#[test]
fn a_stop_in_tmux_gives_the_terminal_back_until_fg() {
    let environment = TestEnvironment::new();
    let test = "a_stop_in_tmux_gives_the_terminal_back_until_fg";
    let command = "set -m; aliyun configure; stty -a | grep -ow -- '-*echo'; read line; fg";
    let Some(tmux) = Tmux::start(test, &environment, command) else { return };
    tmux.wait_for("Access Key Id []:", 1);
    tmux.keys(&["i", "Enter"]);
    tmux.wait_for("Access Key Secret []:", 1);
    tmux.keys(&["half-", "C-z"]);
    tmux.wait_for("\necho\n", 1);
    // While it is stopped a paste has no brackets, and is the shell's.
    tmux.paste("shown\n");
    tmux.wait_for("shown", 1);
    tmux.wait_for("Access Key Secret []: *****\n", 2);
    tmux.paste("whole\n");
    tmux.keys(&["Enter", "Enter", "Enter"]);
    let screen = tmux.wait_for("ENDED", 1);
    assert!(!screen.contains("half") && !screen.contains("whole"), "{screen}");
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "half-whole");
}

#[test]
fn a_list_in_tmux_is_chosen_from_with_keys_in_a_narrow_window_too() {
    for (keys, chosen) in [(&["Down", "Down", "Up", "Enter"][..], "b"), (&["third", "Enter"], "third")] {
        let environment = TestEnvironment::new();
        let profiles = ["a", "b", "third"].map(|name| serde_json::json!({"name": name, "mode": "AK"}));
        environment.write_config(&serde_json::json!({"current": "a", "profiles": profiles}).to_string());
        let test = "a_list_in_tmux_is_chosen_from_with_keys_in_a_narrow_window_too";
        let Some(tmux) = Tmux::start(test, &environment, "aliyun configure switch") else { return };
        tmux.wait_for("> 1. a (AK)\n  2. b (AK)\n  3. third (AK)\n", 1);
        tmux.resize("24");
        tmux.keys(keys);
        tmux.wait_for("ENDED", 1);
        assert_eq!(environment.json()["current"], chosen);
    }
}
