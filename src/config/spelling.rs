//! Escapes of lone surrogates, such as `\ud800`, which some programs write: they are read as U+FFFD, and stay in the
//! file as they are where nobody changes the text that they stand in (behaviour, section 2).

use std::ops::Range;

use zeroize::Zeroizing;

use crate::secret::Secret;

/// The texts of a file that hold such escapes, in the order of the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Spellings(Vec<Spelling>);

#[derive(Debug, Clone)]
struct Spelling {
    /// The text in front of it, which is the key of most.
    before: Secret,
    /// The text as it is read.
    text: Secret,
    /// The literal in the file.
    literal: Secret,
}

/// Returns JSON in which `\ufffd` stands for each lone surrogate, at the same place and of the same length, and how
/// the texts were spelled; `None` where there is none.
pub(super) fn mend(json: &str) -> Option<(Zeroizing<String>, Spellings)> {
    if !json.contains("\\ud") && !json.contains("\\uD") {
        return None;
    }
    let mut spellings = Spellings::default();
    let mended = map_literals(json, |before, literal| {
        let mended = mend_literal(literal)?;
        let spelling = Spelling { before: read(before), text: read(&mended), literal: Secret::new(literal) };
        spellings.0.push(spelling);
        Some(mended)
    });
    Some((Zeroizing::new(mended), spellings))
}

impl Spellings {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns JSON in which the texts that are still there are spelled as they were.
    pub(super) fn restore(&self, json: &str) -> String {
        let mut left = self.0.clone();
        map_literals(json, |before, literal| {
            let (before, text) = (read(before), read(literal));
            let at = left.iter().position(|spelling| spelling.text == text && spelling.before == before)?;
            Some(left.remove(at).literal.expose().to_owned())
        })
    }
}

/// Returns the text of a literal; none where it cannot be read.
fn read(literal: &str) -> Secret {
    let mended = mend_literal(literal);
    Secret::new(serde_json::from_str::<String>(mended.as_deref().unwrap_or(literal)).unwrap_or_default())
}

/// Returns JSON with some of its string literals, the keys among them, replaced by a function that is given the one
/// before as well.
fn map_literals(json: &str, mut replace: impl FnMut(&str, &str) -> Option<String>) -> String {
    let mut mapped = String::with_capacity(json.len());
    let (mut last, mut rest) = ("", json);
    while let Some(Range { start, end }) = literal(rest) {
        let (before, from_literal) = rest.split_at(start);
        let (literal, behind) = from_literal.split_at(end - start);
        mapped.push_str(before);
        mapped.push_str(replace(last, literal).as_deref().unwrap_or(literal));
        (last, rest) = (literal, behind);
    }
    mapped.push_str(rest);
    mapped
}

/// Returns the place of the first string literal, with its quotes.
fn literal(json: &str) -> Option<Range<usize>> {
    let start = json.find('"')?;
    let mut is_escaped = false;
    let end = json.bytes().enumerate().skip(start + 1).find(|(_, byte)| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    Some(start..end?.0 + 1)
}

/// Returns a literal without lone surrogates; `None` where it has none.
fn mend_literal(literal: &str) -> Option<String> {
    let mut mended = String::new();
    let mut rest = literal;
    let mut is_mended = false;
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        mended.push_str(before);
        let is_low = |text: &str| matches!(unit(text), Some(0xdc00..=0xdfff));
        let (length, is_lone) = match unit(escape) {
            Some(0xd800..=0xdbff) if escape.get(6..).is_some_and(is_low) => (12, false),
            Some(0xd800..=0xdfff) => (6, true),
            // What else stands behind a backslash is one character at least.
            _ => (1 + escape.chars().nth(1).map_or(0, char::len_utf8), false),
        };
        let (escape, behind) = escape.split_at_checked(length)?;
        mended.push_str(if is_lone { "\\ufffd" } else { escape });
        is_mended |= is_lone;
        rest = behind;
    }
    mended.push_str(rest);
    is_mended.then_some(mended)
}

/// Returns the UTF-16 unit of the escape that a text begins with.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_lone_surrogates_are_mended() {
        for (literal, mended) in [
            (r#""\ud800""#, Some(r#""\ufffd""#)),
            (r#""a\uDC00\ud83d\ude00b\ud83d""#, Some(r#""a\ufffd\ud83d\ude00b\ufffd""#)),
            (r#""\ud800\ud800\udc00""#, Some(r#""\ufffd\ud800\udc00""#)),
            (r#""\\ud800""#, None),
            (r#""\"\ud83d\ude00""#, None),
            (r#""\u00e9é""#, None),
        ] {
            assert_eq!(mend_literal(literal).as_deref(), mended, "{literal}");
        }
    }

    #[test]
    fn what_is_no_json_stays_and_ends() {
        for text in [r#"{"\ud800"#, r#""\ud8"#, r#""\ud8é0""#, r#"\ud800"#, "\"\\ud800\\"] {
            assert_eq!(mend(text).map_or(text.to_owned(), |(mended, _)| mended.to_string()), text);
        }
    }

    proptest! {
        #[test]
        fn mended_texts_can_be_read_are_as_long_and_are_restored(
            parts in prop::collection::vec(r#"\\u[dD][89a-fA-F][0-9a-f]{2}|\\\\|\\"|\\n|[a-z{}:,]"#, 0..12)
        ) {
            let json = format!(r#"{{"a":"{}","b":["{}"]}}"#, parts.concat(), parts.join("-"));
            let Some((mended, spellings)) = mend(&json) else { return Ok(()) };
            prop_assert_eq!(mended.len(), json.len());
            let value: serde_json::Value = serde_json::from_str(&mended).unwrap();
            prop_assert_eq!(spellings.restore(&mended), json.clone());
            let restored = spellings.restore(&value.to_string());
            prop_assert_eq!(spellings.restore(&mend(&restored).unwrap().0), restored);
        }
    }
}
