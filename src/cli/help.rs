//! Help, made of the same descriptions that the grammar parses by (behaviour, section 1).

use super::flags::Flag;
use super::invocation::{Invocation, help_language};
use super::tree::{Command, Flags};
use crate::error::Result;
use crate::host::Host;
use crate::language::Language;
use crate::messages::Text;

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

/// Shows the help of `sts`, which does nothing without an action.
pub(super) fn of_sts(invocation: &Invocation<'_>) -> Result<()> {
    show(invocation.host, &super::commands::STS_PATH)
}
