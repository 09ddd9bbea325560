//! The JSON object that a settings file holds.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::storage::json::{Any, OrderedObject, SortedKeys};

/// The object of a settings file, or one inside it, with known keys in the order in which they are written.
pub(crate) struct SettingsObject<'a> {
    /// The text that places in errors refer to.
    whole: &'a str,
    keys: &'static [&'static str],
    /// The members; the index of a known one is that of its key.
    members: OrderedObject<usize, Setting<'a>, &'a RawValue>,
}

/// The value of a known member.
pub(crate) enum Setting<'a> {
    /// As it stands in the file.
    Unchanged(&'a RawValue),
    /// `true` or `false`.
    Boolean(bool),
    /// A JSON string.
    String(String),
    /// Any JSON, to be written with its keys in order.
    Json(Box<RawValue>),
    /// A list of objects.
    List(Vec<SettingsObject<'a>>),
}

impl<'a> SettingsObject<'a> {
    /// Returns an object without members.
    pub(crate) fn new(keys: &'static [&'static str]) -> Self {
        Self { whole: "", keys, members: OrderedObject::default() }
    }

    /// Reads the text of an object; `null` is one without members.
    ///
    /// # Errors
    ///
    /// Says what is wrong and at which line and column; the text itself is not repeated.
    pub(crate) fn parse(text: &'a str, keys: &'static [&'static str]) -> Result<Self, String> {
        let value: &RawValue = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Self::from_json(text, value, keys).ok_or_else(|| {
            format!("`{{` expected: the settings are a JSON object{}", position(text, value.get()))
        })
    }

    /// Takes a value apart; `None` where it is no object.
    fn from_json(whole: &'a str, value: &'a RawValue, keys: &'static [&'static str]) -> Option<Self> {
        let mut object = Self { whole, ..Self::new(keys) };
        Any(MembersVisitor(&mut object))
            .deserialize(&mut serde_json::Deserializer::from_str(value.get()))
            .ok()?;
        Some(object)
    }

    /// Returns a member that is true or false; `None` where it is missing.
    pub(crate) fn boolean(&self, key: &str) -> Result<Option<bool>, String> {
        self.read(key, "true or false")
    }

    /// Returns a member that is a whole number of at least 0; `None` where it is missing.
    pub(crate) fn number(&self, key: &str) -> Result<Option<u64>, String> {
        self.read(key, "a number without sign or fraction")
    }

    /// Returns a member that is a string; empty where it is missing.
    pub(crate) fn string(&self, key: &str) -> Result<String, String> {
        self.read(key, "a string").map(Option::unwrap_or_default)
    }

    /// Returns a member that is any JSON but null.
    pub(crate) fn json(&self, key: &str) -> Option<&'a RawValue> {
        match self.members.get(self.index(key)?)? {
            Setting::Unchanged(value) if value.get() != "null" => Some(value),
            _ => None,
        }
    }

    /// Returns a member that is a list of objects; empty where it is missing.
    pub(crate) fn list(&self, key: &str, keys: &'static [&'static str]) -> Result<Vec<Self>, String> {
        let items: Vec<&RawValue> = self.read(key, "a list")?.unwrap_or_default();
        let object = |item: &'a RawValue| {
            Self::from_json(self.whole, item, keys).ok_or_else(|| {
                format!("`{key}` must hold nothing but objects{}", position(self.whole, item.get()))
            })
        };
        items.into_iter().map(object).collect()
    }

    /// Sets a known member; `None` removes it.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Option<Setting<'a>>>) {
        match (self.index(key), value.into()) {
            (Some(index), Some(value)) => self.members.set(index, value),
            (Some(index), None) => self.members.remove(index),
            (None, _) => {}
        }
    }

    fn read<T: Deserialize<'a>>(&self, key: &str, wanted: &str) -> Result<Option<T>, String> {
        let read = |value: &'a RawValue| {
            serde_json::from_str(value.get())
                .map_err(|_| format!("`{key}` must be {wanted}{}", position(self.whole, value.get())))
        };
        self.json(key).map(read).transpose()
    }

    /// Returns the index of a known member, whose key counts in any case.
    fn index(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|known| known.eq_ignore_ascii_case(key))
    }
}

/// Says at which line and column a part of a text begins.
fn position(whole: &str, part: &str) -> String {
    // The part is a slice of the whole; where it is not, no sensible index results, and nothing is said.
    let index = part.as_ptr().addr().wrapping_sub(whole.as_ptr().addr());
    match whole.get(..index) {
        Some(before) => {
            let line = before.matches('\n').count() + 1;
            let column = index - before.rfind('\n').map_or(0, |end| end + 1) + 1;
            format!(" at line {line} column {column}")
        }
        None => String::new(),
    }
}

impl Serialize for SettingsObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.members.serialize(serializer, &[], |map, index, value| match (self.keys.get(index), value) {
            (Some(key), Some(value)) => map.serialize_entry(key, value),
            _ => Ok(()),
        })
    }
}

impl Serialize for Setting<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unchanged(value) => value.serialize(serializer),
            Self::Boolean(on) => on.serialize(serializer),
            Self::String(text) => text.serialize(serializer),
            Self::Json(value) => SortedKeys::new(value).serialize(serializer),
            Self::List(objects) => objects.serialize(serializer),
        }
    }
}

/// Fills an object with members.
struct MembersVisitor<'o, 'a>(&'o mut SettingsObject<'a>);

impl<'a> Visitor<'a> for MembersVisitor<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let mut after = None;
        while let Some((key, value)) = map.next_entry::<String, &'a RawValue>()? {
            match self.0.index(&key) {
                Some(index) => {
                    after = Some(index);
                    self.0.members.set(index, Setting::Unchanged(value));
                }
                None => self.0.members.push_unknown(after, &key, value),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[&str] = &["a", "b"];

    #[test]
    fn known_members_are_written_in_their_order_and_unknown_ones_behind_what_they_followed() {
        let mut object = SettingsObject::parse(r#"{"0":0,"B":"x","1":1,"2":2}"#, KEYS).unwrap();
        object.set("a", Setting::Boolean(true));
        object.set("c", Setting::Boolean(true));
        let text = serde_json::to_string(&object).unwrap();
        assert_eq!(text, r#"{"0":0,"a":true,"b":"x","1":1,"2":2}"#);
        object.set("b", None);
        assert_eq!(serde_json::to_string(&object).unwrap(), r#"{"0":0,"a":true,"1":1,"2":2}"#);
    }

    #[test]
    fn names_count_in_any_case_and_null_stands_for_nothing() {
        let object = SettingsObject::parse(r#"{"A":true,"b":null}"#, KEYS).unwrap();
        assert_eq!((object.boolean("a"), object.string("b")), (Ok(Some(true)), Ok(String::new())));
        assert!(object.json("b").is_none());
        assert!(serde_json::to_string(&SettingsObject::parse("null", KEYS).unwrap()).unwrap() == "{}");
    }
}
