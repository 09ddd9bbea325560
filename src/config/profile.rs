//! A profile: a flat record of fields in the order of the config file, with the unknown ones kept in place.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::config::field::{Field, Value};
use crate::secret::Secret;
use crate::storage::json::{Opaque, OrderedObject};

/// One profile of the config file.
///
/// Fields are shared between modes and survive a switch of mode. What this version does not know stays
/// where it was, byte for byte.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    fields: OrderedObject<Field, Value>,
}

impl Profile {
    /// Returns a profile that holds nothing but its name.
    pub fn new(name: impl AsRef<str>) -> Self {
        let mut profile = Self::default();
        profile.set_text(Field::Name, name);
        profile
    }

    /// Returns the profile's name.
    pub fn name(&self) -> &str {
        self.text(Field::Name)
    }

    /// Returns the profile's mode as it is spelled in the file; empty where there is none.
    pub fn mode(&self) -> &str {
        self.text(Field::Mode)
    }

    /// Returns the value of a field, or `None` where it is absent or empty.
    pub(crate) fn get(&self, field: Field) -> Option<&Value> {
        self.fields.get(field)
    }

    /// Tells whether a field is absent or empty.
    pub fn is_empty(&self, field: Field) -> bool {
        self.get(field).is_none()
    }

    /// Returns the text of a field that is no secret; empty where there is none.
    pub fn text(&self, field: Field) -> &str {
        match self.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Returns a secret field, or `None` where it is absent or empty.
    pub fn secret(&self, field: Field) -> Option<&Secret> {
        match self.get(field) {
            Some(Value::Secret(secret)) => Some(secret),
            _ => None,
        }
    }

    /// Returns all secrets of the profile.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.fields.values().filter_map(|value| match value {
            Value::Secret(secret) => Some(secret),
            _ => None,
        })
    }

    /// Returns the keys that this version does not know.
    pub(crate) fn unknown_keys(&self) -> impl Iterator<Item = &str> {
        self.fields.unknown_keys()
    }

    /// Returns the number of a field; 0 where there is none.
    pub fn integer(&self, field: Field) -> i64 {
        match self.get(field) {
            Some(Value::Integer(number)) => *number,
            _ => 0,
        }
    }

    /// Sets a field; an empty value removes it.
    pub(crate) fn set(&mut self, field: Field, value: Value) {
        if value.is_empty() {
            self.fields.remove(field);
        } else {
            self.fields.set(field, value);
        }
    }

    /// Sets a field to what a text means for it, as the value of a flag does. An empty text removes a text or a
    /// secret; a field that holds a number stays as it is where the text is no number.
    pub fn set_text(&mut self, field: Field, text: impl AsRef<str>) {
        if let Some(value) = field.value(text.as_ref()) {
            self.set(field, value);
        }
    }

    /// Removes a field.
    pub fn clear(&mut self, field: Field) {
        self.fields.remove(field);
    }

    /// Makes the changes that lead from one state of a profile to another.
    pub(crate) fn apply_changes(&mut self, before: &Self, after: &Self) {
        for field in Field::ALL.iter().copied() {
            match after.get(field) {
                now if now == before.get(field) => {}
                Some(value) => self.set(field, value.clone()),
                None => self.clear(field),
            }
        }
    }

    /// Tells whether another profile has another value in any field.
    #[cfg(feature = "cli")]
    pub(crate) fn differs_from(&self, other: &Self) -> bool {
        Field::ALL.iter().any(|field| self.get(*field) != other.get(*field))
    }

    /// Adds a field that this version does not know, behind the field `after`.
    pub(crate) fn push_unknown(&mut self, after: Option<Field>, key: &str, value: Box<RawValue>) {
        self.fields.push_unknown(after, key, Opaque(value));
    }

    /// Makes room for as many more fields.
    pub(crate) fn reserve(&mut self, fields: usize) {
        self.fields.reserve(fields);
    }
}

/// Writes the fields in the order of the config file; `name` and `mode` always, others where not empty.
impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields.serialize(serializer, &[Field::Name, Field::Mode], |map, field, value| match value {
            Some(value) => serialize_value(map, field.json(), value),
            None => map.serialize_entry(field.json(), ""),
        })
    }
}

fn serialize_value<M: SerializeMap>(map: &mut M, key: &str, value: &Value) -> Result<(), M::Error> {
    match value {
        Value::Text(text) => map.serialize_entry(key, text.as_str()),
        Value::Secret(secret) => map.serialize_entry(key, secret.expose()),
        Value::Integer(number) => map.serialize_entry(key, number),
        Value::Boolean(on) => map.serialize_entry(key, on),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(profile: &Profile) -> String {
        serde_json::to_string(profile).unwrap()
    }

    #[test]
    fn fields_are_written_in_the_order_of_the_file_however_they_were_set() {
        let mut profile = Profile::new("p");
        profile.set_text(Field::RegionId, "r");
        profile.set(Field::AccessKeySecret, Value::Secret("s".into()));
        profile.set_text(Field::Mode, "AK");
        assert_eq!(json(&profile), r#"{"name":"p","mode":"AK","access_key_secret":"s","region_id":"r"}"#);
    }

    #[test]
    fn name_and_mode_are_written_even_when_empty() {
        let mut profile = Profile::default();
        assert_eq!(json(&profile), r#"{"name":"","mode":""}"#);
        profile.set_text(Field::RegionId, "r");
        assert_eq!(json(&profile), r#"{"name":"","mode":"","region_id":"r"}"#);
    }

    #[test]
    fn an_empty_value_removes_a_field() {
        let mut profile = Profile::new("p");
        profile.set_text(Field::RegionId, "r");
        profile.set_text(Field::RegionId, "");
        profile.set(Field::ExpiredSeconds, Value::Integer(900));
        profile.clear(Field::ExpiredSeconds);
        assert_eq!(json(&profile), r#"{"name":"p","mode":""}"#);
    }

    #[test]
    fn an_unknown_field_stays_behind_the_field_it_followed() {
        let mut profile = Profile::new("p");
        let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        profile.push_unknown(None, "first", raw("1"));
        profile.push_unknown(Some(Field::AccessKeyId), "policy", raw(r#"{ "a": 1e3 }"#));
        profile.push_unknown(Some(Field::AccessKeyId), "next", raw("null"));
        profile.set_text(Field::RegionId, "r");
        profile.set_text(Field::AccessKeyId, "i");
        assert_eq!(
            json(&profile),
            r#"{"first":1,"name":"p","mode":"","access_key_id":"i","policy":{ "a": 1e3 },"next":null,"region_id":"r"}"#
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let mut profile = Profile::new("p");
        profile.set(Field::AccessKeySecret, Value::Secret("hidden".into()));
        profile.push_unknown(None, "x", RawValue::from_string("\"hidden\"".into()).unwrap());
        assert!(!format!("{profile:?}").contains("hidden"));
    }
}
