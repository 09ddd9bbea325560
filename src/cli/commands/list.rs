use std::borrow::Cow;

use crate::cli::args::profile_flags::{PersistentFlags, ignored_words};
use crate::config::Config;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::resolver::validate;
use crate::error::Result;
use crate::host::Host;
use crate::modes;

const COLUMNS: usize = 5;
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
}

/// Prints a table of all profiles (behaviour, section 4).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let config = arguments.flags.target.store(host)?.load_existing();
    host.out(&table(&config.map_err(|error| error.during("load configure failed: "))?))
}

fn table(config: &Config) -> String {
    let heading = HEADING.map(|row| row.map(Cow::Borrowed));
    let rows = config.profiles().iter().map(|profile| row(profile, config));
    let rows: Vec<_> = heading.into_iter().chain(rows).collect();
    let mut widths = [0; COLUMNS];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut table = String::new();
    rows.iter().for_each(|row| add_line(&mut table, row, &widths));
    table
}

/// Adds a line; columns are padded to the widest cell by characters, save the last one.
fn add_line(table: &mut String, row: &[Cow<'_, str>; COLUMNS], widths: &[usize; COLUMNS]) {
    let (last, front) = match row {
        [front @ .., last] => (last, front),
    };
    for (cell, width) in front.iter().zip(widths) {
        table.push_str(cell);
        table.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count())));
        table.push_str(" | ");
    }
    table.push_str(last);
    table.push('\n');
}

fn row<'a>(profile: &'a Profile, config: &Config) -> [Cow<'a, str>; COLUMNS] {
    let name = match profile.name() {
        name if name == config.current() => Cow::Owned(format!("{name} *")),
        name => Cow::Borrowed(name),
    };
    let summary = modes::by_name(profile.mode()).map(|mode| mode.summary(profile));
    let valid = if validate(profile).is_ok() { "Valid" } else { "Invalid" };
    let (region, language) = (profile.text(Field::RegionId), profile.text(Field::Language));
    [name, summary.unwrap_or_default().into(), valid.into(), region.into(), language.into()].map(printable)
}

/// Puts blanks in the place of control characters, which would rule the terminal.
fn printable(cell: Cow<'_, str>) -> Cow<'_, str> {
    match cell.contains(char::is_control) {
        true => cell.replace(char::is_control, " ").into(),
        false => cell,
    }
}
