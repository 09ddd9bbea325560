//! Runs a program and talks to it, on pipes or on a terminal.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, ErrorKind, Read, Write},
    os::{
        fd::OwnedFd,
        unix::process::{CommandExt, ExitStatusExt},
    },
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    process::{Pid, Signal, kill_process_group},
};

use crate::{
    case::{Code, Step, StepResult},
    text::Patterns,
};

const TICK: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };

/// Runs the command on pipes. `lines` are sent one at a time, each when the program has printed a
/// prompt and gone quiet, and then the input is closed; without `lines` all of `stdin`
/// is sent at once.
pub(crate) fn on_pipes(
    mut command: Command,
    step: &Step,
    stdin: &str,
    lines: Option<VecDeque<String>>,
    patterns: &Patterns,
) -> io::Result<StepResult> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // The group can be ended as a whole. There is no terminal to keep from it: the runner has none.
    let mut child = command.process_group(0).spawn()?;
    let mut input = child.stdin.take().map(|pipe| File::from(OwnedFd::from(pipe)));
    if lines.is_none()
        && let Some(mut input) = input.take()
    {
        tolerate_hang_up(input.write_all(stdin.as_bytes()))?;
    }
    let mut typist = Typist {
        input,
        lines: lines.unwrap_or_default(),
        line_end: "\n",
        quiet: Duration::from_millis(40),
        closes: true,
        sent_at: None,
        heard: Instant::now(),
    };
    let outputs = [child.stdout.take().map(OwnedFd::from), child.stderr.take().map(OwnedFd::from)];
    let mut outputs = outputs.map(Output::new);
    let shown = |bytes: &[u8]| patterns.plain(&lossy(bytes));
    let ended = converse(&mut outputs, &mut typist, step, |bytes| {
        let text = shown(bytes);
        patterns.ends_in_prompt(&text).then(|| text.chars().count())
    })?;
    drop(typist);
    let code = if ended {
        exit_code(child.wait()?)
    } else {
        kill_process_group(Pid::from_child(&child), Signal::KILL)?;
        child.wait()?;
        never()
    };
    let [stdout, stderr] = outputs.map(|output| lossy(&output.bytes));
    Ok(StepResult { code, stdout, stderr })
}

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
    let screen = OwnedFd::from(pty);
    let mut typist = Typist {
        input: Some(screen.try_clone()?.into()),
        lines,
        line_end: "\r",
        quiet: Duration::from_millis(80),
        closes: false,
        sent_at: None,
        heard: Instant::now(),
    };
    let mut outputs = [Output::new(Some(screen))];
    let shown = |bytes: &[u8]| patterns.plain(&lossy(bytes)).replace("\r\n", "\n");
    let ended = converse(&mut outputs, &mut typist, step, |bytes| {
        let text = shown(bytes);
        patterns.ends_in_prompt(&text).then(|| text.chars().count())
    })?;
    let [output] = outputs;
    let (code, stdout) = if ended {
        (exit_code(child.wait()?), shown(&output.bytes).replace('\r', "\n"))
    } else {
        child.kill()?;
        child.wait()?;
        (never(), lossy(&output.bytes))
    };
    let stderr = String::new();
    Ok(StepResult { code, stdout, stderr })
}

/// What the program has written so far on one of its outputs.
struct Output {
    from: Option<File>,
    bytes: Vec<u8>,
}

impl Output {
    fn new(from: Option<OwnedFd>) -> Self {
        Self { from: from.map(File::from), bytes: Vec::new() }
    }

    fn read_some(&mut self) -> io::Result<()> {
        let Some(from) = &mut self.from else {
            return Ok(());
        };
        let mut chunk = [0; 65536];
        let length = match from.read(&mut chunk) {
            // So a terminal says that the program has left it.
            Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => 0,
            other => other?,
        };
        if length == 0 {
            self.from = None;
        }
        self.bytes.extend(chunk.iter().take(length));
        Ok(())
    }
}

/// The user at the keyboard, who answers a prompt once the program has gone quiet.
struct Typist {
    input: Option<File>,
    lines: VecDeque<String>,
    line_end: &'static str,
    quiet: Duration,
    /// Whether a prompt after the last line closes the input.
    closes: bool,
    /// How much the program had written when the last line was sent.
    sent_at: Option<usize>,
    heard: Instant,
}

impl Typist {
    fn is_ready(&self) -> bool {
        let has_more = self.closes || !self.lines.is_empty();
        has_more && self.input.is_some() && self.heard.elapsed() > self.quiet
    }

    /// Answers a prompt that ends after so many characters, once.
    fn answer(&mut self, prompt_end: usize) -> io::Result<()> {
        if self.sent_at.replace(prompt_end) == Some(prompt_end) {
            return Ok(());
        }
        let (Some(mut input), Some(line)) = (self.input.take(), self.lines.pop_front()) else {
            return Ok(());
        };
        let sent = input.write_all(format!("{line}{}", self.line_end).as_bytes());
        if tolerate_hang_up(sent)? {
            self.input = Some(input);
        }
        Ok(())
    }
}

/// Listens to the program until it has closed its outputs, which gives true, or the step's time is
/// over. `prompt` says where the first output's text ends if it ends in a prompt.
fn converse(
    outputs: &mut [Output],
    typist: &mut Typist,
    step: &Step,
    prompt: impl Fn(&[u8]) -> Option<usize>,
) -> io::Result<bool> {
    let limit = Duration::try_from_secs_f64(step.timeout).map_err(io::Error::other)?;
    let end = Instant::now() + limit;
    while outputs.iter().any(|output| output.from.is_some()) {
        if Instant::now() >= end {
            return Ok(false);
        }
        if read_what_is_there(outputs)? {
            typist.heard = Instant::now();
        } else if typist.is_ready()
            && let Some(prompt_end) = outputs.first().and_then(|output| prompt(&output.bytes))
        {
            typist.answer(prompt_end)?;
        }
    }
    Ok(true)
}

/// Waits for a tick at most, and says whether there was anything, be it an end.
fn read_what_is_there(outputs: &mut [Output]) -> io::Result<bool> {
    let mut ready = vec![false; outputs.len()];
    {
        let files = || outputs.iter().filter_map(|output| output.from.as_ref());
        let mut fds: Vec<_> = files().map(|file| PollFd::new(file, PollFlags::IN)).collect();
        match poll(&mut fds, Some(&TICK)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let open = ready.iter_mut().zip(outputs.iter()).filter(|(_, output)| output.from.is_some());
        for ((ready, _), fd) in open.zip(&fds) {
            *ready = !fd.revents().is_empty();
        }
    }
    for (output, _) in outputs.iter_mut().zip(&ready).filter(|(_, ready)| **ready) {
        output.read_some()?;
    }
    Ok(ready.contains(&true))
}

/// Says whether the program still takes input.
fn tolerate_hang_up(sent: io::Result<()>) -> io::Result<bool> {
    match sent {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        sent => Ok(sent.is_ok()),
    }
}

fn exit_code(status: ExitStatus) -> Code {
    let signal = || status.signal().map_or(0, |signal| -signal);
    Code::Exit(status.code().unwrap_or_else(signal))
}

fn never() -> Code {
    Code::Never("timeout".to_owned())
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
