//! The AccessKey files of the RAM console, in the languages of the console (RFC 4180).

use csv_core::{ReadFieldResult, Reader};
use zeroize::Zeroizing;

use super::Found;
use crate::config::field::Field;
use crate::secret::Secret;

/// The headings that a column may have, without blanks and in lower case.
const ID: &[&str] = &["accesskeyid"];
const SECRET: &[&str] = &["accesskeysecret"];
const USER: &[&str] =
    &["username", "userlogonname", "用户登录名称", "用户登录名", "登录名称", "用户名", "用户名称"];

/// Tells whether a text begins with the headings of such a file.
pub(super) fn is_heading(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    rows(first).is_ok_and(|rows| rows.first().is_some_and(|(_, row)| column(row, ID).is_some()))
}

/// Reads the profiles, one a row.
pub(super) fn read(text: &str) -> Result<Vec<Found>, String> {
    let rows = rows(text)?;
    let Some(((_, heading), rows)) = rows.split_first() else {
        return Err("the file is empty".to_owned());
    };
    let needed = |names: &[&str]| {
        column(heading, names).ok_or_else(|| format!("line 1: no column `{}`", names.concat()))
    };
    let (id, secret, user) = (needed(ID)?, needed(SECRET)?, column(heading, USER));
    rows.iter().map(|(line, row)| profile(*line, row, [Some(id), Some(secret), user])).collect()
}

fn profile(line: usize, row: &[Secret], columns: [Option<usize>; 3]) -> Result<Found, String> {
    let [id, secret, user] =
        columns.map(|column| column.and_then(|at| row.get(at)).map_or("", |cell| cell.expose().trim()));
    if id.is_empty() || secret.is_empty() {
        return Err(format!("line {line}: the AccessKey ID or its secret is missing"));
    }
    let is_formula = |text: &str| text.starts_with(['=', '+', '-', '@']);
    if is_formula(user)
        || !id.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
        || is_formula(id)
    {
        return Err(format!("line {line}: the user or the AccessKey ID is none, but a formula or the like"));
    }
    if !secret.chars().all(|letter| letter.is_ascii_graphic()) {
        return Err(format!("line {line}: the AccessKey secret holds characters that none has"));
    }
    let mut found = Found::new(user, "AK", format!("line {line}"));
    found.set(Field::AccessKeyId, id);
    found.set(Field::AccessKeySecret, secret);
    Ok(found)
}

/// Returns the first column that has one of these headings.
fn column(heading: &[Secret], names: &[&str]) -> Option<usize> {
    let plain = |text: &Secret| text.expose().to_lowercase().replace([' ', '_', '-', '\t'], "");
    heading.iter().position(|cell| names.contains(&plain(cell).as_str()))
}

/// Takes a text apart into rows of cells, each row with the number of its line; empty lines are none.
fn rows(text: &str) -> Result<Vec<(usize, Vec<Secret>)>, String> {
    // A cell is never longer than the text.
    let mut cell = Zeroizing::new(vec![0; text.len() + 1]);
    let (mut reader, mut rest) = (Reader::new(), text.as_bytes());
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let mut line = 1;
    loop {
        let (result, read, written) = reader.read_field(rest, &mut cell);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            ReadFieldResult::Field { record_end } => {
                let text = std::str::from_utf8(cell.get(..written).unwrap_or_default());
                row.push(Secret::new(text.map_err(|_| format!("line {line}: not UTF-8"))?));
                if record_end {
                    rows.push((line, std::mem::take(&mut row)));
                    line = usize::try_from(reader.line()).unwrap_or(usize::MAX);
                }
            }
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::OutputFull => return Err(format!("line {line}: a cell is too long")),
            ReadFieldResult::End => return Ok(rows),
        }
        if rows.len() > super::MAX_PROFILES + 1 {
            return Err(format!("line {line}: more than {} rows", super::MAX_PROFILES));
        }
    }
}
