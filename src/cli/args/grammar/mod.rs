//! The reference's argument grammar (behaviour, section 1), which is not the usual one: it splits at `=` or
//! `:`, takes plain words for values that are missing, and has `help` anywhere.

use std::any::TypeId;
use std::cell::OnceCell;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::Arg;

use super::form::{self, Form};
use super::schema::{self, Command, HELP, Name, Path};
use super::secret_values::not_text;
use super::{fields, refusals};
use crate::error::{Error, Result};

/// Arguments taken apart.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The command to run.
    pub(crate) path: Path,
    /// The command as clap knows it, built when something is asked of it.
    clap: OnceCell<clap::Command>,
    /// The flags in their order.
    flags: Vec<Given>,
    /// The plain words that name no command.
    pub(crate) words: Vec<OsString>,
    /// What stands behind `--`, for a command that takes that.
    tail: Option<Vec<OsString>>,
    /// Whether help was asked for.
    pub(crate) help: bool,
}

/// A flag that is given.
#[derive(Debug)]
struct Given {
    /// Its long name.
    name: String,
    takes: Takes,
    /// Empty for a flag that takes none.
    value: OsString,
}

/// What follows a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// A value; another flag in its place is an error.
    Value,
    /// A value that cannot be empty; its absence at the end is an error too.
    Something,
    /// A value, or another flag, and then the value is empty.
    MaybeValue,
    /// Nothing.
    Nothing,
}

impl Takes {
    fn of(arg: &Arg) -> Self {
        if !arg.get_action().takes_values() {
            Self::Nothing
        } else if fields::row(arg.get_id().as_str()).is_some_and(|row| row.nonempty) {
            Self::Something
        } else if arg.get_num_args().is_some_and(|count| count.min_values() == 0) {
            Self::MaybeValue
        } else {
            Self::Value
        }
    }
}

/// Why arguments cannot be taken apart.
#[derive(Debug)]
pub(crate) enum Failure {
    /// They are wrong.
    Wrong(Error),
    /// They begin with a flag that this program does not know, and name none of its commands.
    ForeignFlag(Error),
    /// They name a command that this program does not have.
    ForeignCommand(Error),
}

type Taken<T> = std::result::Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Wrong(error)
    }
}

/// Takes arguments apart, from left to right; the first thing that is wrong is the error.
pub(crate) fn parse(arguments: Vec<OsString>) -> Taken<Parsed> {
    let mut parser = Parser::new();
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        let has_value = argument.to_string_lossy().contains(['=', ':']);
        if let Err(failure) = parser.take(argument) {
            let is_ours = !parser.parsed.path.is_root() || names_a_command(!has_value, rest);
            return Err(match failure {
                Failure::Wrong(error @ Error::Usage { .. }) if !is_ours => Failure::ForeignFlag(error),
                other => other,
            });
        }
    }
    parser.finish()
}

/// Tells whether the words behind a flag that is not known name a command of this program.
///
/// A word behind such a flag may be its value, so the next one counts as well; all others are about the command
/// that was found by then, whatever they are.
fn names_a_command(mut may_be_value: bool, rest: impl Iterator<Item = OsString>) -> bool {
    for word in rest {
        let word = word.to_string_lossy();
        if word.starts_with('-') {
            may_be_value = !word.contains(['=', ':']);
        } else if Path::ROOT.name.find(&word).is_some() {
            return true;
        } else if !std::mem::take(&mut may_be_value) {
            return false;
        }
    }
    false
}

/// Arguments that are not complete yet.
pub(crate) struct SoFar {
    pub(crate) parsed: Parsed,
    /// The long name of the flag whose value comes next.
    waiting: Option<String>,
    /// Whether they name a command that this program does not have.
    pub(crate) is_foreign: bool,
}

/// Takes arguments apart as far as they can be understood.
pub(crate) fn so_far(arguments: &[String]) -> SoFar {
    let mut parser = Parser::new();
    // What is wrong is said when the command is run.
    let mut is_foreign = |word: &String| matches!(parser.take(word.into()), Err(Failure::ForeignCommand(_)));
    let is_foreign = arguments.iter().any(&mut is_foreign);
    let waiting = parser.waiting().map(|flag| flag.name.clone());
    SoFar { parsed: parser.parsed, waiting, is_foreign }
}

impl SoFar {
    /// Returns the flag whose value comes next.
    pub(crate) fn waiting(&self) -> Option<&Arg> {
        schema::long(self.parsed.clap(), self.waiting.as_deref()?)
    }
}

impl Parsed {
    /// Returns the command with its flags.
    pub(crate) fn clap(&self) -> &clap::Command {
        self.clap.get_or_init(|| self.path.clap())
    }

    /// Returns the value of a flag; `None` where the flag is not given.
    pub(crate) fn flag(&self, name: &str) -> Option<&OsStr> {
        self.flags.iter().find(|flag| flag.name == name).map(|flag| flag.value.as_os_str())
    }

