//! JSON from a server or a helper: member names match in any case, and every string is a secret.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::secret::Secret;

/// A JSON value. Unlike `serde_json::Value` it wipes its strings from memory and never shows them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum SecretJson {
    #[default]
    Null,
    Bool(bool),
    Number(f64),
    String(Secret),
    Array(Vec<SecretJson>),
    Object(Vec<(String, SecretJson)>),
}

impl SecretJson {
    /// Parses a text; `None` where it is not JSON. The parser's error is dropped, since it may quote the text.
    pub(crate) fn parse(body: &Secret) -> Option<Self> {
        serde_json::from_str(body.expose()).ok()
    }

    /// Returns a member of an object; the last one where several match.
    pub(crate) fn get(&self, name: &str) -> &Self {
        const NULL: &SecretJson = &SecretJson::Null;
        let Self::Object(members) = self else { return NULL };
        let found = members.iter().rev().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or(NULL, |(_, value)| value)
    }

    /// Returns a string that is not secret; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Self::String(text) => text.expose(),
            _ => "",
        }
    }

    /// Returns a string for display: without control characters, which could move the cursor, and cut to a length.
    pub(crate) fn shown(&self, name: &str) -> String {
        const LONGEST: usize = 1000;
        self.text(name).chars().filter(|character| !character.is_control()).take(LONGEST).collect()
    }

    /// Returns a secret string; `None` where it is missing or empty.
    pub(crate) fn secret(&self, name: &str) -> Option<Secret> {
        match self.get(name) {
            Self::String(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        }
    }

    /// Returns this as an integer; `None` where it is none, or is not exact.
    pub(crate) fn whole(&self) -> Option<i64> {
        match self {
            // The servers' numbers are seconds and counts, far from where f64 has gaps.
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => Some(*number as i64),
            _ => None,
        }
    }

    /// Returns the items of an array.
    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// Tells whether this is `true`.
    pub(crate) fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }

    /// Tells whether this is an object.
    pub(crate) fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// Returns the members of an object.
    pub(crate) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }
}

impl<'de> Deserialize<'de> for SecretJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = SecretJson;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<SecretJson, E> {
        Ok(SecretJson::Null)
    }

    fn visit_bool<E>(self, on: bool) -> Result<SecretJson, E> {
        Ok(SecretJson::Bool(on))
    }

    #[expect(clippy::cast_precision_loss, reason = "whole() gives nothing for numbers so large")]
    fn visit_i64<E>(self, number: i64) -> Result<SecretJson, E> {
        Ok(SecretJson::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "whole() gives nothing for numbers so large")]
    fn visit_u64<E>(self, number: u64) -> Result<SecretJson, E> {
        Ok(SecretJson::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<SecretJson, E> {
        Ok(SecretJson::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<SecretJson, E> {
        Ok(SecretJson::String(Secret::new(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<SecretJson, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(SecretJson::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SecretJson, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(SecretJson::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_in_any_case_and_the_last_of_two_counts() {
        let response = SecretJson::parse(&r#"{"code":"a","CODE":"b","O":{"n":7}}"#.into()).unwrap();
        assert_eq!((response.text("Code"), response.get("o").get("N").whole()), ("b", Some(7)));
        assert!(SecretJson::parse(&"<html>".into()).is_none());
    }

    #[test]
    fn numbers_are_whole_or_nothing() {
        let response = SecretJson::parse(&r#"{"a":1.5,"b":1e300,"c":"5"}"#.into()).unwrap();
        assert_eq!(["a", "b", "c"].map(|name| response.get(name).whole()), [None; 3]);
    }

    #[test]
    fn what_is_shown_of_a_server_cannot_write_over_the_screen() {
        let response = SecretJson::parse(&r#"{"name":"a\u001b[2Jb\nc\u0000"}"#.into()).unwrap();
        assert_eq!(response.shown("name"), "a[2Jbc");
    }

    #[test]
    fn debug_shows_no_text() {
        let response = SecretJson::parse(&r#"{"token":"hidden"}"#.into()).unwrap();
        assert!(!format!("{response:?}").contains("hidden"));
    }
}
