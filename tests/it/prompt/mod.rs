//! Answers typed and pasted on a real pseudo-terminal, and what ends or stops the program meanwhile.

mod answers;
mod editor;
mod signals;
mod tmux;

use crate::support::environment::TestEnvironment;
use crate::support::screen::Screen;

/// The questions of the default mode: a visible one, a hidden one, a visible one.
const QUESTIONS: [&str; 3] = ["Access Key Id []: ", "Access Key Secret []: ", "Default Region Id []: "];

/// Returns an answer to a question that nothing is said against.
fn usual(question: &str) -> &'static str {
    match question {
        _ if question.starts_with("Default Region") => "cn-hangzhou",
        _ if question.starts_with("Default Language") => "en",
        _ => "y",
    }
}

/// Starts `configure` for a new profile.
fn configure(environment: &TestEnvironment) -> Screen {
    Screen::start(environment, &["configure"])
}

/// Starts `configure`, and answers the questions before this one.
fn at_question(environment: &TestEnvironment, number: usize) -> Screen {
    let screen = configure(environment);
    for question in &QUESTIONS[..number] {
        screen.wait_for(question);
        screen.type_keys("x\r");
    }
    screen.wait_for(QUESTIONS[number]);
    screen
}
