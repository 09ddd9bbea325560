/// A command line as it stands while it is typed, up to the cursor.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The words in front of the one at the cursor, without their quotes.
    pub(super) words: Vec<String>,
    /// What of the word at the cursor is typed, without its quotes.
    pub(super) current: String,
    /// Whether the cursor stands within quotes.
    pub(super) is_quoted: bool,
}

impl Line {
    /// Takes a line apart as shells do; quotes may still be open.
    pub(super) fn parse(text: &str) -> Self {
        let (mut words, mut current) = (Vec::new(), None::<String>);
        let mut quote = None;
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match (character, quote) {
                (' ' | '\t' | '\n', None) => words.extend(current.take()),
                ('\'' | '"', None) => {
                    quote = Some(character);
                    current.get_or_insert_default();
                }
                (_, Some(open)) if character == open => quote = None,
                ('\\', None | Some('"')) => current.get_or_insert_default().extend(characters.next()),
                _ => current.get_or_insert_default().push(character),
            }
        }
        Self { words, current: current.unwrap_or_default(), is_quoted: quote.is_some() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Vec<String>, String, bool) {
        let Line { words, current, is_quoted } = Line::parse(text);
        (words, current, is_quoted)
    }

    #[test]
    fn the_last_word_is_the_current_one_and_empty_behind_a_blank() {
        assert_eq!(
            parse("aliyun configure s"),
            (vec!["aliyun".into(), "configure".into()], "s".into(), false)
        );
        assert_eq!(parse(" aliyun  "), (vec!["aliyun".into()], String::new(), false));
        assert_eq!(parse(""), (vec![], String::new(), false));
    }

    #[test]
    fn quotes_and_backslashes_are_taken_off_even_where_they_are_open() {
        assert_eq!(
            parse(r#"a 'b c' "d\"e" f\ g"#),
            (vec!["a".into(), "b c".into(), "d\"e".into()], "f g".into(), false)
        );
        assert_eq!(parse("a -p 'my de"), (vec!["a".into(), "-p".into()], "my de".into(), true));
        assert_eq!(parse("a '' x\\"), (vec!["a".into(), String::new()], "x".into(), false));
    }
}
