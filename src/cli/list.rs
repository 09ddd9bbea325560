use super::invocation::Invocation;
use super::report::no_file;
use crate::config::Config;
use crate::error::Result;
use crate::field::Field;
use crate::modes;
use crate::profile::Profile;
use crate::resolver::validate;
use crate::store::Origin;

const COLUMNS: usize = 5;
/// The heading, and the lines below it, which also give the least width of a column.
const HEADING: [[&str; COLUMNS]; 2] = [
    ["Profile", "Credential", "Valid", "Region", "Language"],
    ["---------", "------------------", "-------", "----------------", "--------"],
];

/// Prints a table of all profiles (behaviour, section 4).
pub(super) fn run(invocation: &Invocation<'_>) -> Result<()> {
    let store = invocation.store()?;
    let loaded = store.load().map_err(|error| error.during("load configure failed: "))?;
    if store.is_custom() && loaded.origin == Origin::BuiltIn {
        return Err(no_file(&store).during("load configure failed: "));
    }
    invocation.host.out(&table(&loaded.config))
}

fn table(config: &Config) -> String {
    let heading = HEADING.map(|row| row.map(str::to_owned));
    let rows: Vec<_> =
        heading.into_iter().chain(config.profiles().iter().map(|profile| row(profile, config))).collect();
    let mut widths = [0; COLUMNS];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    rows.iter().map(|row| line(row, &widths)).collect()
}

/// Gives a line; columns are padded to the widest cell by characters, save the last one.
fn line(row: &[String; COLUMNS], widths: &[usize; COLUMNS]) -> String {
    let (last, front) = match row {
        [front @ .., last] => (last, front),
    };
    let front = front.iter().zip(widths).map(|(cell, width)| format!("{cell:width$} | "));
    front.collect::<String>() + last + "\n"
}

fn row(profile: &Profile, config: &Config) -> [String; COLUMNS] {
    let star = if profile.name() == config.current() { " *" } else { "" };
    let summary = modes::by_name(profile.mode()).map(|mode| mode.summary(profile));
    let valid = if validate(profile).is_ok() { "Valid" } else { "Invalid" };
    [
        format!("{}{star}", profile.name()),
        summary.unwrap_or_default(),
        valid.to_owned(),
        profile.text(Field::RegionId).to_owned(),
        profile.text(Field::Language).to_owned(),
    ]
    .map(|cell| cell.replace(char::is_control, " "))
}
