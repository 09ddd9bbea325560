//! Help, made of the same tree that the grammar walks (behaviour, section 1).

use std::borrow::Cow;

use super::args::schema::{self, Path};
use super::runtime::help_language;
use super::surroundings::{self, Section};
use crate::error::Result;
use crate::host::{Host, Stream};
use crate::language::Language;
use crate::modes;
use crate::texts::flags;
use crate::texts::surroundings::{MODES, SECRETS};

/// What a name means, in one language.
type Row<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Shows the help of a command.
pub(super) fn show(host: &dyn Host, path: &Path) -> Result<()> {
    host.out(&text(path, help_language(host), host.is_terminal(Stream::Stdout)))
}

/// Returns the help of a command; what the reference lacks stands in that of its own commands only where `all` is
/// wanted.
pub(super) fn text(path: &Path, language: Language, all: bool) -> String {
    let (name, call, command) = (path.name, path.call(), path.clap());
    let mut text = format!("{}\n", name.about().in_language(language));
    if name.shows_usage() {
        let usage = if all { name.full_usage() } else { name.usage().to_owned() };
        text.push_str(&format!("\nUsage:\n  {}\n", format!("{call} {usage}").trim_end()));
    }
    if let Some(details) = name.details() {
        text.push_str(&format!("\n{}\n", details.in_language(language)));
    }
    let examples = name.examples().iter().map(|example| format!("  {call} {example}\n"));
    text.push_str(&section("Sample", &examples.collect::<String>()));
    let below = name.below().iter().filter(|below| all || path.is_root() || !below.is_beyond());
    let below = below.map(|below| (below.word().into(), below.about().in_language(language).into()));
    text.push_str(&section("Commands", &table(&below.collect::<Vec<_>>())));
    text.push_str(&section("Flags", &table(&flag_rows(&command, path, language, all))));
    if let Some(secrets) = schema::secrets(&command).filter(|_| all || path.name.is_beyond()) {
        text.push_str(&format!("\n{}\n", SECRETS.with(language, &[&secrets])));
    }
    if path.is_root() {
        text.extend(surroundings::sections(language).iter().map(surrounding));
    }
    text.push_str(&format!("\nUse `{} --help` for more information.\n", name.word()));
    text
}

/// Returns how each listed flag is written, `--name`, and `,-n` where it has a short form, with its meaning.
fn flag_rows<'a>(command: &'a clap::Command, path: &Path, language: Language, all: bool) -> Vec<Row<'a>> {
    let listed = schema::listed(command, path, all).into_iter().filter(|arg| !arg.is_hide_short_help_set());
    let row = |arg: &clap::Arg| {
        let name = arg.get_long().unwrap_or_default();
        let short = arg.get_short().map(|short| format!(",-{short}")).unwrap_or_default();
        (format!("--{name}{short}").into(), meaning(arg, language, all))
    };
    listed.map(row).collect()
}

/// Returns what a flag means; `--mode` has every mode where `all` is wanted.
pub(super) fn meaning<'a>(arg: &clap::Arg, language: Language, all: bool) -> Cow<'a, str> {
    match schema::help(arg) {
        flags::MODE if all => MODES.with(language, &[&modes::names()]).into(),
        message => message.in_language(language).into(),
    }
}

/// Returns a section on what surrounds the program; a long name has its meaning on the next line.
fn surrounding(of: &Section) -> String {
    let is_short = of.rows.iter().all(|(name, _)| name.len() < 32);
    let row = |(name, meaning): &(String, String)| format!("  {name}\n      {meaning}\n");
    let rows: Vec<Row<'_>> = of.rows.iter().map(|(name, text)| (name.into(), text.into())).collect();
    section(&of.title, &if is_short { table(&rows) } else { of.rows.iter().map(row).collect() })
}

fn table(rows: &[Row<'_>]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    rows.iter().map(|(name, meaning)| format!("  {name:width$} {meaning}\n")).collect()
}

fn section(title: &str, lines: &str) -> String {
    if lines.is_empty() { String::new() } else { format!("\n{title}:\n{lines}") }
}
