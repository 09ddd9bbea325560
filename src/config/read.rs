//! Reading a config file: tolerant where the reference is (null, other letter case, unknown members), and
//! with errors that name a place but never repeat the contents.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Config, Excerpt, Member, Unknown};
use crate::config::field::{Field, Kind, Value};
use crate::config::profile::{Opaque, Profile};
use crate::language::Language;

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
        read(text, ConfigSeed { language, names: None })
    }
}

impl Excerpt {
    /// Reads the text of a config file as [`Config::parse`] does, with the same errors, but makes profiles of
    /// no others than the current one and those of these names.
    ///
    /// # Errors
    ///
    /// As [`Config::parse`].
    pub(crate) fn parse(text: &str, language: Language, names: &[&str]) -> Result<Self, String> {
        let config = read(text, ConfigSeed { language, names: Some(names) })?;
        if config.profile(config.current()).is_some() {
            return Ok(Self(config));
        }
        // Where the current profile is named behind the profiles, it was passed over like others.
        Config::parse(text, language).map(Self)
    }
}

fn read(text: &str, seed: ConfigSeed<'_>) -> Result<Config, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let config = seed.deserialize(&mut reader).map_err(|error| describe(&error))?;
    reader.end().map_err(|error| describe(&error))?;
    Ok(config)
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

/// Makes a visitor its own seed: it answers whatever kind of value there is.
macro_rules! seed {
    ($seed:ty => $value:ty) => {
        impl<'de> DeserializeSeed<'de> for $seed {
            type Value = $value;

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<$value, D::Error> {
                deserializer.deserialize_any(self)
            }
        }
    };
}

/// Reads a whole file, and keeps all profiles or the current one and those of some names.
struct ConfigSeed<'n> {
    language: Language,
    names: Option<&'n [&'n str]>,
}

impl fmt::Display for ConfigSeed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`{` expected: a config file is a JSON object")
    }
}

seed!(ConfigSeed<'_> => Config);

impl<'de> Visitor<'de> for ConfigSeed<'_> {
    type Value = Config;
    expecting_itself!();
    refuse!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
    refuse!(seq);

    fn visit_unit<E>(self) -> Result<Config, E> {
        Ok(Config::built_in(self.language))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Config, A::Error> {
        let mut config = Config::built_in(self.language);
        let mut after = Member::Start;
        while let Some(key) = map.next_key::<String>()? {
            match key.to_ascii_lowercase().as_str() {
                "current" => {
                    config.current = map.next_value_seed(TextSeed("current"))?.unwrap_or(config.current);
                    after = Member::Current;
                }
                "profiles" => {
                    let wanted = Wanted { names: self.names, current: &config.current };
                    config.profiles = map.next_value_seed(ProfilesSeed(self.language, wanted))?;
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

seed!(TextSeed => Option<String>);

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

/// Which profiles are made; all of them are checked.
struct Wanted<'n> {
    names: Option<&'n [&'n str]>,
    current: &'n str,
}

impl Wanted<'_> {
    fn includes(&self, name: &str) -> bool {
        self.names.is_none_or(|names| name == self.current || names.contains(&name))
    }
}

struct ProfilesSeed<'n>(Language, Wanted<'n>);

impl fmt::Display for ProfilesSeed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`profiles` must be a list")
    }
}

seed!(ProfilesSeed<'_> => Vec<Profile>);

impl<'de> Visitor<'de> for ProfilesSeed<'_> {
    type Value = Vec<Profile>;
    expecting_itself!();
    refuse!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
    refuse!(map);

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let Self(language, wanted) = self;
        let mut profiles = Vec::new();
        let mut beneath = super::blank_profile(super::DEFAULT_PROFILE, language);
        let mut draft = Draft::default();
        while list.next_element_seed(DraftSeed(&mut draft))?.is_some() {
            let beneath = std::mem::take(&mut beneath);
            if wanted.includes(draft.name().unwrap_or(beneath.name())) {
                profiles.push(draft.finish(beneath));
            }
            draft.0.clear();
        }
        Ok(profiles)
    }
}

/// The members of a profile, checked, in the order of the text and most of them still in it: what nobody
/// wants is not copied.
#[derive(Default)]
struct Draft<'de>(Vec<Item<'de>>);

enum Item<'de> {
    Known(Field, Option<Scalar<'de>>),
    OldTimeout(Option<Scalar<'de>>),
    Unknown(Cow<'de, str>, &'de RawValue),
}

/// The value of a field.
enum Scalar<'de> {
    /// A text as it stands in the file.
    Verbatim(&'de str),
    /// Any other value.
    Read(Value),
}

impl Scalar<'_> {
    fn into_value(self, field: Field) -> Option<Value> {
        match self {
            Self::Verbatim(text) => field.string(text),
            Self::Read(value) => Some(value),
        }
    }
}

