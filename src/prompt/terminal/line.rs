//! The line that is being edited.

use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroizing;

/// A way through a line, from the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motion {
    Left,
    Right,
    WordLeft,
    WordRight,
    /// To the beginning of a word that ends at blanks only.
    BlankLeft,
    Start,
    End,
}

/// A text with a cursor in it. Characters are those that a reader sees, of several code points if need be.
#[derive(Default)]
pub(super) struct Line {
    text: Zeroizing<String>,
    /// In bytes.
    cursor: usize,
}

impl Line {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn before_cursor(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    pub(super) fn cursor(&self) -> usize {
        self.cursor
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Puts a text in front of the cursor.
    pub(super) fn insert(&mut self, text: &str) {
        let needed = self.text.len() + text.len();
        if needed > self.text.capacity() {
            let mut larger = String::with_capacity(needed.max(2 * self.text.capacity()).max(256));
            larger.push_str(&self.text);
            // What is replaced is wiped.
            self.text = Zeroizing::new(larger);
        }
        self.text.insert_str(self.cursor, text);
        self.cursor += text.len();
    }

    pub(super) fn go(&mut self, motion: Motion) {
        self.cursor = self.target(motion);
    }

    pub(super) fn erase(&mut self, motion: Motion) {
        let target = self.target(motion);
        let (from, to) = (target.min(self.cursor), target.max(self.cursor));
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    fn target(&self, motion: Motion) -> usize {
        let (left, right) = self.text.split_at_checked(self.cursor).unwrap_or_default();
        match motion {
            Motion::Left => left.grapheme_indices(true).next_back().map_or(0, |(at, _)| at),
            Motion::Right => self.cursor + right.graphemes(true).next().map_or(0, str::len),
            Motion::WordLeft => word_start(left, char::is_alphanumeric),
            Motion::BlankLeft => word_start(left, |character| !character.is_whitespace()),
            Motion::WordRight => {
                let word = right.find(char::is_alphanumeric).unwrap_or(right.len());
                let rest = right.get(word..).unwrap_or_default();
                let length = rest.find(|character: char| !character.is_alphanumeric()).unwrap_or(rest.len());
                self.cursor + word + length
            }
            Motion::Start => 0,
            Motion::End => self.text.len(),
        }
    }
}

/// Returns where the last word of a text begins.
fn word_start(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    let end = text.trim_end_matches(|character| !belongs(character));
    end.trim_end_matches(belongs).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        let mut line = Line::default();
        line.insert(text);
        line
    }

    #[test]
    fn text_goes_in_at_the_cursor_wherever_a_motion_led() {
        for (motion, expected) in [
            (Motion::Left, "one two-thre|e"),
            (Motion::Start, "|one two-three"),
            (Motion::WordLeft, "one two-|three"),
            (Motion::BlankLeft, "one |two-three"),
            (Motion::Right, "one two-three|"),
        ] {
            let mut line = line("one two-three");
            line.go(motion);
            line.insert("|");
            assert_eq!(line.text(), expected);
        }
    }

    #[test]
    fn a_motion_erases_what_it_passes() {
        for (motion, expected) in [
            (Motion::Left, "one tw-three"),
            (Motion::Right, "one twothree"),
            (Motion::WordLeft, "one -three"),
            (Motion::WordRight, "one two"),
            (Motion::Start, "-three"),
            (Motion::End, "one two"),
        ] {
            let mut line = line("one two-three");
            line.go(Motion::WordLeft);
            line.go(Motion::Left);
            line.erase(motion);
            assert_eq!(line.text(), expected, "{motion:?}");
        }
    }

    #[test]
    fn a_character_is_what_a_reader_takes_for_one() {
        let mut line = line("a密e\u{301}👩\u{200d}👩\u{200d}👧");
        for expected in ["a密e\u{301}", "a密", "a", "", ""] {
            line.erase(Motion::Left);
            assert_eq!(line.text(), expected);
        }
    }
}
