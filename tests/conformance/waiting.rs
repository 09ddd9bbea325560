//! The cases that wait for work to be done: a list that can only shrink.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{Outcome, case::FOLDER};

const FILE: &str = "waiting.txt";

/// The waiting cases, each with what it waits for.
///
/// In the file, a line is a case's name and the subject of its issue behind a tabulator; a line
/// that begins with `#` is a comment.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    text: String,
    cases: BTreeMap<String, String>,
}

impl Waiting {
    /// Reads the list.
    pub(crate) fn load() -> Outcome<Self> {
        Self::parse(fs::read_to_string(Path::new(FOLDER).join(FILE))?)
    }

    fn parse(text: String) -> Outcome<Self> {
        let entry = |line: &str| {
            let (name, subject) = line.split_once('\t').ok_or(format!("{FILE}: no subject in {line:?}"))?;
            Ok((name.to_owned(), subject.to_owned()))
        };
        let cases = text.lines().filter(|line| is_entry(line)).map(entry).collect::<Outcome<_>>()?;
        Ok(Self { text, cases })
    }

    /// Returns what the case waits for.
    pub(crate) fn subject(&self, name: &str) -> Option<&str> {
        self.cases.get(name).map(String::as_str)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.cases.keys().map(String::as_str)
    }

    /// Takes these names off the list in the file.
    pub(crate) fn remove(&self, names: &[String]) -> Outcome<()> {
        let stays = |line: &&str| !names.iter().any(|name| is_entry(line) && starts_with(line, name));
        let text: String = self.text.lines().filter(stays).map(|line| format!("{line}\n")).collect();
        Ok(fs::write(Path::new(FOLDER).join(FILE), text)?)
    }
}

fn is_entry(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

fn starts_with(line: &str, name: &str) -> bool {
    line.split_once('\t').is_some_and(|(listed, _)| listed == name)
}
