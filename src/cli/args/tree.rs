//! What a command is: one description from which the grammar, the clap tree, help and completion follow.

use clap::{Arg, ArgAction};

use super::flags::{self, Flag, Takes};
use crate::cli::invocation::Invocation;
use crate::error::Result;
use crate::texts::Text;

/// A command, or a group of commands.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) about: Text,
    /// What help says beside that.
    pub(crate) details: Text,
    /// How it is called, behind the names of the commands above it.
    pub(crate) usage: &'static str,
    /// An example call.
    pub(crate) sample: &'static str,
    pub(crate) flags: Flags,
    /// The flag that it cannot do without; empty where there is none.
    pub(crate) needs: &'static str,
    pub(crate) words: Words,
    pub(crate) commands: &'static [&'static Command],
    /// Whether it is a call to a service, whose errors are worded differently (wire, section 9.5).
    pub(crate) is_call: bool,
    pub(crate) run: fn(&Invocation<'_>) -> Result<()>,
}

/// Which flags a command takes, beside `--help`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Flags {
    /// The persistent ones; help does not list them.
    Persistent,
    /// These, and all about profiles and calls; help lists them.
    All(&'static [Flag]),
    /// These alone; help lists them.
    Own(&'static [Flag]),
}

/// What plain words behind a command mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// Nothing.
    Ignored,
    /// They belong to the command.
    Kept,
    /// A subcommand that does not exist.
    Refused,
    /// A subcommand that another program may have.
    Foreign,
}

impl Command {
    /// Gives all flags that the command takes.
    pub(crate) fn accepted(&self) -> impl Iterator<Item = &'static Flag> + use<> {
        let (own, shared): (&[Flag], fn(&Flag) -> bool) = match self.flags {
            Flags::Persistent => (&[], |flag| flag.persistent),
            Flags::All(own) => (own, |_| true),
            Flags::Own(own) => (own, |_| false),
        };
        let shared = flags::ALL.iter().filter(move |flag| shared(flag));
        own.iter().chain(shared).chain([&flags::HELP])
    }

    /// Finds a subcommand; the name of a product counts in any case of its letters.
    pub(crate) fn subcommand(&self, name: &str) -> Option<&'static Command> {
        self.commands.iter().copied().find(|command| {
            let is_product = command.is_call && !command.commands.is_empty();
            command.name == name || (is_product && command.name.eq_ignore_ascii_case(name))
        })
    }
}

/// The name of the argument that holds plain words.
pub(crate) const WORDS: &str = "WORDS";

/// Makes the clap tree for one path through the commands; what the arguments do not name is not built.
pub(crate) fn clap_tree(path: &[&'static Command]) -> clap::Command {
    let Some((command, below)) = path.split_first() else {
        return clap::Command::new("aliyun");
    };
    if !below.is_empty() {
        return bare(command).subcommand(clap_tree(below));
    }
    bare(command)
        .args(command.accepted().map(argument))
        .arg(Arg::new(WORDS).num_args(0..).action(ArgAction::Append))
}

/// Makes the clap tree of a command and all below it, as its manual describes them.
pub(crate) fn whole_clap_tree(command: &'static Command) -> clap::Command {
    let example = |sample: &str| format!("Example: {} {sample}", command.name);
    let tree = match command.sample {
        "" => bare(command),
        sample => bare(command).after_help(example(sample)),
    };
    let tree = match command.details.en {
        "" => tree,
        details => tree.long_about(format!("{}\n\n{details}", command.about.en)),
    };
    tree.args(command.accepted().map(argument))
        .subcommands(command.commands.iter().map(|command| whole_clap_tree(command)))
}

fn bare(command: &Command) -> clap::Command {
    clap::Command::new(command.name)
        .about(command.about.en)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
}

fn argument(flag: &'static Flag) -> Arg {
    let argument = Arg::new(flag.name).long(flag.name).help(flag.help.en).hide(flag.hidden);
    let argument = match flag.short {
        Some(short) => argument.short(short),
        None => argument,
    };
    let argument = match flag.alias {
        Some(alias) => argument.alias(alias),
        None => argument,
    };
    match flag.takes {
        Takes::Nothing => argument.action(ArgAction::SetTrue),
        _ => argument.action(ArgAction::Set).num_args(1),
    }
}

/// Visits a command and all below it, each by its path from the root.
#[cfg(test)]
pub(crate) fn walk(path: &[&'static Command], visit: &mut dyn FnMut(&[&'static Command])) {
    visit(path);
    for command in path[path.len() - 1].commands {
        walk(&[path, &[*command]].concat(), visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::table::ROOT;

    #[test]
    fn clap_finds_no_fault_with_any_path() {
        walk(&[&ROOT], &mut |path| clap_tree(path).debug_assert());
        whole_clap_tree(&ROOT).debug_assert();
    }

    #[test]
    fn what_a_command_needs_is_a_flag_that_it_takes() {
        walk(&[&ROOT], &mut |path| {
            let command = path[path.len() - 1];
            let is_taken = command.accepted().any(|flag| flag.name == command.needs);
            assert!(command.needs.is_empty() || is_taken, "{}", command.name);
        });
    }

    #[test]
    fn every_command_and_flag_has_a_text_in_both_languages() {
        walk(&[&ROOT], &mut |path| {
            let command = path[path.len() - 1];
            assert_eq!(command.details.en.is_empty(), command.details.zh.is_empty(), "{}", command.name);
            assert!(!command.about.en.is_empty() && !command.about.zh.is_empty(), "{}", command.name);
            for flag in command.accepted().filter(|flag| !flag.hidden) {
                assert!(!flag.help.en.is_empty() && !flag.help.zh.is_empty(), "{}", flag.name);
            }
        });
    }
}
