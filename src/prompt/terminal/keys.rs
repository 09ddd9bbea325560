//! What the bytes of a terminal mean.

use std::io::{self, Read};

use zeroize::Zeroizing;

use super::line::Motion;
use crate::prompt::answer::ANSWER_LIMIT;
use crate::prompt::session::Special;
use crate::secret::{Secret, SecretBuffer};

/// Something that was typed or pasted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key {
    Insert(char),
    Paste(Secret),
    /// A paste that is longer than any answer.
    HugePaste,
    Move(Motion),
    Erase(Motion),
    Tab,
    Enter,
    /// The key that ends the input, or erases the next character.
    End,
    /// The key that stops the program.
    Suspend,
}

const BELL: u8 = 7;
const ESCAPE: u8 = 0x1b;
const PASTE_END: &[u8] = b"\x1b[201~";
/// The longest control sequence that is understood, in bytes.
const SEQUENCE_LIMIT: usize = 16;

enum State {
    Ground,
    Escape,
    /// In a control sequence, with its parameters.
    Sequence(Vec<u8>),
    /// The next byte is the end of a sequence without parameters.
    Short,
    /// In the report of a mouse, with so many bytes left.
    Mouse(u8),
    /// In what a terminal answers when asked about itself, such as its colours, up to a BEL or an escape.
    Reply,
    /// In a character of several bytes.
    Character(Zeroizing<Vec<u8>>),
    /// In pasted text; the second says that it is too long already.
    Paste(SecretBuffer, bool),
}

/// Takes bytes and makes keys of them. No sequence of bytes that a key sends is ever taken for text, however
/// late its rest arrives.
pub(super) struct Keys {
    bytes: Zeroizing<[u8; 4096]>,
    next: usize,
    end: usize,
    state: State,
    pub(super) special: Special,
}

impl Keys {
    pub(super) fn new() -> Self {
        let bytes = Zeroizing::new([0; 4096]);
        Self { bytes, next: 0, end: 0, state: State::Ground, special: Special::default() }
    }

    /// Reads what there is, once all that was read before has been used; `false` at the end of the input.
    pub(super) fn fill(&mut self, input: &mut dyn Read) -> io::Result<bool> {
        self.next = 0;
        self.end = input.read(&mut *self.bytes)?;
        Ok(self.end > 0)
    }

    /// Forgets what was read and not used.
    pub(super) fn clear(&mut self) {
        (self.next, self.end, self.state) = (0, 0, State::Ground);
    }

    /// Returns the next key; `None` where more bytes are needed.
    pub(super) fn next(&mut self) -> Option<Key> {
        while let Some(byte) = self.bytes.get(self.next..self.end).and_then(|left| left.first().copied()) {
            // A byte that breaks off what came before is looked at again by itself.
            if self.continues(byte) {
                self.next += 1;
                if let Some(key) = self.take(byte) {
                    return Some(key);
                }
            } else if let Some(broken) = broken_off(&std::mem::replace(&mut self.state, State::Ground), byte)
            {
                return Some(Key::Insert(broken));
            }
        }
        None
    }

    /// Tells whether a byte belongs to what has begun.
    fn continues(&self, byte: u8) -> bool {
        match &self.state {
            State::Ground | State::Paste(..) => true,
            State::Escape => byte >= b' ',
            State::Sequence(_) | State::Short => (b' '..0x7f).contains(&byte),
            State::Mouse(_) => byte >= b' ',
            State::Reply => byte >= b' ' || byte == BELL,
            State::Character(_) => (0x80..0xc0).contains(&byte),
        }
    }

