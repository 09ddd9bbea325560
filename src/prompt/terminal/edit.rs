//! Editing the answer to one question.

use super::keys::Key;
use super::line::{Line, Motion};
use super::view::View;
use crate::prompt::Query;
use crate::prompt::answer::{Fault, PEM_BEGIN, begins_pem, is_pem};
use crate::secret::Secret;

/// The most `*` that a hidden answer shows.
const MOST_STARS: usize = 8;

/// What a key leads to, beyond a change of the line.
pub(super) enum Outcome {
    Enter,
    Refused(Fault),
    /// The values that fit what is typed, to be shown.
    Matches(String),
    Suspend,
    Ended,
}

/// An answer that is being typed, and what the screen shows of it.
pub(super) struct Editing<'q> {
    query: Query<'q>,
    line: Line,
    view: View,
}

impl<'q> Editing<'q> {
    pub(super) fn new(query: Query<'q>, columns: usize) -> Self {
        Self { query, line: Line::default(), view: View::new(query.text, columns) }
    }

    /// Takes over the terminal's size; `false` where the question has to be shown anew.
    pub(super) fn resize(&mut self, columns: usize) -> bool {
        self.view.resize(columns)
    }

    /// Begins on a row that shows the question and nothing else.
    pub(super) fn start_over(&mut self, columns: usize) {
        self.view = View::new(self.query.text, columns);
    }

    /// Returns what makes the screen show the answer as it is now.
    pub(super) fn draw(&mut self) -> String {
        let text = self.line.text();
        if !self.is_hidden() {
            return self.view.draw(text, self.line.cursor());
        }
        let stars = |text: &str| "*".repeat(text.chars().take(MOST_STARS).count());
        let cursor = stars(self.line.before_cursor()).len();
        self.view.draw(&stars(text), cursor)
    }

    /// Returns what has been typed, without the blanks around it.
    pub(super) fn answer(&self) -> &str {
        self.query.trimmed(self.line.text())
    }

    fn is_hidden(&self) -> bool {
        self.query.is_hidden || (self.query.takes_pem && self.line.text().contains(PEM_BEGIN))
    }

    pub(super) fn press(&mut self, key: Key) -> Option<Outcome> {
        match key {
            Key::Insert(character) => self.line.insert(character.encode_utf8(&mut [0; 4])),
            Key::Paste(text) => return self.paste(&text),
            Key::HugePaste => return self.refuse(Fault::TooLong),
            Key::Move(motion) => self.line.go(motion),
            Key::Erase(motion) => self.line.erase(motion),
            Key::Tab if self.query.choices.is_empty() => self.line.insert("\t"),
            Key::Tab => return self.complete(),
            Key::Enter => return self.enter(),
            Key::End if self.line.text().is_empty() => return Some(Outcome::Ended),
            Key::End => self.line.erase(Motion::Right),
            Key::Suspend => return Some(Outcome::Suspend),
        }
        None
    }

    fn refuse(&mut self, fault: Fault) -> Option<Outcome> {
        self.line.clear();
        Some(Outcome::Refused(fault))
    }

    /// Takes a pasted text, but never as an answer before Enter is typed.
    fn paste(&mut self, text: &Secret) -> Option<Outcome> {
        let text = text.expose().trim();
        if let Err(fault) = self.query.examine(text) {
            return self.refuse(fault);
        }
        for (number, line) in text.split(['\r', '\n']).enumerate() {
            if number > 0 {
                self.line.insert("\n");
            }
            self.line.insert(line);
        }
        None
    }

    fn enter(&mut self) -> Option<Outcome> {
        let text = self.line.text();
        if self.query.takes_pem && begins_pem(text) && !is_pem(text) {
            // Without bracketed paste its lines come as if typed.
            self.line.go(Motion::End);
            self.line.insert("\n");
            return None;
        }
        self.line.go(Motion::End);
        let examined = self.query.examine(self.answer());
        Some(examined.map_or_else(Outcome::Refused, |()| Outcome::Enter))
    }

    /// Fills in what all values have in common that begin with what is typed.
    fn complete(&mut self) -> Option<Outcome> {
        let (typed, choices) = (self.line.before_cursor(), self.query.choices);
        let matches: Vec<&str> = choices.iter().copied().filter(|choice| choice.starts_with(typed)).collect();
        let (common, typed) = (common_start(&matches), typed.len());
        match common.get(typed..) {
            None => {}
            Some("") if matches.len() > 1 => return Some(Outcome::Matches(matches.join("  "))),
            Some(rest) => self.line.insert(rest),
        }
        None
    }
}

/// Returns what all of these begin with.
fn common_start<'t>(texts: &[&'t str]) -> &'t str {
    let Some((first, others)) = texts.split_first() else {
        return "";
    };
    let is_common = |start: &str| others.iter().all(|other| other.starts_with(start));
    let ends = (0..=first.len()).rev().filter_map(|end| first.get(..end));
    ends.into_iter().find(|start| is_common(start)).unwrap_or_default()
}
