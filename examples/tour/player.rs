//! Plays the steps, as a user would.

#![cfg(unix)]

use crate::Outcome;
use crate::audience::{Audience, Ink};
use crate::pty::Running;
use crate::screen::{Row, Screen};
use crate::script::{Answer, GOES_ON, Step};
use crate::stage::Stage;

/// Plays all steps in order.
///
/// # Errors
///
/// The first step that doesn't go as it should, and why.
pub(crate) fn play(steps: &[Step], stage: &Stage, audience: &mut Audience) -> Outcome<()> {
    for step in steps {
        play_step(step, stage, audience).map_err(|error| format!("`{}`: {error}", step.command))?;
        audience.pause_for_reading();
    }
    Ok(())
}

fn play_step(step: &Step, stage: &Stage, audience: &mut Audience) -> Outcome<()> {
    if let Some(before) = &step.before {
        before(stage)?;
    }
    if step.comment != GOES_ON {
        audience.begin_paragraph()?;
        audience.tell(Ink::Comment, &format!("# {}", step.comment))?;
        audience.end_line()?;
    }
    type_command(&step.command, audience)?;
    let running = Running::start(stage.shell(&step.command)?)?;
    let mut heard = Vec::new();
    for answer in &step.answers {
        give(answer, &running, &mut heard, audience)?;
    }
    while let Some(bytes) = running.hear()? {
        audience.show(&bytes)?;
        heard.extend(bytes);
    }
    let status = running.end()?;
    let heard = String::from_utf8_lossy(&heard);
    if !status.success() {
        return Err(format!("ended with {status}, and said {heard:?}").into());
    }
    if !heard.contains(step.shows) {
        return Err(format!("did not say {:?}, but said {heard:?}", step.shows).into());
    }
    Ok(())
}

/// Shows a command as it is typed; a line that goes on has the prompt of such lines in front.
fn type_command(command: &str, audience: &mut Audience) -> Outcome<()> {
    for (line, prompt) in command.lines().zip(["$ "].into_iter().chain(std::iter::repeat("> "))) {
        audience.tell(Ink::Prompt, prompt)?;
        audience.pause_for_line();
        for key in line.chars() {
            audience.tell(Ink::Command, key.encode_utf8(&mut [0; 4]))?;
            audience.pause_for_key();
        }
        audience.end_line()?;
    }
    Ok(())
}

/// Waits for a question, then types the answer; the terminal shows it or not.
fn give(answer: &Answer, running: &Running, heard: &mut Vec<u8>, audience: &mut Audience) -> Outcome<()> {
    heard.clear();
    while !is_asked(answer, heard) {
        let Some(bytes) = running.hear()? else {
            let said = String::from_utf8_lossy(heard);
            return Err(format!("did not ask for {:?}, but said {said:?}", answer.question).into());
        };
        audience.show(&bytes)?;
        heard.extend(bytes);
    }
    if answer.hidden {
        running.wait_for_no_echo()?;
    }
    audience.pause_for_line();
    for key in answer.keys.chars() {
        running.type_keys(key.encode_utf8(&mut [0; 4]))?;
        audience.pause_for_key();
        for echo in running.said_by_now() {
            audience.show(&echo)?;
        }
    }
    running.type_keys("\r")
}

/// Tells whether the last line is the question, to its end.
fn is_asked(answer: &Answer, heard: &[u8]) -> bool {
    let mut screen = Screen::default();
    screen.feed(heard);
    let line = screen.rows().last().map(Row::text).unwrap_or_default();
    line.starts_with(answer.question) && line.ends_with(':')
}
