//! JSON text as the reference writes it: its escapes, its indents.

mod ordered_object;
mod sorted_keys;

use std::io::{self, Write};

pub(crate) use ordered_object::{Opaque, OrderedObject};
pub(crate) use sorted_keys::{SortedKeys, with_sorted_keys};

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, Visitor};
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// Reads a value of any type with this visitor, which says what type is wrong by its `expecting`.
pub(crate) struct Any<V>(pub(crate) V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Any<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_any(self.0)
    }
}

/// Writes a value with tab indents and with `<`, `>`, `&`, U+2028 and U+2029 escaped, without a newline at
/// the end (behaviour, section 2).
///
/// # Errors
///
/// Those of the writer and of the value's own `Serialize`.
pub(crate) fn write(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    Ok(write_indented(out, value, "\t", Escapes::Html)?)
}

fn write_indented(
    out: impl Write,
    value: &impl Serialize,
    indent: &str,
    escaped: Escapes,
) -> serde_json::Result<()> {
    let formatter = Escaping { inner: PrettyFormatter::with_indent(indent.as_bytes()), escaped };
    value.serialize(&mut Serializer::with_formatter(out, formatter))
}

/// Returns what [`write`] writes.
///
/// # Errors
///
/// Fails only where the value's own `Serialize` fails.
pub(crate) fn to_vec(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    write(&mut out, value)?;
    Ok(out)
}

/// Returns a value as text with these indents; empty where the value's own `Serialize` fails.
pub(crate) fn indented(value: &impl Serialize, indent: &str, escaped: Escapes) -> String {
    let mut out = Vec::new();
    // Only values that cannot fail are printed, and memory takes all of them.
    let _ = write_indented(&mut out, value, indent, escaped);
    String::from_utf8_lossy(&out).into_owned()
}

/// Quotes a text with no other escapes than JSON demands, and U+2028 and U+2029 (wire, section 9.1).
pub(crate) fn quote(text: &str) -> String {
    let mut out = Vec::new();
    write_quoted(&mut out, text);
    String::from_utf8_lossy(&out).into_owned()
}

/// Writes a text as a JSON string into memory.
pub(crate) fn write_quoted(out: impl Write, text: &str) {
    let formatter = Escaping { inner: CompactFormatter, escaped: Escapes::Lines };
    // Writing a string into memory cannot fail.
    let _ = text.serialize(&mut Serializer::with_formatter(out, formatter));
}

/// Which characters are escaped beside those that JSON demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// U+2028 and U+2029.
    Lines,
    /// Those, and `<`, `>` and `&`.
    Html,
}

impl Escapes {
    fn of(self, character: char) -> Option<&'static str> {
        match (self, character) {
            (_, '\u{2028}') => Some("\\u2028"),
            (_, '\u{2029}') => Some("\\u2029"),
            (Self::Html, '<') => Some("\\u003c"),
            (Self::Html, '>') => Some("\\u003e"),
            (Self::Html, '&') => Some("\\u0026"),
            _ => None,
        }
    }

    /// Tells that a text has no character to escape, as it has none of the bytes that these begin with. Looking
    /// at all bytes at once is fast; the few texts with such a byte are looked at by character.
    fn spares(text: &str) -> bool {
        !text.bytes().fold(false, |found, byte| found | matches!(byte, b'<' | b'>' | b'&' | 0xe2))
    }

    /// Splits a text at its first character to escape: what stands before it, its escape, and what follows.
    fn split(self, text: &str) -> Option<(&str, &'static str, &str)> {
        let (at, character) = text.char_indices().find(|(_, character)| self.of(*character).is_some())?;
        let (before, rest) = text.split_at(at);
        Some((before, self.of(character)?, rest.strip_prefix(character)?))
    }
}

struct Escaping<F> {
    inner: F,
    escaped: Escapes,
}

macro_rules! delegate {
    ($($name:ident($($arg:ident: $type:ty),*);)*) => {$(
        fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $arg: $type)*) -> io::Result<()> {
            self.inner.$name(writer $(, $arg)*)
        }
    )*};
}

impl<F: Formatter> Formatter for Escaping<F> {
    delegate! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if Escapes::spares(fragment) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((before, escape, behind)) = self.escaped.split(rest) {
            writer.write_all(before.as_bytes())?;
            writer.write_all(escape.as_bytes())?;
            rest = behind;
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped_as_the_reference_does() {
        let text = "<a>&\u{2028}\u{2029}\u{1}\u{8}\u{c}\n\r\t\"\\\u{7f}é";
        assert_eq!(
            String::from_utf8(to_vec(&text).unwrap()).unwrap(),
            "\"\\u003ca\\u003e\\u0026\\u2028\\u2029\\u0001\\b\\f\\n\\r\\t\\\"\\\\\u{7f}é\""
        );
        assert_eq!(quote("<&\u{2028}"), "\"<&\\u2028\"");
    }

    #[test]
    fn indents_are_tabs_and_empty_lists_stay_closed() {
        let value = serde_json::json!({"a": [], "b": {"c": 1}});
        assert_eq!(
            String::from_utf8(to_vec(&value).unwrap()).unwrap(),
            "{\n\t\"a\": [],\n\t\"b\": {\n\t\t\"c\": 1\n\t}\n}"
        );
    }
}
