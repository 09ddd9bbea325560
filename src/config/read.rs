//! Reading a config file: tolerant where the reference is (null, other letter case, unknown members), and
//! with errors that name a place but never repeat the contents.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Config, Member, Unknown};
use crate::field::{Field, Kind, Value};
use crate::language::Language;
use crate::profile::{Opaque, Profile};
use crate::secret::Secret;

/// The older name of [`Field::ReadTimeout`].
const OLD_READ_TIMEOUT: &str = "retry_timeout";

impl Config {
    /// Reads the text of a config file.
    ///
    /// A top-level `null` is the built-in config. The first profile lies on top of the built-in one, so
    /// what it leaves out (output format, language) is that one's.
    ///
    /// # Errors
    ///
    /// Says what is wrong and at which line and column; the text itself is not repeated.
    pub(crate) fn parse(text: &str, language: Language) -> Result<Self, String> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let config = ConfigSeed(language).deserialize(&mut reader).map_err(|error| describe(&error))?;
        reader.end().map_err(|error| describe(&error))?;
        Ok(config)
    }
}

/// Gives an error's text. All errors about types are our own; should one of serde's slip through, only its
/// place is kept, because its text repeats the value.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if error.is_data() && !text.starts_with('`') {
        return format!("unexpected value at line {} column {}", error.line(), error.column());
    }
    text
}

/// Answers every kind of value but the ones that a visitor wants with an error of our own words.
macro_rules! refuse {
    ($($name:ident($type:ty)),*) => {$(
        fn $name<E: serde::de::Error>(self, _: $type) -> Result<Self::Value, E> {
            Err(E::custom(format_args!("{self}")))
        }
    )*};
    (map) => {
        fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(A::Error::custom(format_args!("{self}")))
        }
    };
    (seq) => {
        fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(A::Error::custom(format_args!("{self}")))
        }
    };
}

macro_rules! expecting_itself {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{self}")
        }
    };
}

struct ConfigSeed(Language);

impl fmt::Display for ConfigSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`{` expected: a config file is a JSON object")
    }
}

