//! JSON printed with its keys in order, and its numbers as they were.

use std::collections::BTreeMap;

use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Escapes, indented};

/// The deepest nesting that is put in order; what lies deeper stays as it is.
const DEPTH: usize = 100;

/// Returns JSON with its keys sorted at every level, and with indents; what is no JSON stays as it is
/// (wire, section 9.1).
pub(crate) fn with_sorted_keys(text: &str, indent: &str) -> String {
    match serde_json::from_str(text) {
        Ok(value) => indented(&SortedKeys::new(value), indent, Escapes::Lines),
        Err(_) => text.to_owned(),
    }
}

/// A value that is written with its keys sorted at every level.
pub(crate) struct SortedKeys<'a> {
    value: &'a RawValue,
    depth: usize,
}

impl<'a> SortedKeys<'a> {
    /// Wraps a value.
    pub(crate) fn new(value: &'a RawValue) -> Self {
        Self { value, depth: 0 }
    }

    fn inner(&self, value: &'a RawValue) -> Self {
        Self { value, depth: self.depth + 1 }
    }
}

impl Serialize for SortedKeys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.value.get();
        let first = if self.depth > DEPTH { None } else { text.bytes().next() };
        match first {
            Some(b'{') => match serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
                Ok(members) => {
                    serializer.collect_map(members.iter().map(|(key, value)| (key, self.inner(value))))
                }
                Err(_) => self.value.serialize(serializer),
            },
            Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(text) {
                Ok(items) => serializer.collect_seq(items.iter().map(|item| self.inner(item))),
                Err(_) => self.value.serialize(serializer),
            },
            Some(b'"') => match serde_json::from_str::<String>(text) {
                Ok(text) => serializer.serialize_str(&text),
                Err(_) => self.value.serialize(serializer),
            },
            _ => self.value.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use snapbox::{IntoData, assert_data_eq, str};

    use super::*;

    #[test]
    fn keys_are_sorted_and_numbers_stay_as_they_were() {
        let text = r#"{"b":[1e5,12345678901234567890,{"z":null,"a":[]}],"a":"<\u00e9>\u2028","c":{}}"#;
        assert_data_eq!(
            with_sorted_keys(text, "  "),
            str![[r#"
{
  "a": "<é>\u2028",
  "b": [
    1e5,
    12345678901234567890,
    {
      "a": [],
      "z": null
    }
  ],
  "c": {}
}
"#]]
            .raw()
        );
    }

    #[test]
    fn what_is_no_json_is_printed_as_it_is() {
        assert_eq!(with_sorted_keys("<html>", "\t"), "<html>");
        assert_eq!(with_sorted_keys("{oops", "\t"), "{oops");
        let deep = "[".repeat(100_000);
        assert_eq!(with_sorted_keys(&deep, "\t"), deep);
        let nested = format!("{}{}", "[".repeat(120), "]".repeat(120));
        assert!(with_sorted_keys(&nested, "\t").contains("[[["));
    }
}
