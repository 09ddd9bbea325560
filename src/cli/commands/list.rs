use std::borrow::Cow;

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::printable;
use crate::cli::args::profile_flags::{PersistentFlags, ignored_words};
use crate::config::Config;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::resolver::validate;
use crate::error::{Error, Result};
use crate::host::{Host, Stream, plain};
use crate::modes;
use crate::storage::json::{self, Escapes};
use crate::texts::flags;

const COLUMNS: usize = 5;
/// How large a table may be.
const MAX_CHARACTERS: usize = 64_000_000;
const SEPARATOR: &str = " | ";
/// The least width of the credentials, in columns of a terminal.
const LEAST_CREDENTIAL: usize = "Credential".len();

/// The cells of a line.
type Row<'a> = [Cow<'a, str>; COLUMNS];

/// The heading, and the lines below it, which also give the least width of a column.
const HEADING: [[&str; COLUMNS]; 2] = [
    ["Profile", "Credential", "Valid", "Region", "Language"],
    ["---------", "------------------", "-------", "----------------", "--------"],
];

/// The arguments of `configure list`.
#[derive(Debug, clap::Args)]
#[command(arg = ignored_words())]
pub(crate) struct Arguments {
    #[command(flatten)]
    flags: PersistentFlags,
    #[arg(long, short, value_enum, default_value = "table", help = flags::LIST_OUTPUT.en)]
    output: Output,
}

/// A form of the list.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Output {
    Table,
    Json,
    Names,
}

/// What the list in JSON says of a profile; times are in UTC.
#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    current: bool,
    mode: &'a str,
    credential: Cow<'a, str>,
    valid: bool,
    problem: Option<String>,
    region: &'a str,
    language: &'a str,
    expiration: Option<String>,
}

/// Prints all profiles, as a table where nothing else is asked for (behaviour, section 4; beyond, section 3).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let config = arguments.flags.target.store(host)?.load_existing();
    let config = config.map_err(|error| error.during("load configure failed: "))?;
    host.out(&match arguments.output {
        Output::Table => table(&config, Screen::of(host))?,
        Output::Json => json(&config),
        Output::Names => names(&config),
    })
}

fn names(config: &Config) -> String {
    config.profiles().iter().map(|profile| printable(profile.name().into()).into_owned() + "\n").collect()
}

fn json(config: &Config) -> String {
    let entries: Vec<_> = config.profiles().iter().map(|profile| entry(profile, config)).collect();
    json::indented(&entries, "  ", Escapes::Html) + "\n"
}

fn entry<'a>(profile: &'a Profile, config: &Config) -> Entry<'a> {
    let problem = validate(profile).err().map(|error| error.to_string());
    Entry {
        name: profile.name(),
        current: profile.name() == config.current(),
        mode: profile.mode(),
        credential: credential(profile),
        valid: problem.is_none(),
        problem,
        region: profile.text(Field::RegionId),
        language: profile.text(Field::Language),
        expiration: expiration(profile),
    }
}

/// Returns when the session in a profile ends, where its mode keeps one there.
fn expiration(profile: &Profile) -> Option<String> {
    let mode = modes::by_name(profile.mode()).filter(|mode| !mode.session_cache_key().is_empty());
    let end = mode.map(|_| profile.integer(Field::StsExpiration)).filter(|end| *end > 0)?;
    jiff::Timestamp::from_second(end).ok().map(|end| end.to_string())
}

/// Returns the cell that stands for the credentials of a profile.
fn credential(profile: &Profile) -> Cow<'_, str> {
    let summary = modes::by_name(profile.mode()).map(|mode| mode.summary(profile));
    printable(summary.unwrap_or_default().into())
}

/// Where the table is shown.
#[derive(Debug, Clone, Copy)]
enum Screen {
    /// On a terminal, with so many columns where it says so.
    Terminal(Option<usize>),
    /// Where a program reads it, which counts characters as the reference does.
    Program,
}

impl Screen {
    fn of(host: &dyn Host) -> Self {
        match host.is_terminal(Stream::Stdout) {
            true => Self::Terminal(host.columns(Stream::Stdout)),
            false => Self::Program,
        }
    }

    fn width(self, text: &str) -> usize {
        match self {
            Self::Terminal(_) => text.width(),
            Self::Program => text.chars().count(),
        }
    }
}

fn table(config: &Config, screen: Screen) -> Result<String> {
    let heading = HEADING.map(|row| row.map(Cow::Borrowed));
    let rows = config.profiles().iter().map(|profile| row(profile, config));
    let mut rows: Vec<_> = heading.into_iter().chain(rows).collect();
    if let Screen::Terminal(columns) = screen {
        // The terminal shows them so, and they take so much room.
        rows.iter_mut().flatten().for_each(|cell| *cell = plain(cell).into_owned().into());
        columns.into_iter().for_each(|columns| fit(&mut rows, columns, screen));
    }
    let widths = widths(&rows, screen);
    // Every line is as wide as the widest, so that one long cell counts as often as there are profiles.
    if widths.iter().sum::<usize>().saturating_mul(rows.len()) > MAX_CHARACTERS {
        return Err(Error::invalid(
            "the table would have more than 64 million characters; use `--output json` instead",
        ));
    }
    let mut table = String::new();
    rows.iter().for_each(|row| add_line(&mut table, row, &widths, screen));
    Ok(table)
}

fn widths(rows: &[Row<'_>], screen: Screen) -> [usize; COLUMNS] {
    let mut widths = [0; COLUMNS];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(screen.width(cell));
        }
    }
    widths
}

/// Shortens the credentials where the table is wider than the terminal.
fn fit(rows: &mut [Row<'_>], columns: usize, screen: Screen) {
    let [_, credential, ..] = widths(rows, screen);
    let total = widths(rows, screen).iter().sum::<usize>() + SEPARATOR.len() * (COLUMNS - 1);
    let room = credential.saturating_sub(total.saturating_sub(columns)).max(LEAST_CREDENTIAL);
    for [_, cell, ..] in rows {
        if cell.width() > room {
            *cell = shortened(cell, room).into();
        }
    }
}

/// Returns the beginning of a text that fits into so many columns, with a sign that it goes on.
fn shortened(text: &str, columns: usize) -> String {
    let mut short = String::new();
    for character in text.chars() {
        if short.width() + character.width().unwrap_or_default() >= columns {
            break;
        }
        short.push(character);
    }
    short + "…"
}

/// Adds a line; columns are padded to the widest cell, save the last one.
fn add_line(table: &mut String, row: &Row<'_>, widths: &[usize; COLUMNS], screen: Screen) {
    let (last, front) = match row {
        [front @ .., last] => (last, front),
    };
    for (cell, width) in front.iter().zip(widths) {
        table.push_str(cell);
        table.extend(std::iter::repeat_n(' ', width.saturating_sub(screen.width(cell))));
        table.push_str(SEPARATOR);
    }
    table.push_str(last);
    table.push('\n');
}

fn row<'a>(profile: &'a Profile, config: &Config) -> Row<'a> {
    let name = match profile.name() {
        name if name == config.current() => Cow::Owned(format!("{name} *")),
        name => Cow::Borrowed(name),
    };
    let valid = if validate(profile).is_ok() { "Valid" } else { "Invalid" };
    let (region, language) = (profile.text(Field::RegionId), profile.text(Field::Language));
    [name, credential(profile), valid.into(), region.into(), language.into()].map(printable)
}
