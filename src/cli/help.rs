//! Help, made of the same descriptions that the grammar parses by (behaviour, section 1).

use super::args::flags::Flag;
use super::args::tree::{Command, Flags};
use super::invocation::{Invocation, help_language};
use crate::error::Result;
use crate::host::Host;
use crate::language::Language;
use crate::texts::Text;

/// Shows the help of the last command of a path.
pub(super) fn show(host: &dyn Host, path: &[&'static Command]) -> Result<()> {
    host.out(&text(path, help_language(host)))
}

fn text(path: &[&'static Command], language: Language) -> String {
    let Some(command) = path.last() else {
        return String::new();
    };
    let names: Vec<_> = path.iter().map(|command| command.name).collect();
    let call = names.join(" ");
    let mut text = format!("{}\n", command.about.in_language(language));
    text.push_str(&format!("\nUsage:\n  {}\n", format!("{call} {}", command.usage).trim_end()));
    if command.details != Text::NONE {
        text.push_str(&format!("\n{}\n", command.details.in_language(language)));
    }
    if !command.sample.is_empty() {
        text.push_str(&format!("\nSample:\n  {call} {}\n", command.sample));
    }
    let commands = command.commands.iter().map(|command| (command.name.to_owned(), command.about));
    text.push_str(&section("Commands", commands.collect(), language));
    if !matches!(command.flags, Flags::Persistent) {
        let flags = command.accepted().filter(|flag| !flag.hidden).map(|flag| (label(flag), flag.help));
        text.push_str(&section("Flags", flags.collect(), language));
    }
    text.push_str(&format!("\nUse `{} --help` for more information.\n", command.name));
    text
}

/// Gives how a flag is written: `--name`, and `,-n` where it has a short form.
fn label(flag: &Flag) -> String {
    let short = flag.short.map(|short| format!(",-{short}")).unwrap_or_default();
    format!("--{}{short}", flag.name)
}

fn section(title: &str, rows: Vec<(String, Text)>, language: Language) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines = rows.iter().map(|(name, text)| format!("  {name:width$} {}\n", text.in_language(language)));
    format!("\n{title}:\n{}", lines.collect::<String>())
}

/// Shows the help of a group that does nothing without a subcommand.
pub(super) fn of_command(invocation: &Invocation<'_>) -> Result<()> {
    show(invocation.host, &invocation.path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::table::ROOT;
    use crate::cli::args::tree::walk;

    #[test]
    fn help_of_every_command_names_all_that_it_takes_in_both_languages() {
        for language in [Language::English, Language::Chinese] {
            walk(&[&ROOT], &mut |path| {
                let command = path[path.len() - 1];
                let text = text(path, language);
                let names: Vec<_> = path.iter().map(|command| command.name).collect();
                let usage = format!("\n  {} {}", names.join(" "), command.usage);
                assert!(text.starts_with(command.about.in_language(language)), "{text}");
                assert!(text.contains(usage.trim_end()), "{text}");
                let subcommands =
                    command.commands.iter().map(|command| (command.name.to_owned(), command.about));
                let flags =
                    command.accepted().filter(|flag| !flag.hidden).map(|flag| (label(flag), flag.help));
                let lists_flags = !matches!(command.flags, Flags::Persistent);
                for (name, about) in subcommands.chain(flags.filter(|_| lists_flags)) {
                    let about = about.in_language(language);
                    let is_row = |line: &str| {
                        line.trim_start().strip_prefix(&name).is_some_and(|rest| rest.trim_start() == about)
                    };
                    assert!(text.lines().any(is_row), "{name}: {text}");
                }
            });
        }
    }
}
