//! The command line: arguments to a command, a command to the store or the resolver, results to the streams.

mod args;
mod commands;
mod complete;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod handover;
mod help;
mod runtime;
mod surroundings;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io;

use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::language::Language;
use crate::prompt;
use args::grammar::{self, Failure};
use args::schema::{Command, Path};
use args::warnings;
use commands::settings::{ai_mode, plugin_settings, safety_policy};
use commands::{
    auto_completion, check, configure, copy, delete, exec, export, get, import, list, logout, rename, root,
    rotate, set, sts, switch, unset, version,
};
use complete::scripts;
pub use surroundings::Section;

/// Returns all commands and flags, for manuals and other descriptions. Arguments are not taken apart by it: the
/// grammar is that of the reference (behaviour, section 1).
pub fn command() -> clap::Command {
    Path::ROOT.manual(Language::English).version(crate::VERSION)
}

/// A manual in one language.
#[derive(Debug)]
pub struct Manual {
    /// The language, as a profile names it: `en` or `zh`.
    pub language: &'static str,
    /// All commands and flags.
    pub command: clap::Command,
    /// The sections on exit codes, environment variables and files that belong to every page.
    pub surroundings: Vec<Section>,
}

/// Returns the manual in every language.
pub fn manuals() -> Vec<Manual> {
    let manual = |language: Language| Manual {
        language: language.code(),
        command: Path::ROOT.manual(language).version(crate::VERSION),
        surroundings: surroundings::sections(language),
    };
    Language::ALL.into_iter().map(manual).collect()
}

/// Runs the program with these arguments, and returns its exit code (behaviour, section 1).
pub fn main(arguments: Vec<OsString>, host: &dyn Host) -> u8 {
    let outcome = runtime::telling(host, || run(arguments, host));
    warnings::point_out_missing_locks(host);
    match outcome {
        Ok(code) => code,
        Err(error) => {
            show(&error, host);
            error.exit_code()
        }
    }
}

fn run(arguments: Vec<OsString>, host: &dyn Host) -> Result<u8> {
    if let Some(line) = host.var(complete::LINE_VARIABLE) {
        return complete::answer(host, &line, &arguments);
    }
    match grammar::parse(arguments.clone()) {
        Ok(parsed) if parsed.help => help::show(host, &parsed.path).map(|()| 0),
        Ok(parsed) => {
            let path = parsed.path.clone();
            call(&parsed.read()?, &path, host)
        }
        Err(Failure::Wrong(error)) => Err(error),
        Err(Failure::ForeignFlag(error)) => handover::try_to(arguments, host)?.ok_or(error),
        Err(Failure::ForeignCommand(error)) => {
            handover::try_to(arguments, host)?.ok_or_else(|| Error::ForeignCommand(Box::new(error)))
        }
    }
}

/// Runs a command, and returns its exit code.
fn call(command: &Command, path: &Path, host: &dyn Host) -> Result<u8> {
    let done = match command {
        Command::Root(given) if given.version => root::version(host),
        Command::Root(_) | Command::Sts(_) | Command::Completion(_) => help::show(host, path),
        Command::Configure(given) => configure::run(given, host),
        Command::Get(given) => get::run(given, host),
        Command::Set(given) => set::run(given, host),
        Command::List(given) => list::run(given, host),
        Command::Delete(given) => delete::run(given, host),
        Command::Switch(given) => switch::run(given, host),
        Command::ExportCredentials(given) => export::run(given, host),
        Command::Exec(given) => return exec::run(given, host),
        Command::SafetyPolicy(given) => safety_policy::show(given, host),
        Command::SafetyShow(given) => safety_policy::show(given, host),
        Command::Rename(given) => rename::run(given, host),
        Command::Copy(given) => copy::run(given, host),
        Command::Unset(given) => unset::run(given, host),
        Command::Check(given) => check::run(given, host),
        Command::Import(given) => import::run(given, host),
        Command::Logout(given) => logout::run(given, host),
        Command::Rotate(given) => rotate::run(given, host),
        Command::SafetyEnable(given) => safety_policy::enable(given, host),
        Command::SafetyDisable(given) => safety_policy::disable(given, host),
        Command::SafetyAdd(given) => safety_policy::add(given, host),
        Command::SafetyRemove(given) => safety_policy::remove(given, host),
        Command::SafetyList(given) => safety_policy::list(given, host),
        Command::AiMode(given) => ai_mode::show(given, host),
        Command::AiShow(given) => ai_mode::show(given, host),
        Command::AiEnable(given) => ai_mode::enable(given, host),
        Command::AiDisable(given) => ai_mode::disable(given, host),
        Command::AiSetUserAgent(given) => ai_mode::set_user_agent(given, host),
        Command::AiResetUserAgent(given) => ai_mode::reset_user_agent(given, host),
        Command::AiSetOssutil(given) => ai_mode::set_ossutil(given, host),
        Command::AiResetOssutil(given) => ai_mode::reset_ossutil(given, host),
        Command::PluginSettings(_) | Command::PluginShow(_) => plugin_settings::show(host),
        Command::PluginSet(given) => plugin_settings::set(given, host),
        Command::PluginClear(_) => plugin_settings::clear(host),
        Command::GetCallerIdentity(given) => sts::with_tabs(given, host),
        Command::GetCallerIdentityKebab(given) => sts::with_blanks(given, host),
        Command::Bash(_) => host.out(scripts::BASH),
        Command::Zsh(_) => host.out(scripts::ZSH),
        Command::Fish(_) => host.out(scripts::FISH),
        Command::PowerShell(_) => host.out(scripts::POWERSHELL),
        Command::AutoCompletion(given) => auto_completion::run(given, host),
        Command::Version(_) => version::run(host),
    };
    done.map(|()| 0)
}

/// Shows an error on standard error, with what the user can do next, and similar names on standard output.
fn show(error: &Error, host: &dyn Host) {
    let is_silent = match error {
        Error::System(error) => error.kind() == io::ErrorKind::BrokenPipe,
        Error::AlreadyShown(_) => true,
        _ => false,
    };
    if is_silent {
        return;
    }
    let knows_colour = host.is_terminal(Stream::Stderr) && prompt::understands_sequences(host);
    let in_colour = knows_colour && host.var("NO_COLOR").is_none();
    let (red, yellow, plain) = if in_colour { ("\x1b[1;31m", "\x1b[1;33m", "\x1b[0m") } else { ("", "", "") };
    let say = |colour, text: &str| {
        // Where standard error is closed nobody can be told.
        let _ = host.draw(Stream::Stderr, colour);
        let _ = host.write(Stream::Stderr, text);
        let _ = host.draw(Stream::Stderr, plain);
    };
    say(red, &format!("ERROR: {error}\n"));
    if let Some(hint) = error.hint() {
        say(yellow, &format!("\n{hint}\n"));
    }
    if let Some(remedy) = error.remedy().filter(|_| host.is_terminal(Stream::Stderr)) {
        say(yellow, &format!("{remedy}\n"));
    }
    if !error.similar().is_empty() {
        let similar = error.similar().join("\n  ");
        let _ = host.write(Stream::Stdout, &format!("\nDid you mean:\n  {similar}\n"));
    }
}
