//! Text for a terminal, which obeys some characters instead of showing them.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns a text with every character that a terminal obeys shown as an escape such as `\x1b`, save line feeds
/// and tabulators.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let is_left = |character| matches!(character, '\n' | '\t') || !is_obeyed(character);
    if text.chars().all(is_left) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        let code = u32::from(character);
        // Writing to a text cannot fail.
        let _ = match character {
            _ if is_left(character) => plain.write_char(character),
            '\0'..='\u{ff}' => write!(plain, "\\x{code:02x}"),
            _ => write!(plain, "\\u{{{code:x}}}"),
        };
    }
    Cow::Owned(plain)
}

/// Tells whether a terminal obeys a character instead of showing it.
pub(crate) fn is_obeyed(character: char) -> bool {
    character.is_control() || is_bidirectional_control(character)
}

/// Tells whether a character changes the direction of the text around it.
fn is_bidirectional_control(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_shown_as_an_escape() {
        for (text, shown) in [
            ("plain, 密钥\tand\n", "plain, 密钥\tand\n"),
            ("\u{1b}]0;title\u{7}", r"\x1b]0;title\x07"),
            ("a\rb\u{8}\u{7f}", r"a\x0db\x08\x7f"),
            ("\u{9b}31m", r"\x9b31m"),
            ("a\u{202e}b\u{2066}", r"a\u{202e}b\u{2066}"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }
}
