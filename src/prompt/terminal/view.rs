//! What stands on the screen behind a question: one row, in which a longer text scrolls.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::host::is_obeyed;

/// Under this room behind a question, in columns, the answer stands on a row of its own.
const LEAST_ROOM: usize = 10;

/// A part of the text on the screen. It is drawn with characters, blanks and backspaces alone, which every
/// terminal knows, and never in the last column, where terminals differ.
pub(super) struct View {
    columns: usize,
    /// How far the answer is from the beginning of the question's last line, in columns.
    offset: usize,
    /// Where the shown part of the text begins, in bytes.
    first: usize,
    cells: Vec<Cell>,
    /// The cursor, in cells.
    cursor: usize,
}

/// A character on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    shown: String,
    width: usize,
}

impl View {
    /// Begins behind a question, on a terminal with so many columns.
    pub(super) fn new(question: &str, columns: usize) -> Self {
        let row = question.rsplit('\n').next().unwrap_or_default();
        Self { columns: columns.max(1), offset: row.width(), first: 0, cells: Vec::new(), cursor: 0 }
    }

    /// Takes over another number of columns; `false` where the terminal may have broken the row.
    pub(super) fn resize(&mut self, columns: usize) -> bool {
        let end = self.offset + width(&self.cells);
        let is_whole = columns == self.columns || end < columns.min(self.columns);
        self.columns = columns.max(1);
        is_whole
    }

    /// Returns what makes the screen show the text with the cursor at a byte of it.
    pub(super) fn draw(&mut self, text: &str, cursor: usize) -> String {
        let mut out = String::new();
        if !text.is_empty() && self.cells.is_empty() && self.room() < LEAST_ROOM && self.offset > 0 {
            out.push('\n');
            self.offset = 0;
        }
        self.scroll(text, cursor);
        let shown = text.get(self.first..).unwrap_or_default();
        let before = text.get(self.first..cursor).unwrap_or_default().graphemes(true).count();
        self.update(&mut out, cells(shown, self.room()), before);
        out
    }

    fn room(&self) -> usize {
        (self.columns - self.offset % self.columns).saturating_sub(1).max(1)
    }

    /// Moves the part that is shown so that the cursor is in it.
    fn scroll(&mut self, text: &str, cursor: usize) {
        let fits = |first: usize, room: usize| {
            text.get(first..cursor)
                .is_some_and(|before| fitting(before.graphemes(true), room) == before.len())
        };
        if fits(0, self.room()) {
            self.first = 0;
        } else if !fits(self.first, self.room()) {
            let before = text.get(..cursor).unwrap_or_default();
            self.first = cursor - fitting(before.graphemes(true).rev(), self.room() * 2 / 3);
        }
    }

    /// Writes where the new cells differ from those on the screen.
    fn update(&mut self, out: &mut String, new: Vec<Cell>, cursor: usize) {
        let old = std::mem::replace(&mut self.cells, new);
        let same = old.iter().zip(&self.cells).take_while(|(old, new)| old == new).count();
        let has_changed = same < old.len().max(self.cells.len());
        let target = if has_changed { same } else { cursor };
        let between = |from: usize, to: usize| old.get(from..to).unwrap_or_default();
        back(out, width(between(target, self.cursor)));
        print(out, between(self.cursor, target));
        if has_changed {
            print(out, self.cells.get(same..).unwrap_or_default());
            let leftover = width(&old).saturating_sub(width(&self.cells));
            out.extend(std::iter::repeat_n(' ', leftover));
            back(out, leftover + width(self.cells.get(cursor..).unwrap_or_default()));
        }
        self.cursor = cursor;
    }
}

fn back(out: &mut String, columns: usize) {
    out.extend(std::iter::repeat_n('\u{8}', columns));
}

fn print(out: &mut String, cells: &[Cell]) {
    out.extend(cells.iter().map(|cell| cell.shown.as_str()));
}

fn width(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.width).sum()
}