    /// Tells whether what follows is behind `--`, where everything is taken as it is.
    pub(crate) fn is_tail(&self) -> bool {
        self.tail.is_some()
    }

    /// Reads the arguments of the command, by way of the usual form, which clap takes.
    ///
    /// # Errors
    ///
    /// Says what a command's own arguments lack, or which choices there are for a value.
    pub(crate) fn read(self) -> Result<Command> {
        let usual = self.usual();
        let Self { path, clap, .. } = self;
        let command = clap.into_inner().unwrap_or_else(|| path.clap());
        path.name.read(command, usual).map_err(|error| refusals::of_clap(&error))
    }

    /// Returns the arguments of the command in the usual form: flags, `--`, and words.
    fn usual(&self) -> Vec<OsString> {
        let flags = self.flags.iter().map(|Given { name, takes, value }| {
            let mut flag = OsString::from(format!("--{name}"));
            if *takes != Takes::Nothing {
                flag.push("=");
                flag.push(value);
            }
            flag
        });
        let words = self.tail.as_ref().unwrap_or(&self.words).iter().cloned();
        flags.chain([OsString::from("--")]).chain(words).collect()
    }
}

struct Parser {
    parsed: Parsed,
    /// Whether the value of the last flag is still to come.
    is_waiting: bool,
    /// Whether the word `help` is there.
    asks_for_help: bool,
}

impl Parser {
    fn new() -> Self {
        let parsed = Parsed {
            path: Path::ROOT,
            clap: OnceCell::new(),
            flags: Vec::new(),
            words: Vec::new(),
            tail: None,
            help: false,
        };
        Self { parsed, is_waiting: false, asks_for_help: false }
    }

    fn take(&mut self, argument: OsString) -> Taken<()> {
        if let Some(tail) = &mut self.parsed.tail {
            tail.push(argument);
            return Ok(());
        }
        let (given, value) = match Form::of(&argument).map_err(|error| self.call_error(error))? {
            Form::Word => return self.take_word(argument),
            Form::Dash if self.takes_dash() => return self.take_word(argument),
            Form::Dash => return Err(self.call_error(form::unsupported(&argument)).into()),
            Form::Dashes => return Ok(self.begin_tail()?),
            Form::Long(name, value) => {
                // The flags of a call are not known beforehand, so that any ends the wait for a value.
                if self.parsed.path.name.is_call() {
                    self.end_waiting()?;
                }
                (self.long_flag(&name)?, value)
            }
            Form::Short(name, value) => (self.short_flag(name)?, value),
        };
        Ok(self.take_flag(given, value)?)
    }

    fn take_flag(&mut self, given: Given, value: &OsStr) -> Result<()> {
        if self.parsed.flag(&given.name).is_some() {
            return Err(self.wrong(format!("--{} duplicated", given.name)));
        }
        self.end_waiting()?;
        let has_value = !value.is_empty();
        if given.takes == Takes::Nothing && has_value {
            return Err(self.wrong(format!("flag --{} can't be assiged", given.name)));
        }
        self.is_waiting = given.takes != Takes::Nothing && !has_value;
        self.parsed.flags.push(Given { value: value.to_owned(), ..given });
        Ok(())
    }

    /// Returns the flag whose value is still to come.
    fn waiting(&self) -> Option<&Given> {
        self.parsed.flags.last().filter(|_| self.is_waiting)
    }

    /// Ends the wait for a value because a flag comes instead.
    fn end_waiting(&mut self) -> Result<()> {
        match self.waiting() {
            Some(Given { name, takes: Takes::Value | Takes::Something, .. }) => Err(self.unassigned(name)),
            _ => {
                self.is_waiting = false;
                Ok(())
            }
        }
    }

    fn unassigned(&self, name: &str) -> Error {
        self.wrong(format!("--{name} must be assigned with value"))
    }

    /// Tells whether a lone dash has a meaning here: a line of standard input as a secret, or all of it as a file.
    fn takes_dash(&self) -> bool {
        let is_file = |arg: &Arg| arg.get_value_parser().type_id() == TypeId::of::<PathBuf>();
        match self.waiting() {
            Some(flag) => fields::is_secret(&flag.name),
            None => self.parsed.clap().get_positionals().any(is_file),
        }
    }

    fn begin_tail(&mut self) -> Result<()> {
        if !self.parsed.clap().get_positionals().any(Arg::is_last_set) {
            return Err(self.call_error(form::no_tail()));
        }
        self.end_waiting()?;
        self.parsed.tail = Some(Vec::new());
        Ok(())
    }

