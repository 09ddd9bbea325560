//! Runs a program on pipes and talks to it.

use std::{
    collections::VecDeque,
    io::{self, ErrorKind, Read, Write},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use crate::{
    case::{Code, Step, StepResult},
    text::Patterns,
};

const TICK: Duration = Duration::from_millis(20);

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
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    let mut input = child.stdin.take();
    if lines.is_none()
        && let Some(mut input) = input.take()
    {
        tolerate_hang_up(input.write_all(stdin.as_bytes()))?;
    }
    let mut typist = Typist::new(input.map(|pipe| Box::new(pipe) as _), lines.unwrap_or_default());
    let stdout = child.stdout.take().ok_or(ErrorKind::BrokenPipe)?;
    let stderr = child.stderr.take().ok_or(ErrorKind::BrokenPipe)?;
    let mut dialogue = Dialogue::listen([Box::new(stdout) as _, Box::new(stderr) as _]);
    let shown = |bytes: &[u8]| patterns.plain(&lossy(bytes));
    let ended = dialogue.converse(&mut typist, step, |bytes| {
        let text = shown(bytes);
        patterns.ends_in_prompt(&text).then(|| text.chars().count())
    })?;
    drop(typist);
    let code = if ended {
        exit_code(child.wait()?)
    } else {
        kill(&mut child)?;
        child.wait()?;
        never()
    };
    let [stdout, stderr] = dialogue.outputs.map(|output| lossy(&output.bytes));
    Ok(StepResult { code, stdout, stderr })
}

#[cfg(unix)]
fn kill(child: &mut Child) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process_group};
    Ok(kill_process_group(Pid::from_child(child), Signal::KILL)?)
}

#[cfg(not(unix))]
fn kill(child: &mut Child) -> io::Result<()> {
    child.kill()
}

/// What the program has written so far on one of its outputs.
#[derive(Default)]
pub(crate) struct Output {
    pub(crate) bytes: Vec<u8>,
    is_closed: bool,
}

/// A piece of an output; an empty one is its end.
type Piece = (usize, Vec<u8>);

/// What is heard from a program on all its outputs.
pub(crate) struct Dialogue<const N: usize> {
    pub(crate) outputs: [Output; N],
    pieces: Receiver<Piece>,
}

impl<const N: usize> Dialogue<N> {
    /// Reads each source in a thread of its own: on no system do pipes have to be able to be polled.
    pub(crate) fn listen(sources: [Box<dyn Read + Send>; N]) -> Self {
        let (sender, pieces) = mpsc::channel();
        for (index, source) in sources.into_iter().enumerate() {
            let sender = sender.clone();
            thread::spawn(move || read_all(index, source, &sender));
        }
        Self { outputs: std::array::from_fn(|_| Output::default()), pieces }
    }

    /// Listens to the program until it has closed its outputs, which gives true, or the step's time
    /// is over. `prompt` says where the first output's text ends if it ends in a prompt.
    pub(crate) fn converse(
        &mut self,
        typist: &mut Typist,
        step: &Step,
        prompt: impl Fn(&[u8]) -> Option<usize>,
    ) -> io::Result<bool> {
        let limit = Duration::try_from_secs_f64(step.timeout).map_err(io::Error::other)?;
        let end = Instant::now() + limit;
        while self.outputs.iter().any(|output| !output.is_closed) {
            if Instant::now() >= end {
                return Ok(false);
            }
            match self.pieces.recv_timeout(TICK) {
                Ok(piece) => {
                    self.add(piece);
                    typist.heard = Instant::now();
                }
                Err(RecvTimeoutError::Timeout) if typist.is_ready() => {
                    if let Some(prompt_end) = self.outputs.first().and_then(|output| prompt(&output.bytes)) {
                        typist.answer(prompt_end)?;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok(true)
    }

    fn add(&mut self, (index, piece): Piece) {
        if let Some(output) = self.outputs.get_mut(index) {
            output.is_closed = piece.is_empty();
            output.bytes.extend(piece);
        }
    }
}

/// Sends on all that comes. A terminal that the program has left says so by an error.
fn read_all(index: usize, mut source: Box<dyn Read + Send>, sender: &Sender<Piece>) {
    let mut chunk = [0; 65536];
    loop {
        let length = match source.read(&mut chunk) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read.unwrap_or_default(),
        };
        let piece = chunk.iter().take(length).copied().collect();
        if sender.send((index, piece)).is_err() || length == 0 {
            return;
        }
    }
}

/// The user at the keyboard, who answers a prompt once the program has gone quiet.
pub(crate) struct Typist {
    input: Option<Box<dyn Write>>,
    lines: VecDeque<String>,
    pub(crate) line_end: &'static str,
    pub(crate) quiet: Duration,
    /// Whether a prompt after the last line closes the input.
    pub(crate) closes: bool,
    /// How much the program had written when the last line was sent.
    sent_at: Option<usize>,
    heard: Instant,
}

impl Typist {
    /// Returns a user who types into a pipe.
    pub(crate) fn new(input: Option<Box<dyn Write>>, lines: VecDeque<String>) -> Self {
        Self {
            input,
            lines,
            line_end: "\n",
            quiet: Duration::from_millis(40),
            closes: true,
            sent_at: None,
            heard: Instant::now(),
        }
    }

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

/// Says whether the program still takes input.
fn tolerate_hang_up(sent: io::Result<()>) -> io::Result<bool> {
    match sent {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        sent => Ok(sent.is_ok()),
    }
}

pub(crate) fn exit_code(status: ExitStatus) -> Code {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None::<i32>;
    Code::Exit(status.code().unwrap_or_else(|| signal.map_or(0, |signal| -signal)))
}

pub(crate) fn never() -> Code {
    Code::Never("timeout".to_owned())
}

pub(crate) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
