//! Runs a program on a terminal and types there.

use std::{collections::VecDeque, io, os::fd::OwnedFd, process::Command, time::Duration};

use crate::{
    case::{Step, StepResult},
    terminal::{Dialogue, Typist, exit_code, lossy, never},
    text::Patterns,
};

/// Types the lines on a real terminal; what its screen showed is the standard output.
pub(crate) fn on_tty(
    mut command: Command,
    step: &Step,
    lines: VecDeque<String>,
    patterns: &Patterns,
) -> io::Result<StepResult> {
    let (pty, pts) = pty_process::blocking::open().map_err(io::Error::other)?;
    command.env("TERM", "xterm-256color");
    let mut child = pty_process::blocking::Command::from(command).spawn(pts).map_err(io::Error::other)?;
    let screen = std::fs::File::from(OwnedFd::from(pty));
    let mut typist = Typist::new(Some(Box::new(screen.try_clone()?)), lines);
    typist.line_end = "\r";
    typist.quiet = Duration::from_millis(80);
    typist.closes = false;
    let mut dialogue = Dialogue::listen([Box::new(screen) as _]);
    let shown = |bytes: &[u8]| patterns.plain(&lossy(bytes)).replace("\r\n", "\n");
    let ended = dialogue.converse(&mut typist, step, |bytes| {
        let text = shown(bytes);
        patterns.ends_in_prompt(&text).then(|| text.chars().count())
    })?;
    let [output] = dialogue.outputs;
    let (code, stdout) = if ended {
        (exit_code(child.wait()?), shown(&output.bytes).replace('\r', "\n"))
    } else {
        child.kill()?;
        child.wait()?;
        (never(), lossy(&output.bytes))
    };
    Ok(StepResult { code, stdout, stderr: String::new() })
}