    fn take_word(&mut self, word: OsString) -> Taken<()> {
        // What is empty is no value and no word: a flag goes on waiting.
        if word.is_empty() {
            return Ok(());
        }
        if std::mem::take(&mut self.is_waiting) {
            if let Some(flag) = self.parsed.flags.last_mut() {
                flag.value = word;
            }
            return Ok(());
        }
        if word == "help" {
            self.asks_for_help = true;
            return Ok(());
        }
        let name = self.parsed.path.name;
        let is_first = self.parsed.words.is_empty();
        match word.to_str().filter(|_| is_first).and_then(|word| name.find(word)) {
            Some(below) => self.enter(below),
            None if name.may_be_foreign() => {
                let error = refusals::unknown_command(&word.to_string_lossy(), &self.parsed.path);
                return Err(Failure::ForeignCommand(error));
            }
            None => self.parsed.words.push(word),
        }
        Ok(())
    }

    /// Goes on with a command below the one so far.
    fn enter(&mut self, below: Name) {
        self.parsed.path = self.parsed.path.to(below);
        self.parsed.clap = OnceCell::new();
        if self.parsed.path.stands_alone() {
            self.parsed.flags.retain(|flag| flag.name != HELP);
        }
    }

    fn long_flag(&self, name: &str) -> Result<Given> {
        let command = self.parsed.clap();
        let unknown = || self.usage_error(refusals::unknown_flag(name, &self.parsed.path, command));
        schema::long(command, name).map(given).ok_or_else(unknown)
    }

    fn short_flag(&self, name: char) -> Result<Given> {
        let arg = schema::short(self.parsed.clap(), name);
        arg.map(given).ok_or_else(|| self.wrong(format!("unknown flag -{name}")))
    }

    fn wrong(&self, text: String) -> Error {
        self.call_error(Error::InvalidInput(text))
    }

    /// Words an error as the reference does behind what names no command (behaviour, section 1).
    fn call_error(&self, error: Error) -> Error {
        let is_behind = self.parsed.path.name.is_call() || !self.parsed.words.is_empty();
        if is_behind { error.during("parse failed ") } else { error }
    }

    /// Words an error about a name, which behind a plain word is none about the usage any more.
    fn usage_error(&self, error: Error) -> Error {
        let is_behind = !self.parsed.words.is_empty() && !self.parsed.path.name.is_call();
        if is_behind { Error::invalid(format!("parse failed {error}")) } else { error }
    }

    fn finish(mut self) -> Taken<Parsed> {
        self.parsed.help = self.asks_for_help || self.parsed.flag(HELP).is_some();
        if self.parsed.help {
            return Ok(self.parsed);
        }
        // Where a command looks for that one profile and nothing else, the empty name is one that is not found.
        let is_looked_for = |name: &str| self.parsed.path.name.needs() == Some(name);
        if let Some(Given { name, takes: Takes::Something, .. }) = self.waiting()
            && !is_looked_for(name)
        {
            return Err(self.unassigned(name).into());
        }
        let Self { parsed, .. } = self;
        let command = parsed.clap();
        check_flags(&parsed, command)?;
        let needs_tail = command.get_positionals().any(|arg| arg.is_last_set() && arg.is_required_set());
        if needs_tail && parsed.tail.as_ref().is_none_or(Vec::is_empty) {
            return Err(refusals::no_tail(&parsed.path).into());
        }
        // Without a place for words, a command refuses them.
        let takes_words = command.get_positionals().any(|arg| !arg.is_last_set());
        match parsed.words.first().filter(|_| !takes_words) {
            Some(word) => Err(refusals::unknown_command(&word.to_string_lossy(), &parsed.path).into()),
            None => Ok(parsed),
        }
    }
}

/// Checks the flags that are given against those that the command takes, since a flag may stand in front of it.
fn check_flags(parsed: &Parsed, command: &clap::Command) -> Result<()> {
    let mut args = Vec::with_capacity(parsed.flags.len());
    for flag in &parsed.flags {
        let arg = schema::long(command, &flag.name)
            .ok_or_else(|| refusals::unknown_flag(&flag.name, &parsed.path, command))?;
        args.push((arg, &flag.value));
    }
    for (arg, value) in args {
        let name = arg.get_long().unwrap_or_default();
        let mut others = command.get_arg_conflicts_with(arg).into_iter().filter_map(Arg::get_long);
        if let Some(other) = others.find(|other| parsed.flag(other).is_some()) {
            return Err(Error::InvalidInput(format!("flag --{name} is exclusive with --{other}")));
        }
        if value.to_str().is_none() && !takes_any_bytes(arg) {
            return Err(not_text(name));
        }
    }
    Ok(())
}

fn takes_any_bytes(arg: &Arg) -> bool {
    let kind = arg.get_value_parser().type_id();
    kind == TypeId::of::<PathBuf>() || kind == TypeId::of::<OsString>()
}

fn given(arg: &Arg) -> Given {
    let name = arg.get_long().unwrap_or_default().to_owned();
    Given { name, takes: Takes::of(arg), value: OsString::new() }
}

#[cfg(test)]
mod tests;