    fn take(&mut self, byte: u8) -> Option<Key> {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Ground => self.plain(byte),
            State::Escape => self.escaped(byte),
            State::Short => short(byte),
            State::Mouse(left) => {
                self.state = if left > 1 { State::Mouse(left - 1) } else { State::Ground };
                None
            }
            State::Reply => {
                self.state = if byte == BELL { State::Ground } else { State::Reply };
                None
            }
            State::Sequence(parameters) => self.in_sequence(parameters, byte),
            State::Character(bytes) => self.in_character(bytes, byte),
            State::Paste(text, is_huge) => self.in_paste(text, is_huge, byte),
        }
    }

    fn plain(&mut self, byte: u8) -> Option<Key> {
        Some(match byte {
            _ if Some(byte) == self.special.suspend => Key::Suspend,
            _ if byte == self.special.end => Key::End,
            1 => Key::Move(Motion::Start),
            2 => Key::Move(Motion::Left),
            5 => Key::Move(Motion::End),
            6 => Key::Move(Motion::Right),
            8 | 0x7f => Key::Erase(Motion::Left),
            b'\t' => Key::Tab,
            b'\r' | b'\n' => Key::Enter,
            11 => Key::Erase(Motion::End),
            21 => Key::Erase(Motion::Start),
            23 => Key::Erase(Motion::BlankLeft),
            ESCAPE => {
                self.state = State::Escape;
                return None;
            }
            0x80.. => {
                let mut bytes = Zeroizing::new(Vec::with_capacity(4));
                bytes.push(byte);
                self.state = State::Character(bytes);
                return None;
            }
            _ => Key::Insert(char::from(byte)),
        })
    }

    /// Takes the byte behind an escape, which the Alt key sends too.
    fn escaped(&mut self, byte: u8) -> Option<Key> {
        match byte {
            b'[' => self.state = State::Sequence(Vec::new()),
            b'O' => self.state = State::Short,
            b']' | b'P' | b'_' | b'^' => self.state = State::Reply,
            b'b' => return Some(Key::Move(Motion::WordLeft)),
            b'f' => return Some(Key::Move(Motion::WordRight)),
            b'd' => return Some(Key::Erase(Motion::WordRight)),
            0x7f => return Some(Key::Erase(Motion::WordLeft)),
            _ => {}
        }
        None
    }

    fn in_sequence(&mut self, mut parameters: Vec<u8>, byte: u8) -> Option<Key> {
        match byte {
            // The Linux console's function keys.
            b'[' if parameters.is_empty() => self.state = State::Short,
            b'M' if parameters.is_empty() => self.state = State::Mouse(3),
            b'@'..=b'~' if parameters == b"200" && byte == b'~' => {
                self.state = State::Paste(SecretBuffer::default(), false);
            }
            b'@'..=b'~' => return sequence(&parameters, byte),
            _ => {
                if parameters.len() < SEQUENCE_LIMIT {
                    parameters.push(byte);
                }
                self.state = State::Sequence(parameters);
            }
        }
        None
    }

    fn in_character(&mut self, mut bytes: Zeroizing<Vec<u8>>, byte: u8) -> Option<Key> {
        bytes.push(byte);
        match std::str::from_utf8(&bytes) {
            Ok(text) => text.chars().next().map(Key::Insert),
            Err(error) if error.error_len().is_some() => Some(Key::Insert(char::REPLACEMENT_CHARACTER)),
            Err(_) => {
                self.state = State::Character(bytes);
                None
            }
        }
    }

    fn in_paste(&mut self, mut text: SecretBuffer, is_huge: bool, byte: u8) -> Option<Key> {
        text.extend(&[byte]);
        if let Some(whole) = text.strip_suffix(PASTE_END) {
            if is_huge {
                return Some(Key::HugePaste);
            }
            let mut pasted = SecretBuffer::with_capacity(whole.len());
            pasted.extend(whole);
            return Some(Key::Paste(pasted.into_text_lossy()));
        }
        if text.len() > ANSWER_LIMIT + PASTE_END.len() {
            let mut end = SecretBuffer::default();
            end.extend(text.get(text.len() - PASTE_END.len()..).unwrap_or_default());
            self.state = State::Paste(end, true);
        } else {
            self.state = State::Paste(text, is_huge);
        }
        None
    }
}

/// Returns what stands in an answer for a part that ended too early, so that it is not taken without that part.
fn broken_off(part: &State, by: u8) -> Option<char> {
    match part {
        State::Character(_) => Some(char::REPLACEMENT_CHARACTER),
        // The answer of a terminal ends with an escape; what any other key ends was typed behind one.
        State::Reply if by != ESCAPE => Some(char::from(ESCAPE)),
        _ => None,
    }
}

/// Returns the key of a sequence without parameters.
fn short(end: u8) -> Option<Key> {
    match end {
        b'M' => Some(Key::Enter),
        b'c' => Some(Key::Move(Motion::WordRight)),
        b'd' => Some(Key::Move(Motion::WordLeft)),
        _ => sequence(b"", end),
    }
}

