//! A JSON object of which some members are known, and the others are kept as they are.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::storage::json::SortedKeys;

/// A JSON object with its members in order: the known ones as they are to be written, each unknown one
/// behind the known one that it followed.
pub(crate) struct Document<'a> {
    /// The text that places in errors refer to.
    whole: &'a str,
    keys: &'static [&'static str],
    members: Vec<Member<'a>>,
}

struct Member<'a> {
    place: Place,
    key: String,
    value: Value<'a>,
}

/// What sorts a member: the number of the known one that it is or follows, counted from 1, and whether it is
/// an unknown one.
type Place = (usize, bool);

/// The value of a member.
pub(crate) enum Value<'a> {
    /// As it stands in the file.
    Kept(&'a RawValue),
    /// `true` or `false`.
    Flag(bool),
    /// A text.
    Text(String),
    /// Any JSON, to be written with its keys in order.
    Json(Box<RawValue>),
    /// A list of objects.
    List(Vec<Document<'a>>),
}

impl<'a> Document<'a> {
    /// Makes an object without members.
    pub(crate) fn new(keys: &'static [&'static str]) -> Self {
        Self { whole: "", keys, members: Vec::new() }
    }

    /// Reads the text of an object; `null` is one without members.
    ///
    /// # Errors
    ///
    /// Says what is wrong and at which line and column; the text itself is not repeated.
    pub(crate) fn parse(text: &'a str, keys: &'static [&'static str]) -> Result<Self, String> {
        let value: &RawValue = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Self::of(text, value, keys).ok_or_else(|| {
            format!("`{{` expected: the settings are a JSON object{}", position(text, value.get()))
        })
    }

    /// Takes a value apart; `None` where it is no object.
    fn of(whole: &'a str, value: &'a RawValue, keys: &'static [&'static str]) -> Option<Self> {
        let Members(members) =
            serde_json::from_str::<Option<Members<'a>>>(value.get()).ok()?.unwrap_or_default();
        let mut document = Self { whole, keys, members: Vec::new() };
        let mut after = 0;
        for (key, value) in members {
            match document.place(&key) {
                Some(number) => {
                    after = number;
                    document.put(number, Value::Kept(value));
                }
                None => document.insert(Member { place: (after, true), key, value: Value::Kept(value) }),
            }
        }
        Some(document)
    }

    /// Gives a member that is true or false; false where it is missing.
    pub(crate) fn flag(&self, key: &str) -> Result<bool, String> {
        self.flag_if_given(key).map(Option::unwrap_or_default)
    }

    /// Gives a member that is true or false; `None` where it is missing.
    pub(crate) fn flag_if_given(&self, key: &str) -> Result<Option<bool>, String> {
        self.read(key, "true or false").map(Option::flatten)
    }

    /// Gives a member that is a whole number of at least 0; `None` where it is missing.
    pub(crate) fn number(&self, key: &str) -> Result<Option<u64>, String> {
        self.read(key, "a number without sign or fraction").map(Option::flatten)
    }

    /// Gives a member that is a text; empty where it is missing.
    pub(crate) fn text(&self, key: &str) -> Result<String, String> {
        self.read(key, "a string").map(Option::unwrap_or_default)
    }

    /// Gives a member that is any JSON but null.
    pub(crate) fn json(&self, key: &str) -> Option<&'a RawValue> {
        self.kept(key).filter(|value| value.get() != "null")
    }

    /// Gives a member that is a list of objects; empty where it is missing.
    pub(crate) fn list(&self, key: &str, keys: &'static [&'static str]) -> Result<Vec<Self>, String> {
        let items: Vec<&RawValue> = self.read(key, "a list")?.unwrap_or_default();
        let object = |item: &'a RawValue| {
            Self::of(self.whole, item, keys).ok_or_else(|| {
                format!("`{key}` must hold nothing but objects{}", position(self.whole, item.get()))
            })
        };
        items.into_iter().map(object).collect()
    }

    /// Sets a known member.
    pub(crate) fn set(&mut self, key: &str, value: Value<'a>) {
        if let Some(number) = self.place(key) {
            self.put(number, value);
        }
    }

    /// Removes a known member.
    pub(crate) fn remove(&mut self, key: &str) {
        if let Some(number) = self.place(key) {
            self.members.retain(|member| member.place != (number, false));
        }
    }

    fn read<T: Deserialize<'a>>(&self, key: &str, wanted: &str) -> Result<Option<T>, String> {
        let Some(value) = self.kept(key) else {
            return Ok(None);
        };
        serde_json::from_str(value.get())
            .map_err(|_| format!("`{key}` must be {wanted}{}", position(self.whole, value.get())))
    }

    fn kept(&self, key: &str) -> Option<&'a RawValue> {
        let member = self.members.iter().find(|member| !member.place.1 && member.key == key)?;
        match member.value {
            Value::Kept(value) => Some(value),
            _ => None,
        }
    }

    /// Gives the number of a known member, whose name counts in any case.
    fn place(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|known| known.eq_ignore_ascii_case(key)).map(|at| at + 1)
    }

    fn put(&mut self, number: usize, value: Value<'a>) {
        let place = (number, false);
        self.members.retain(|member| member.place != place);
        if let Some(key) = self.keys.get(number - 1) {
            self.insert(Member { place, key: (*key).to_owned(), value });
        }
    }

    fn insert(&mut self, member: Member<'a>) {
        let at = self.members.partition_point(|other| other.place <= member.place);
        self.members.insert(at, member);
    }
}

/// Says at which line and column a part of a text begins.
fn position(whole: &str, part: &str) -> String {
    let at = part.as_ptr().addr().wrapping_sub(whole.as_ptr().addr());
    match whole.get(..at) {
        Some(before) => {
            let line = before.matches('\n').count() + 1;
            let column = at - before.rfind('\n').map_or(0, |end| end + 1) + 1;
            format!(" at line {line} column {column}")
        }
        None => String::new(),
    }
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for Member { key, value, .. } in &self.members {
            match value {
                Value::Kept(value) => map.serialize_entry(key, value)?,
                Value::Flag(on) => map.serialize_entry(key, on)?,
                Value::Text(text) => map.serialize_entry(key, text)?,
                Value::Json(value) => map.serialize_entry(key, &SortedKeys::new(value))?,
                Value::List(items) => map.serialize_entry(key, items)?,
            }
        }
        map.end()
    }
}

/// The members of an object in the order of the text.
#[derive(Default)]
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[&str] = &["a", "b"];

    #[test]
    fn known_members_are_written_in_their_order_and_unknown_ones_behind_what_they_followed() {
        let mut document = Document::parse(r#"{"0":0,"B":"x","1":1,"2":2}"#, KEYS).unwrap();
        document.set("a", Value::Flag(true));
        document.set("c", Value::Flag(true));
        let text = serde_json::to_string(&document).unwrap();
        assert_eq!(text, r#"{"0":0,"a":true,"b":"x","1":1,"2":2}"#);
        document.remove("b");
        assert_eq!(serde_json::to_string(&document).unwrap(), r#"{"0":0,"a":true,"1":1,"2":2}"#);
    }

    #[test]
    fn names_count_in_any_case_and_null_stands_for_nothing() {
        let document = Document::parse(r#"{"A":true,"b":null}"#, KEYS).unwrap();
        assert_eq!((document.flag("a"), document.text("b")), (Ok(true), Ok(String::new())));
        assert!(document.json("b").is_none());
        assert!(Document::parse("null", KEYS).unwrap().members.is_empty());
    }
}
