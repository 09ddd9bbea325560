//! Splitting a command line into words without a shell (wire, section 1.5).

/// Why a command line cannot be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SplitError {
    #[error("unclosed quote")]
    UnclosedQuote,
    #[error("trailing backslash")]
    TrailingBackslash,
}

/// Splits a command line by the rules of the operating system.
pub(super) fn words(line: &str) -> Result<Vec<String>, SplitError> {
    if cfg!(windows) { split(line, &Windows) } else { split(line, &Unix) }
}

/// What a backslash means.
trait Backslash {
    /// Returns what a backslash and the next character stand for, inside double quotes or outside of all quotes;
    /// `None` where the backslash stands for itself.
    fn escape(&self, next: char, quoted: bool) -> Option<Escaped>;

    /// Tells whether a backslash may end a line.
    fn may_end(&self) -> bool;
}

enum Escaped {
    Character(char),
    Nothing,
}

struct Unix;

impl Backslash for Unix {
    fn escape(&self, next: char, quoted: bool) -> Option<Escaped> {
        match next {
            '\n' => Some(Escaped::Nothing),
            '"' | '\\' | '$' | '`' => Some(Escaped::Character(next)),
            _ if quoted => None,
            _ => Some(Escaped::Character(next)),
        }
    }

    fn may_end(&self) -> bool {
        false
    }
}

struct Windows;

impl Backslash for Windows {
    fn escape(&self, next: char, quoted: bool) -> Option<Escaped> {
        (quoted && next == '"').then_some(Escaped::Character('"'))
    }

    fn may_end(&self) -> bool {
        true
    }
}

fn split(line: &str, backslash: &dyn Backslash) -> Result<Vec<String>, SplitError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(character),
            (_, '\\') => match characters.peek().copied() {
                None if quote.is_none() && !backslash.may_end() => return Err(SplitError::TrailingBackslash),
                None => word.get_or_insert_default().push('\\'),
                Some(next) => match backslash.escape(next, quote.is_some()) {
                    None => word.get_or_insert_default().push('\\'),
                    Some(Escaped::Character(escaped)) => {
                        characters.next();
                        word.get_or_insert_default().push(escaped);
                    }
                    Some(Escaped::Nothing) => {
                        characters.next();
                    }
                },
            },
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, _) if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    if quote.is_some() {
        return Err(SplitError::UnclosedQuote);
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unix(line: &str) -> Result<Vec<String>, SplitError> {
        split(line, &Unix)
    }

    #[test]
    fn words_are_split_at_white_space_outside_of_quotes() {
        assert_eq!(unix(" a  b\tc\n").unwrap(), ["a", "b", "c"]);
        assert_eq!(unix(r#"sh -c 'cat "x y"'"#).unwrap(), ["sh", "-c", r#"cat "x y""#]);
        assert_eq!(unix(r#"a "" b''c "d e""#).unwrap(), ["a", "", "bc", "d e"]);
        assert!(unix("  ").unwrap().is_empty());
    }

    #[test]
    fn a_backslash_escapes_more_outside_of_quotes_than_inside() {
        assert_eq!(unix(r"a\ b \x \'").unwrap(), ["a b", "x", "'"]);
        assert_eq!(unix(r#""\" \\ \$ \` \x""#).unwrap(), [r#"" \ $ ` \x"#]);
        assert_eq!(unix(r"'a\b'").unwrap(), [r"a\b"]);
        assert_eq!(unix("a\\\nb \"c\\\nd\"").unwrap(), ["ab", "cd"]);
    }

    #[test]
    fn no_variable_is_put_in_and_no_name_is_matched() {
        assert_eq!(unix("echo $HOME *").unwrap(), ["echo", "$HOME", "*"]);
    }

    #[test]
    fn what_is_left_open_is_an_error() {
        assert_eq!(unix("cat 'x"), Err(SplitError::UnclosedQuote));
        assert_eq!(unix("cat \"x\\"), Err(SplitError::UnclosedQuote));
        assert_eq!(unix("cat x\\"), Err(SplitError::TrailingBackslash));
    }

    #[test]
    fn on_windows_a_backslash_is_a_letter_but_before_a_quote_in_quotes() {
        let windows = |line| split(line, &Windows).unwrap();
        assert_eq!(windows(r#"C:\bin\x.exe "a\"b" c\"#), [r"C:\bin\x.exe", r#"a"b"#, r"c\"]);
    }

    proptest! {
        #[test]
        fn words_in_single_quotes_come_back_as_they_are(words in proptest::collection::vec("[^']{0,8}", 0..5)) {
            let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" \t");
            prop_assert_eq!(unix(&line).unwrap(), words);
        }

        #[test]
        fn words_with_every_character_escaped_come_back_as_they_are(words in proptest::collection::vec("[^\n]{1,8}", 0..5)) {
            let escape = |word: &String| word.chars().flat_map(|character| ['\\', character]).collect::<String>();
            let line = words.iter().map(escape).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(unix(&line).unwrap(), words);
        }

        #[test]
        fn any_line_is_split_or_refused(line in any::<String>()) {
            let _ = unix(&line);
            let _ = split(&line, &Windows);
        }
    }
}