/// Returns the key of a control sequence, if it is one that edits.
fn sequence(parameters: &[u8], end: u8) -> Option<Key> {
    let is_modified = parameters.contains(&b';');
    Some(match (end, parameters.first()) {
        (b'C', _) if is_modified => Key::Move(Motion::WordRight),
        (b'D', _) if is_modified => Key::Move(Motion::WordLeft),
        (b'C', _) => Key::Move(Motion::Right),
        (b'D', _) => Key::Move(Motion::Left),
        (b'H', _) => Key::Move(Motion::Start),
        (b'F', _) => Key::Move(Motion::End),
        (b'~', Some(b'1' | b'7')) if parameters.len() == 1 => Key::Move(Motion::Start),
        (b'~', Some(b'4' | b'8')) if parameters.len() == 1 => Key::Move(Motion::End),
        (b'~', Some(b'3')) if is_modified => Key::Erase(Motion::WordRight),
        (b'~', Some(b'3')) if parameters.len() == 1 => Key::Erase(Motion::Right),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(input: &[u8]) -> Vec<Key> {
        let mut keys = Keys::new();
        let mut found = Vec::new();
        // One at a time, as over a slow line.
        for byte in input {
            keys.fill(&mut &[*byte][..]).unwrap();
            found.extend(std::iter::from_fn(|| keys.next()));
        }
        found
    }

    #[test]
    fn every_spelling_of_a_key_means_the_same() {
        for (spellings, key) in [
            (&["\x1b[D", "\x1bOD", "\x02"][..], Key::Move(Motion::Left)),
            (&["\x1b[C", "\x1bOC", "\x06"], Key::Move(Motion::Right)),
            (&["\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~", "\x01"], Key::Move(Motion::Start)),
            (&["\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~", "\x05"], Key::Move(Motion::End)),
            (&["\x1b[1;5D", "\x1b[1;3D", "\x1bb", "\x1bOd"], Key::Move(Motion::WordLeft)),
            (&["\x1b[1;5C", "\x1bf"], Key::Move(Motion::WordRight)),
            (&["\x7f", "\x08"], Key::Erase(Motion::Left)),
            (&["\x1b[3~"], Key::Erase(Motion::Right)),
            (&["\x1bd", "\x1b[3;5~"], Key::Erase(Motion::WordRight)),
            (&["\x1b\x7f"], Key::Erase(Motion::WordLeft)),
            (&["\x15"], Key::Erase(Motion::Start)),
            (&["\x0b"], Key::Erase(Motion::End)),
            (&["\x17"], Key::Erase(Motion::BlankLeft)),
            (&["\r", "\n", "\x1b\r", "\x1bOM"], Key::Enter),
        ] {
            for spelling in spellings {
                assert_eq!(keys(spelling.as_bytes()), [key_like(&key)], "{spelling:?}");
            }
        }
    }

    fn key_like(key: &Key) -> Key {
        match key {
            Key::Move(motion) => Key::Move(*motion),
            Key::Erase(motion) => Key::Erase(*motion),
            _ => Key::Enter,
        }
    }

    #[test]
    fn keys_without_a_meaning_leave_no_text_behind() {
        for ignored in
            ["\x1b[A", "\x1b[15~", "\x1b[[A", "\x1bOP", "\x1b[<0;1;1M", "\x1bx", "\x1b[201~", "\x1b[5n"]
        {
            assert_eq!(keys(format!("{ignored}a").as_bytes()), [Key::Insert('a')], "{ignored:?}");
        }
    }

    #[test]
    fn what_a_terminal_reports_leaves_no_text_behind() {
        for ignored in [
            "\x1b]11;rgb:0/0/0\x07",
            "\x1b]11;rgb:0/0/0\x1b\\",
            "\x1bP1$r0m\x1b\\",
            "\x1b_Gi=1;OK\x1b\\",
            "\x1b[M !!",
            "\x1b[24;80R",
            "\x1b[I",
        ] {
            assert_eq!(keys(format!("{ignored}a").as_bytes()), [Key::Insert('a')], "{ignored:?}");
        }
    }

    #[test]
    fn an_answer_that_lost_a_part_to_a_report_is_refused() {
        assert_eq!(keys(b"a\x1b]text\r"), [Key::Insert('a'), Key::Insert('\u{1b}'), Key::Enter]);
    }

    #[test]
    fn characters_of_several_bytes_are_put_together_and_broken_ones_are_marked() {
        assert_eq!(keys("密é😀".as_bytes()), ['密', 'é', '😀'].map(Key::Insert));
        assert_eq!(keys(b"\xe5\xafa"), ['\u{fffd}', 'a'].map(Key::Insert));
        assert_eq!(keys(b"\xff\r")[0], Key::Insert('\u{fffd}'));
        assert_eq!(keys(b"\xc3\x1b[D"), [Key::Insert('\u{fffd}'), Key::Move(Motion::Left)]);
    }

    #[test]
    fn a_paste_is_one_key_whatever_is_in_it() {
        let pasted = keys(b"\x1b[200~a\x1b[D\r\x03b\x1b[201~c");
        assert_eq!(pasted, [Key::Paste("a\x1b[D\r\x03b".into()), Key::Insert('c')]);
        let huge = format!("\x1b[200~{}\x1b[201~c", "a".repeat(ANSWER_LIMIT + 100));
        assert_eq!(keys(huge.as_bytes()), [Key::HugePaste, Key::Insert('c')]);
    }
}
