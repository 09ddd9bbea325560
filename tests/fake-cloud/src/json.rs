//! JSON that keeps its keys in the order they were written in.

use std::io;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, ser::Formatter};

/// A JSON value whose objects keep the order of their keys and are equal in any order.
///
/// `serde_json::Value` does so only with its feature `preserve_order`, which cargo would switch on
/// in the program under test too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(IndexMap<String, Json>),
}

impl Json {
    /// Makes an object of the members in the order given.
    pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, Json)>) -> Self {
        let owned = |(key, value): (&str, Json)| (key.to_owned(), value);
        Self::Object(members.into_iter().map(owned).collect())
    }

    /// Returns the member `key` of an object, and `None` for any other value.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => members.get(key),
            _ => None,
        }
    }

    /// Returns the text of a string, and `None` for any other value.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns whether the value is `true`.
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }

    /// Writes the value on one line of ASCII with `", "` and `": "` between its parts, as Python's
    /// `json.dumps` does.
    ///
    /// # Errors
    /// The value holds what JSON cannot express, which no parsed or built value does.
    pub fn to_line(&self) -> io::Result<String> {
        let mut out = Vec::new();
        self.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Line))?;
        String::from_utf8(out).map_err(io::Error::other)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Json {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Self {
        Self::List(items)
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                let member = |(key, value)| (key, Self::from(value));
                Self::Object(members.into_iter().map(member).collect())
            }
        }
    }
}

/// The layout of [`Json::to_line`].
struct Line;

impl Formatter for Line {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for c in fragment.chars() {
            if matches!(c, ' '..='~') {
                write!(out, "{c}")?;
                continue;
            }
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_keep_the_order_of_their_keys() -> serde_json::Result<()> {
        let text = r#"{"b":1,"a":[null,true,"x"]}"#;
        let json: Json = serde_json::from_str(text)?;
        assert_eq!(serde_json::to_string(&json)?, text);
        Ok(())
    }

    #[test]
    fn objects_are_equal_in_any_order() -> serde_json::Result<()> {
        let (one, other): (Json, Json) =
            (serde_json::from_str(r#"{"b":1,"a":2}"#)?, serde_json::from_str(r#"{"a":2,"b":1}"#)?);
        assert_eq!(one, other);
        Ok(())
    }

    #[test]
    fn a_line_is_what_python_writes() -> io::Result<()> {
        let json = Json::object([
            ("k", vec![Json::from(1), Json::Null].into()),
            ("é", "\u{1F600}\"\\\n\u{7f}".into()),
        ]);
        assert_eq!(json.to_line()?, r#"{"k": [1, null], "\u00e9": "\ud83d\ude00\"\\\n\u007f"}"#);
        Ok(())
    }
}
