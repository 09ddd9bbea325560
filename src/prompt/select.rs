//! Choosing from a list on a terminal, with the arrow keys or by typing a part of an entry.

use dialoguer::FuzzySelect;

use crate::error::{Error, Result};
use crate::host::plain;

/// Shows a list on standard error, and returns the index of the chosen entry.
pub(super) fn choose(title: &str, items: &[String]) -> Result<usize> {
    // The numbers tell entries of the same name apart, and can be typed.
    let numbered = items.iter().enumerate().map(|(index, item)| format!("{}. {}", index + 1, shown(item)));
    // The library puts its own colon behind it.
    let title = shown(title.trim_end_matches(':'));
    let chosen = FuzzySelect::new().with_prompt(&title).items(numbered).default(0).interact_opt();
    match chosen {
        Ok(Some(index)) => Ok(index),
        Ok(None) => Err(Error::InputEnded(title)),
        Err(dialoguer::Error::IO(error)) => Err(error.into()),
    }
}

/// Returns an entry as one line.
fn shown(item: &str) -> String {
    plain(item).replace(['\n', '\t'], " ")
}
