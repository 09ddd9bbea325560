//! Reading one profile of a config file, at first without copying its values.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde_json::value::RawValue;

use crate::config::field::{Field, Kind, Value};
use crate::config::profile::Profile;
use crate::storage::json::Any;

/// The older name of [`Field::ReadTimeout`].
const OLD_READ_TIMEOUT: &str = "retry_timeout";

/// The members of a profile, checked, in the order of the text and most of them still in it: what nobody
/// wants is not copied.
#[derive(Default)]
pub(super) struct BorrowedProfile<'de>(Vec<Member<'de>>);

enum Member<'de> {
    Known(Field, Option<BorrowedValue<'de>>),
    OldTimeout(Option<BorrowedValue<'de>>),
    Unknown(Cow<'de, str>, &'de RawValue),
}

enum BorrowedValue<'de> {
    /// A text as it stands in the file.
    Text(&'de str),
    /// Any other value, and a text with escapes.
    Owned(Value),
}

impl BorrowedValue<'_> {
    fn into_value(self, field: Field) -> Option<Value> {
        match self {
            Self::Text(text) => field.string(text),
            Self::Owned(value) => Some(value),
        }
    }
}

impl BorrowedProfile<'_> {
    /// Returns the name, where there is one; the last of several counts.
    pub(super) fn name(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|member| match member {
            Member::Known(Field::Name, Some(BorrowedValue::Text(name))) => Some(*name),
            Member::Known(Field::Name, Some(BorrowedValue::Owned(Value::Text(name)))) => Some(name),
            _ => None,
        })
    }

    /// Tells whether the text has a value for a field.
    pub(super) fn sets(&self, field: Field) -> bool {
        self.0.iter().any(|member| matches!(member, Member::Known(of, Some(_)) if *of == field))
    }

    /// Moves the members onto a profile, whose own fields stay where no member sets them.
    pub(super) fn take_over(&mut self, mut profile: Profile) -> Profile {
        let mut after = None;
        let mut old_timeout = None;
        profile.reserve(self.0.len());
        for member in self.0.drain(..) {
            match member {
                Member::Known(field, value) => {
                    if let Some(value) = value.and_then(|value| value.into_value(field)) {
                        profile.set(field, value);
                    }
                    after = Some(field);
                }
                Member::OldTimeout(value) => old_timeout = value,
                Member::Unknown(key, value) => profile.push_unknown(after, &key, value.to_owned()),
            }
        }
        let old_timeout = old_timeout.and_then(|value| value.into_value(Field::ReadTimeout));
        if let (true, Some(value)) = (profile.is_empty(Field::ReadTimeout), old_timeout) {
            profile.set(Field::ReadTimeout, value);
        }
        profile
    }

    /// Removes all members, and keeps their room.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// Fills an empty profile.
pub(super) struct ProfileVisitor<'a, 'de>(pub(super) &'a mut BorrowedProfile<'de>);

impl<'de> Visitor<'de> for ProfileVisitor<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`profiles` must hold nothing but objects")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Any(KeyVisitor))? {
            let mut value = |field| map.next_value_seed(Any(FieldVisitor(field)));
            self.0.0.push(match Field::from_json(&key) {
                Some(field) => Member::Known(field, value(field)?),
                None if key.eq_ignore_ascii_case(OLD_READ_TIMEOUT) => {
                    Member::OldTimeout(value(Field::ReadTimeout)?)
                }
                None => Member::Unknown(key, map.next_value()?),
            });
        }
        Ok(())
    }
}

/// Reads a key, which is copied only where it has escapes.
struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// Reads the value of a field; `null` leaves the field as it is.
struct FieldVisitor(Field);

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Option<BorrowedValue<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wanted = match self.0.kind() {
            Kind::Text | Kind::Secret => "a string",
            Kind::Integer => "an integer",
            Kind::Boolean => "true or false",
        };
        write!(f, "`{}` must be {wanted}", self.0.json())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        match self.0.kind() {
            Kind::Text | Kind::Secret => Ok(Some(BorrowedValue::Text(text))),
            Kind::Integer | Kind::Boolean => self.visit_str(text),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let value = self.0.string(text).map(BorrowedValue::Owned);
        // The text stays out of the error, in case it is a secret in the wrong place.
        value.map(Some).ok_or_else(|| E::invalid_type(Unexpected::Other("a string"), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        match self.0.kind() {
            Kind::Integer => Ok(Some(BorrowedValue::Owned(Value::Integer(number)))),
            _ => Err(E::invalid_type(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_bool<E: Error>(self, on: bool) -> Result<Self::Value, E> {
        match self.0.kind() {
            Kind::Boolean => Ok(Some(BorrowedValue::Owned(Value::Boolean(on)))),
            _ => Err(E::invalid_type(Unexpected::Bool(on), &self)),
        }
    }
}