impl<'de> DeserializeSeed<'de> for ConfigSeed {
    type Value = Config;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Config, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ConfigSeed {
    type Value = Config;
    expecting_itself!();
    refuse!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
    refuse!(seq);

    fn visit_unit<E>(self) -> Result<Config, E> {
        Ok(Config::built_in(self.0))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Config, A::Error> {
        let mut config = Config::built_in(self.0);
        let mut after = Member::Start;
        while let Some(key) = map.next_key::<String>()? {
            match key.to_ascii_lowercase().as_str() {
                "current" => {
                    config.current = map.next_value_seed(TextSeed("current"))?.unwrap_or(config.current);
                    after = Member::Current;
                }
                "profiles" => {
                    config.profiles = map.next_value_seed(ProfilesSeed(self.0))?;
                    after = Member::Profiles;
                }
                "meta_path" => {
                    config.meta_path = map.next_value_seed(TextSeed("meta_path"))?.unwrap_or_default();
                    after = Member::MetaPath;
                }
                _ => {
                    let value = Opaque(map.next_value::<Box<RawValue>>()?);
                    config.unknown.push(Unknown { after, key: key.into(), value });
                }
            }
        }
        Ok(config)
    }
}

struct TextSeed(&'static str);

impl fmt::Display for TextSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` must be a string", self.0)
    }
}

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TextSeed {
    type Value = Option<String>;
    expecting_itself!();
    refuse!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64));
    refuse!(seq);
    refuse!(map);

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }
}

struct ProfilesSeed(Language);

impl fmt::Display for ProfilesSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`profiles` must be a list")
    }
}

impl<'de> DeserializeSeed<'de> for ProfilesSeed {
    type Value = Vec<Profile>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ProfilesSeed {
    type Value = Vec<Profile>;
    expecting_itself!();
    refuse!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
    refuse!(map);

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut profiles = Vec::new();
        let mut beneath = super::blank_profile(super::DEFAULT_PROFILE, self.0);
        while let Some(profile) = list.next_element_seed(ProfileSeed(std::mem::take(&mut beneath)))? {
            profiles.push(profile);
        }
        Ok(profiles)
    }
}

/// Reads a profile on top of another one.
struct ProfileSeed(Profile);

impl fmt::Display for ProfileSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`profiles` must hold nothing but objects")
    }
}

impl<'de> DeserializeSeed<'de> for ProfileSeed {
    type Value = Profile;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ProfileSeed {
    type Value = Profile;
    expecting_itself!();
    refuse!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
    refuse!(seq);

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(self.0)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut profile = self.0;
        let mut after = None;
        let mut old_timeout = None;
        while let Some(key) = map.next_key_seed(KeySeed)? {
            match key {
                Key::Field(field) => {
                    if let Some(value) = map.next_value_seed(FieldSeed(field))? {
                        profile.set(field, value);
                    }
                    after = Some(field);
                }
                Key::OldTimeout => old_timeout = map.next_value_seed(FieldSeed(Field::ReadTimeout))?,
                Key::Unknown(key) => profile.push_unknown(after, &key, map.next_value()?),
            }
        }
        if let (true, Some(value)) = (profile.is_empty(Field::ReadTimeout), old_timeout) {
            profile.set(Field::ReadTimeout, value);
        }
        Ok(profile)
    }
}

enum Key {
    Field(Field),
    OldTimeout,
    Unknown(String),
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(match Field::from_json(key) {
            Some(field) => Key::Field(field),
            None if key.eq_ignore_ascii_case(OLD_READ_TIMEOUT) => Key::OldTimeout,
            None => Key::Unknown(key.to_owned()),
        })
    }
}

/// Reads the value of a field; `null` leaves the field as it is.
struct FieldSeed(Field);

impl fmt::Display for FieldSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wanted = match self.0.kind() {
            Kind::Text | Kind::Secret => "a string",
            Kind::Integer => "an integer",
            Kind::Boolean => "true or false",
        };
        write!(f, "`{}` must be {wanted}", self.0.json())
    }
}

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FieldSeed {
    type Value = Option<Value>;
    expecting_itself!();
    refuse!(visit_f64(f64));
    refuse!(seq);
    refuse!(map);

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match self.0.kind() {
            Kind::Text => Ok(Some(Value::Text(text.to_owned()))),
            Kind::Secret => Ok(Some(Value::Secret(Secret::new(text)))),
            _ => Err(E::custom(format_args!("{self}"))),
        }
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
        match self.0.kind() {
            Kind::Integer => Ok(Some(Value::Integer(number))),
            _ => Err(E::custom(format_args!("{self}"))),
        }
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(E::custom(format_args!("{self}"))),
        }
    }

    fn visit_bool<E: serde::de::Error>(self, on: bool) -> Result<Self::Value, E> {
        match self.0.kind() {
            Kind::Boolean => Ok(Some(Value::Boolean(on))),
            _ => Err(E::custom(format_args!("{self}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, Language::English)
    }

    fn rewritten(text: &str) -> String {
        serde_json::to_string(&parse(text).unwrap()).unwrap()
    }

    #[test]
    fn a_file_is_written_as_it_was_read() {
        let text = r#"{"current":"a","profiles":[{"name":"a","mode":"AK","access_key_id":"i","output_format":"json","language":"zh","read_timeout":7,"auto_plugin_install":true,"x":[1.0, 1e400]}],"meta_path":"m","z_future":{"k":null}}"#;
        assert_eq!(rewritten(text), text);
    }

    #[test]
    fn null_stands_for_nothing_anywhere() {
        let config = parse(r#"{"current":null,"profiles":null,"meta_path":null}"#).unwrap();
        assert_eq!((config.current(), config.profiles().len()), ("default", 0));
        let config = parse("null").unwrap();
        assert_eq!(config.profiles()[0].name(), "default");
        assert!(rewritten(r#"{"profiles":null}"#).contains(r#""profiles":[]"#));
    }

    #[test]
    fn only_the_first_profile_lies_on_the_built_in_one() {
        let text = r#"{"current":"b","profiles":[{"name":"a","mode":null},{"name":"b"}]}"#;
        assert_eq!(
            rewritten(text),
            r#"{"current":"b","profiles":[{"name":"a","mode":"","output_format":"json","language":"en"},{"name":"b","mode":""}],"meta_path":""}"#
        );
    }

    #[test]
    fn the_older_name_of_read_timeout_counts_where_the_newer_is_empty() {
        let timeout = |fields: &str| {
            let text = format!(r#"{{"profiles":[{{"name":"a",{fields}}}]}}"#);
            parse(&text).unwrap().profiles()[0].integer(Field::ReadTimeout)
        };
        assert_eq!(timeout(r#""retry_timeout":33"#), 33);
        assert_eq!(timeout(r#""read_timeout":0,"retry_timeout":33"#), 33);
        assert_eq!(timeout(r#""retry_timeout":33,"read_timeout":44"#), 44);
    }

    #[test]
    fn keys_count_in_any_case_and_the_last_of_two_wins() {
        let text = r#"{"Current":"a","PROFILES":[{"Name":"a","Mode":"AK","mode":"OIDC"}]}"#;
        let config = parse(text).unwrap();
        assert_eq!((config.current(), config.profiles()[0].mode()), ("a", "OIDC"));
    }

    #[test]
    fn errors_name_the_field_and_the_place_but_no_value() {
        for (text, said) in [
            ("", "EOF while parsing a value at line 1 column 0"),
            ("\"secret\"", "`{` expected"),
            ("[\"secret\"]", "`{` expected"),
            (r#"{"current":["secret"]}"#, "`current` must be a string at line 1"),
            (r#"{"profiles":{"a":"secret"}}"#, "`profiles` must be a list"),
            (r#"{"profiles":["secret"]}"#, "`profiles` must hold nothing but objects"),
            (r#"{"profiles":[{"expired_seconds":"secret"}]}"#, "`expired_seconds` must be an integer"),
            (r#"{"profiles":[{"expired_seconds":1.5}]}"#, "`expired_seconds` must be an integer"),
            (r#"{"profiles":[{"expired_seconds":99999999999999999999}]}"#, "must be an integer"),
            (r#"{"profiles":[{"name":5}]}"#, "`name` must be a string"),
            (
                r#"{"profiles":[{"access_key_secret":{"a":"secret"}}]}"#,
                "`access_key_secret` must be a string",
            ),
            (r#"{"profiles":[]} secret"#, "trailing characters at line 1 column 17"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
            assert!(!error.contains("secret\"") && !error.contains("[\"secret"), "{text}: {error}");
        }
    }
}
