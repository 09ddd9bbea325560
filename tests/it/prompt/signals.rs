//! What ends or stops the program at a question leaves the terminal as it was, and saves nothing.

use std::os::unix::process::ExitStatusExt;

use pty_process::blocking::Command;
use rustix::process::Signal;
use rustix::termios::SpecialCodeIndex;

use super::{QUESTIONS, at_question, usual};
use crate::support::environment::TestEnvironment;
use crate::support::screen::{Screen, command, set_key};
use crate::support::skip::skip;

/// Asserts that the program was ended by a signal without a trace.
fn ended_by(signal: Signal, screen: Screen, environment: &TestEnvironment) {
    let terminal = screen.terminal();
    let (status, shown) = screen.end();
    assert_eq!(status.signal(), Some(signal.as_raw()), "{status}: {shown}");
    terminal.is_as_before();
    assert!(shown.contains("\u{1b}[?2004h") && shown.contains("\u{1b}[?2004l"), "{shown:?}");
    assert!(!environment.config_path().exists());
}

#[test]
fn keys_that_send_signals_end_the_program_by_them() {
    for number in [0, 1] {
        for (key, signal) in [("\u{3}", Signal::INT), ("\u{1c}", Signal::QUIT)] {
            let environment = TestEnvironment::new();
            let screen = at_question(&environment, number);
            screen.type_keys("half");
            screen.wait_for(if number == 0 { "half" } else { "****" });
            screen.type_keys(key);
            ended_by(signal, screen, &environment);
        }
    }
}

#[test]
fn signals_from_elsewhere_end_the_program_by_them() {
    for number in [0, 1] {
        for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::ALARM, Signal::USR1] {
            let environment = TestEnvironment::new();
            let screen = at_question(&environment, number);
            screen.send(signal);
            ended_by(signal, screen, &environment);
        }
    }
}

#[test]
fn a_list_ends_by_a_signal_as_a_question_does() {
    const TWO: &str = r#"{"current":"a","profiles":[{"name":"a","mode":"AK"},{"name":"b","mode":"AK"}]}"#;
    for signal in [Signal::TERM, Signal::HUP, Signal::QUIT, Signal::INT, Signal::USR1] {
        let environment = TestEnvironment::new();
        environment.write_config(TWO);
        let screen = Screen::start(&environment, &["configure", "switch"]);
        screen.wait_for("2. b (AK)");
        if signal == Signal::INT {
            screen.type_keys("\u{3}")
        } else {
            screen.send(signal)
        }
        let terminal = screen.terminal();
        let (status, shown) = screen.end();
        assert_eq!(status.signal(), Some(signal.as_raw()), "{status}: {shown}");
        terminal.is_as_before();
        assert!(shown.ends_with("\u{1b}[?2004l\u{1b}[?25h"), "{shown:?}");
        assert_eq!(environment.config(), TWO);
    }
}

#[test]
fn a_signal_ends_the_offer_of_the_old_values_and_the_new_ones_stay() {
    for (keys, signal) in [("\u{3}", Signal::INT), ("y\u{1c}", Signal::QUIT)] {
        let environment = TestEnvironment::with_profiles(&["default"]);
        let screen = Screen::start(&environment, &["configure"]);
        for (question, answer) in
            QUESTIONS.iter().map(|question| question.trim_end_matches("]: ")).zip(["LTAInew\r", "s\r", "\r"])
        {
            screen.wait_for(question);
            screen.type_keys(answer);
        }
        screen.wait_for("Default Language");
        screen.type_keys("\r");
        screen.wait_for("Put the old values of profile 'default' back? [y/N]: ");
        screen.type_keys(keys);
        let terminal = screen.terminal();
        let (status, shown) = screen.end();
        assert_eq!(status.signal(), Some(signal.as_raw()), "{status}: {shown}");
        terminal.is_as_before();
        assert_eq!(environment.json()["profiles"][0]["access_key_id"], "LTAInew");
    }
}

