//! The command line: arguments to a command, a command to the store or the resolver, results to the streams.

mod args;
mod commands;
mod complete;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod handover;
mod help;
mod invocation;
#[cfg(test)]
mod raised;

use std::io;

use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use args::grammar::{self, Failure};
use args::table::ROOT;
use args::tree;
use invocation::Invocation;

/// Gives all commands and flags, for manuals and other descriptions. Arguments are not taken apart by it: the
/// grammar is that of the reference (behaviour, section 1).
pub fn command() -> clap::Command {
    tree::whole_clap_tree(&ROOT).version(crate::VERSION)
}

/// Runs the program with these arguments, and gives its exit code (behaviour, section 1).
pub fn main(arguments: Vec<String>, host: &dyn Host) -> u8 {
    match run(arguments, host) {
        Ok(code) => code,
        Err(error) => {
            show(&error, host);
            error.exit_code()
        }
    }
}

fn run(arguments: Vec<String>, host: &dyn Host) -> Result<u8> {
    if let Some(line) = host.var(complete::LINE_VARIABLE) {
        return complete::answer(host, &line, &arguments);
    }
    match grammar::parse(&ROOT, arguments) {
        Ok(parsed) if parsed.help => help::show(host, &parsed.path).map(|()| 0),
        Ok(parsed) => (parsed.command.run)(&Invocation::new(host, parsed)?).map(|()| 0),
        Err(Failure::Wrong(error)) => Err(error),
        Err(Failure::ForeignFlag(error)) => handover::try_to(host)?.ok_or(error),
        Err(Failure::ForeignCommand(error)) => {
            handover::try_to(host)?.ok_or_else(|| Error::Foreign(Box::new(error)))
        }
    }
}

/// Shows an error on standard error, with what the user can do next, and similar names on standard output.
fn show(error: &Error, host: &dyn Host) {
    let is_silent = match error {
        Error::Stream(error) => error.kind() == io::ErrorKind::BrokenPipe,
        Error::Told(_) => true,
        _ => false,
    };
    if is_silent {
        return;
    }
    let in_colour = host.is_terminal(Stream::Stderr) && host.var("NO_COLOR").is_none();
    let (red, yellow, plain) = if in_colour { ("\x1b[1;31m", "\x1b[1;33m", "\x1b[0m") } else { ("", "", "") };
    let mut text = format!("{red}ERROR: {error}\n{plain}");
    if let Some(hint) = error.hint() {
        text.push_str(&format!("{yellow}\n{hint}\n{plain}"));
    }
    // Where standard error is closed nobody can be told.
    let _ = host.write(Stream::Stderr, &text);
    if !error.similar().is_empty() {
        let similar = error.similar().join("\n  ");
        let _ = host.write(Stream::Stdout, &format!("\nDid you mean:\n  {similar}\n"));
    }
}