impl Draft<'_> {
    /// Gives the name, where there is one; the last of several counts.
    fn name(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|item| match item {
            Item::Known(Field::Name, Some(Scalar::Verbatim(name))) => Some(*name),
            Item::Known(Field::Name, Some(Scalar::Read(Value::Text(name)))) => Some(name),
            _ => None,
        })
    }

    /// Makes the profile that lies on top of another one.
    fn finish(&mut self, beneath: Profile) -> Profile {
        let mut profile = beneath;
        let mut after = None;
        let mut old_timeout = None;
        profile.reserve(self.0.len());
        for item in self.0.drain(..) {
            match item {
                Item::Known(field, value) => {
                    if let Some(value) = value.and_then(|value| value.into_value(field)) {
                        profile.set(field, value);
                    }
                    after = Some(field);
                }
                Item::OldTimeout(value) => old_timeout = value,
                Item::Unknown(key, value) => profile.push_unknown(after, &key, value.to_owned()),
            }
        }
        let old_timeout = old_timeout.and_then(|value| value.into_value(Field::ReadTimeout));
        if let (true, Some(value)) = (profile.is_empty(Field::ReadTimeout), old_timeout) {
            profile.set(Field::ReadTimeout, value);
        }
        profile
    }
}

/// Fills an empty draft.
struct DraftSeed<'a, 'de>(&'a mut Draft<'de>);

impl fmt::Display for DraftSeed<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`profiles` must hold nothing but objects")
    }
}

seed!(DraftSeed<'_, 'de> => ());

impl<'de> Visitor<'de> for DraftSeed<'_, 'de> {
    type Value = ();
    expecting_itself!();
    refuse!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
    refuse!(seq);

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(KeySeed)? {
            self.0.0.push(match key {
                Key::Field(field) => Item::Known(field, map.next_value_seed(FieldSeed(field))?),
                Key::OldTimeout => Item::OldTimeout(map.next_value_seed(FieldSeed(Field::ReadTimeout))?),
                Key::Unknown(key) => Item::Unknown(key, map.next_value()?),
            });
        }
        Ok(())
    }
}

enum Key<'de> {
    Field(Field),
    OldTimeout,
    Unknown(Cow<'de, str>),
}

impl<'de> Key<'de> {
    fn of(key: Cow<'de, str>) -> Self {
        match Field::from_json(&key) {
            Some(field) => Self::Field(field),
            None if key.eq_ignore_ascii_case(OLD_READ_TIMEOUT) => Self::OldTimeout,
            None => Self::Unknown(key),
        }
    }
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
        Ok(Key::of(Cow::Borrowed(key)))
    }

    fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
        Ok(Key::of(Cow::Owned(key.to_owned())))
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

seed!(FieldSeed => Option<Scalar<'de>>);

impl<'de> Visitor<'de> for FieldSeed {
    type Value = Option<Scalar<'de>>;
    expecting_itself!();
    refuse!(visit_f64(f64));
    refuse!(seq);
    refuse!(map);

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        match self.0.kind() {
            Kind::Text | Kind::Secret => Ok(Some(Scalar::Verbatim(text))),
            _ => Err(E::custom(format_args!("{self}"))),
        }
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match self.0.string(text) {
            Some(value) => Ok(Some(Scalar::Read(value))),
            None => Err(E::custom(format_args!("{self}"))),
        }
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
        match self.0.kind() {
            Kind::Integer => Ok(Some(Scalar::Read(Value::Integer(number)))),
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
            Kind::Boolean => Ok(Some(Scalar::Read(Value::Boolean(on)))),
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
    fn an_excerpt_holds_the_current_profile_and_those_asked_for() {
        let profiles =
            r#"[{"name":"a"},{"name":"b","mode":"AK"},{"mode":"OIDC","name":"\u0063"},{"name":"b"}]"#;
        for text in [
            format!(r#"{{"current":"b","profiles":{profiles}}}"#),
            format!(r#"{{"profiles":{profiles},"current":"b"}}"#),
            format!(r#"{{"current":"a","profiles":{profiles},"current":"b"}}"#),
        ] {
            let excerpt = Excerpt::parse(&text, Language::English, &["c", "d"]).unwrap();
            let modes = ["b", "c", "d"].map(|name| excerpt.profile(name).map(Profile::mode));
            assert_eq!((excerpt.current(), modes), ("b", [Some("AK"), Some("OIDC"), None]), "{text}");
        }
        let text = format!(r#"{{"current":"b","profiles":{profiles}}}"#);
        assert!(Excerpt::parse(&text, Language::English, &[]).unwrap().profile("a").is_none());
    }

    #[test]
    fn an_excerpt_says_what_is_wrong_anywhere() {
        for wrong in [r#"{"name":"b","sts_expiration":"x"}"#, "5", r#"{"mode":[]}"#, r#"{"x":1e}"#, "}"] {
            let text = format!(r#"{{"current":"a","profiles":[{{"name":"a"}},{wrong}]}}"#);
            let said = Excerpt::parse(&text, Language::English, &[]).unwrap_err();
            assert_eq!(said, parse(&text).unwrap_err());
        }
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