#[test]
fn the_key_for_an_interrupt_is_the_one_that_the_user_has_set() {
    let environment = TestEnvironment::new();
    let program = command(&environment, env!("CARGO_BIN_EXE_aliyun")).args(["configure"]);
    let screen = Screen::prepared(&environment, program, |pts| set_key(pts, SpecialCodeIndex::VINTR, 7));
    screen.wait_for(QUESTIONS[0]);
    screen.type_keys("\u{7}");
    ended_by(Signal::INT, screen, &environment);
}

#[test]
fn an_interrupt_ends_questions_and_logins_even_where_it_was_ignored() {
    for (arguments, shown) in [("", QUESTIONS[0]), ("--mode OAuth --oauth-site-type CN", "Waiting for")] {
        let environment = TestEnvironment::new();
        let text = format!("trap '' INT; exec aliyun configure {arguments}");
        let screen = Screen::shell(&environment, &text);
        screen.wait_for(shown);
        screen.type_keys("\u{3}");
        ended_by(Signal::INT, screen, &environment);
    }
}

#[test]
fn the_first_process_of_a_container_ends_with_the_code_of_the_signal() {
    const TEST: &str = "the_first_process_of_a_container_ends_with_the_code_of_the_signal";
    let probe = std::process::Command::new("unshare").args(["-rpf", "true"]).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        return skip(TEST, "no namespaces can be made");
    }
    for (arguments, shown) in [("", QUESTIONS[0]), ("--mode OAuth --oauth-site-type CN", "Waiting for")] {
        let environment = TestEnvironment::new();
        let text = format!("unshare -rpf aliyun configure {arguments}; echo CODE $?");
        let command: Command = command(&environment, "/bin/sh").args(["-c", &format!("trap : INT; {text}")]);
        let screen = Screen::of(&environment, command);
        screen.wait_for(shown);
        screen.type_keys("\u{3}");
        screen.wait_for("CODE 130");
        let terminal = screen.terminal();
        screen.end();
        terminal.is_as_before();
        assert!(!environment.config_path().exists());
    }
}

#[test]
fn a_stop_puts_the_terminal_back_and_goes_on_where_it_was() {
    for number in [0, 1] {
        let environment = TestEnvironment::new();
        // The shell's own editor changes the terminal, so it has none.
        let shell = command(&environment, "/bin/sh")
            .args(["-c", "set -m; aliyun configure; echo STOPPED; read line; fg"]);
        let screen = Screen::of(&environment, shell);
        for question in &QUESTIONS[..number] {
            screen.wait_for(question);
            screen.type_keys("x\r");
        }
        screen.wait_for(QUESTIONS[number]);
        screen.type_keys("ha");
        screen.wait_for(if number == 0 { "ha" } else { "**" });
        screen.type_keys("\u{1a}");
        screen.wait_for("STOPPED");
        screen.terminal().is_as_before();
        screen.type_keys("\r");
        screen.wait_for_times(QUESTIONS[number], 2);
        screen.type_keys("lf\r");
        for question in QUESTIONS[number + 1..].iter().chain(&["Default Language"]) {
            screen.wait_for(question);
            screen.type_keys(&format!("{}\r", usual(question)));
        }
        let terminal = screen.terminal();
        let (status, shown) = screen.end();
        assert!(status.success(), "{shown}");
        terminal.is_as_before();
        let field = ["access_key_id", "access_key_secret"][number];
        assert_eq!(environment.json()["profiles"][0][field], "half");
    }
}

#[test]
fn a_stop_that_nobody_could_end_is_none() {
    let environment = TestEnvironment::new();
    let screen = at_question(&environment, 0);
    screen.type_keys("a\u{1a}b");
    screen.wait_for_times(QUESTIONS[0], 2);
    screen.type_keys("\u{3}");
    ended_by(Signal::INT, screen, &environment);
}

#[test]
fn a_program_that_was_stopped_from_elsewhere_takes_the_terminal_again() {
    let environment = TestEnvironment::new();
    let screen = at_question(&environment, 1);
    screen.type_keys("the-");
    screen.wait_for("****");
    screen.send(Signal::STOP);
    screen.take_terminal();
    screen.send(Signal::CONT);
    screen.wait_for_no_echo();
    screen.type_keys("secret");
    screen.wait_for("Access Key Secret []: ********");
    screen.send(Signal::TERM);
    ended_by(Signal::TERM, screen, &environment);
}