/// Returns how many bytes of these characters fit into so many columns.
fn fitting<'a>(characters: impl Iterator<Item = &'a str>, mut room: usize) -> usize {
    let mut length = 0;
    for character in characters {
        match room.checked_sub(Cell::of(character).width) {
            Some(left) => room = left,
            None => break,
        }
        length += character.len();
    }
    length
}

fn cells(text: &str, room: usize) -> Vec<Cell> {
    let end = fitting(text.graphemes(true), room);
    text.get(..end).unwrap_or_default().graphemes(true).map(Cell::of).collect()
}

impl Cell {
    /// Returns how a character is shown: nothing that the terminal would obey.
    fn of(character: &str) -> Self {
        let shown = match character.as_bytes() {
            [byte @ (..b' ' | 0x7f)] => format!("^{}", char::from(byte ^ 0x40)),
            _ if character.chars().any(is_obeyed) => char::REPLACEMENT_CHARACTER.to_string(),
            _ => character.to_owned(),
        };
        let width = shown.width();
        Self { shown, width }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row of a terminal that does what it is told.
    fn screen(drawn: &str) -> (String, usize) {
        let (mut columns, mut at) = (Vec::new(), 0);
        for character in drawn.chars() {
            if character == '\u{8}' {
                at -= 1;
                continue;
            }
            let width = UnicodeWidthStr::width(character.to_string().as_str());
            columns.resize(columns.len().max(at + width), ' ');
            columns[at] = character;
            if width == 2 {
                columns[at + 1] = '\0';
            }
            at += width;
        }
        (columns.iter().filter(|column| **column != '\0').collect(), at)
    }

    #[test]
    fn the_screen_shows_the_text_and_the_cursor_after_every_change() {
        let mut view = View::new("Q: ", 80);
        let mut drawn = String::new();
        for (text, cursor, shown, at) in [
            ("abc", 3, "abc", 3),
            ("abc", 1, "abc", 1),
            ("aXbc", 2, "aXbc", 2),
            ("密钥abc", 6, "密钥abc", 4),
            ("密abc", 3, "密abc", 2),
            ("a\u{1b}b\u{202e}", 6, "a^[b\u{fffd}", 5),
            ("", 0, "", 0),
        ] {
            drawn.push_str(&view.draw(text, cursor));
            let (row, column) = screen(&drawn);
            assert_eq!((row.trim_end(), column), (shown, at), "{text:?}");
        }
    }

    #[test]
    fn typing_at_the_end_writes_what_is_typed_and_nothing_else() {
        let mut view = View::new("Q: ", 80);
        assert_eq!(view.draw("abc", 3), "abc");
        assert_eq!(view.draw("abcd", 4), "d");
        assert_eq!(view.draw("abc", 3), "\u{8} \u{8}");
    }

    #[test]
    fn a_long_text_scrolls_in_its_row() {
        let mut view = View::new("Question: ", 25);
        let text: String = ('a'..='z').collect();
        let (row, column) = screen(&view.draw(&text, 26));
        assert!(row.len() <= 14 && row.ends_with("xyz") && column == row.len(), "{row:?}");
        let mut drawn = view.draw(&text, 0);
        drawn.insert_str(0, &" ".repeat(column));
        assert_eq!(screen(&drawn), (text[..14].to_owned(), 0));
    }

    #[test]
    fn behind_a_question_that_leaves_no_room_the_answer_stands_below() {
        let mut view = View::new("A question of width 25: ", 30);
        assert_eq!(view.draw("", 0), "");
        assert_eq!(view.draw("a", 1), "\na");
        assert_eq!(View::new("A question of width 25: ", 20).draw("a", 1), "a");
    }

    #[test]
    fn only_a_row_that_a_new_size_cannot_have_broken_stays() {
        let mut view = View::new("Q: ", 80);
        view.draw("abcdefgh", 8);
        assert!(view.resize(40) && view.resize(12) && view.resize(80));
        assert!(!view.resize(11));
    }
}
