//! A tour of the program for those who have no account: the real binary on a real terminal, in a home folder of
//! its own, against a fake cloud on this machine.
//!
//! ```sh
//! cargo run --release --locked --example tour -- --help
//! ```

#![cfg_attr(
    unix,
    expect(clippy::disallowed_methods, reason = "the tour is a program of its own, and runs another one")
)]

mod audience;
mod options;
mod player;
mod program;
mod pty;
mod screen;
mod script;
mod stage;
mod svg;

use std::io::{self, Write};
use std::process::ExitCode;

/// What may go wrong is told to the user and ends the tour.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match tour() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nowhere else to say that standard error is closed.
            let _ = writeln!(io::stderr(), "ERROR: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(unix)]
fn tour() -> Outcome<()> {
    use options::{Options, Wish};
    let options = match Options::parse(std::env::args_os().skip(1))? {
        Wish::Help => return Ok(io::stdout().write_all(options::HELP.as_bytes())?),
        Wish::Tour(options) => options,
    };
    let program = program::find(options.binary.as_deref())?;
    let stage = stage::Stage::set_up(&program, options.language)?;
    let mut audience = audience::Audience::of_stdout(options.fast);
    player::play(&script::steps(options.language), &stage, &mut audience)?;
    if let Some(path) = &options.svg {
        let picture = svg::draw(audience.shown().rows());
        std::fs::write(path, picture).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn tour() -> Outcome<()> {
    Err("the tour needs a terminal of a Unix system, such as Linux, macOS or WSL".into())
}
