//! Plays the steps, as a user would.

#![cfg(unix)]

use crate::Outcome;
use crate::audience::{Audience, Ink};
use crate::pty::Running;
use crate::screen::{Row, Screen};
use crate::script::Step;
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
    type_command(step, audience)?;
    let running = Running::start(stage.shell(&step.command)?)?;
    let mut heard = Vec::new();
    if let Some(secret) = step.secret {
        give(secret, &running, &mut heard, audience)?;
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
fn type_command(step: &Step, audience: &mut Audience) -> Outcome<()> {
    for (index, line) in step.command.lines().enumerate() {
        if index > 0 {
            audience.end_line()?;
        }
        audience.tell(Ink::Prompt, if index == 0 { "$ " } else { "> " })?;
        audience.pause_for_line();
        for key in line.chars() {
            audience.tell(Ink::Command, key.encode_utf8(&mut [0; 4]))?;
            audience.pause_for_key();
        }
    }
    if !step.comment.is_empty() {
        audience.tell(Ink::Comment, &format!("  # {}", step.comment))?;
    }
    Ok(audience.end_line()?)
}

/// Waits for the question for a secret, then types it; the terminal must not show it, but asterisks.
fn give(secret: &str, running: &Running, heard: &mut Vec<u8>, audience: &mut Audience) -> Outcome<()> {
    hear_until(":", running, heard, audience)?;
    running.wait_for_no_echo()?;
    audience.pause_for_line();
    for key in secret.chars() {
        running.type_keys(key.encode_utf8(&mut [0; 4]))?;
        audience.pause_for_key();
        for echo in running.said_by_now() {
            audience.show(&echo)?;
            heard.extend(echo);
        }
    }
    hear_until("********", running, heard, audience)?;
    running.type_keys("\r")
}

/// Waits until the last line that the program shows ends like this.
fn hear_until(end: &str, running: &Running, heard: &mut Vec<u8>, audience: &mut Audience) -> Outcome<()> {
    while !last_line(heard).ends_with(end) {
        let Some(bytes) = running.hear()? else {
            let said = String::from_utf8_lossy(heard);
            return Err(format!("did not say {end:?}, but said {said:?}").into());
        };
        audience.show(&bytes)?;
        heard.extend(bytes);
    }
    Ok(())
}

fn last_line(heard: &[u8]) -> String {
    let mut screen = Screen::default();
    screen.feed(heard);
    screen.rows().last().map(Row::text).unwrap_or_default()
}
