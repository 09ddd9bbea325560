//! What holds for every config file, tried with many made at random.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{Config, Excerpt};
use crate::config::field::{Field, Kind};
use crate::language::Language;
use crate::storage::json;

/// A value of the right type for a field, or null. An empty text is none: the first profile shows there what
/// the built-in one has, as in the reference, so that such a text does not survive.
fn value_of(field: Field) -> BoxedStrategy<Value> {
    let right = match field.kind() {
        Kind::Text | Kind::Secret => "\\PC{1,12}".prop_map(Value::from).boxed(),
        Kind::Integer => any::<i64>().prop_map(Value::from).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
    };
    prop_oneof![9 => right, 1 => Just(Value::Null)].boxed()
}

/// Any JSON that another program could store.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((any::<String>(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn member() -> impl Strategy<Value = (String, Value)> {
    let known = proptest::sample::select(Field::ALL)
        .prop_flat_map(|field| value_of(field).prop_map(move |value| (field.json().to_owned(), value)));
    prop_oneof![6 => known, 1 => ("x_[a-z]{1,6}", anything())]
}

/// The text of an object with its members in this order; of several with one key only the first.
fn object(members: &[(String, Value)]) -> String {
    let is_first =
        |(at, (key, _)): &(usize, &(String, Value))| !members[..*at].iter().any(|(other, _)| other == key);
    let members: Vec<_> = members
        .iter()
        .enumerate()
        .filter(is_first)
        .map(|(_, member)| member)
        .map(|(key, value)| format!("{}: {value}", Value::from(key.as_str())))
        .collect();
    format!("{{{}}}", members.join(", "))
}

fn file() -> impl Strategy<Value = String> {
    let profiles = vec(vec(member(), 0..8), 0..4);
    let current = prop_oneof!["[ab]", any::<String>()];
    (profiles, current, vec(("z_[a-z]{1,4}", anything()), 0..3), any::<bool>()).prop_map(
        |(profiles, current, others, current_first)| {
            let profiles: Vec<_> = profiles.iter().map(|members| object(members)).collect();
            let others: String = others
                .iter()
                .map(|(key, value)| format!(",\n{}: {value}", Value::from(key.as_str())))
                .collect();
            let (current, profiles) = (Value::from(current), profiles.join(","));
            if current_first {
                format!("{{\"current\": {current}, \"profiles\": [{profiles}]{others}}}")
            } else {
                format!("{{\"profiles\": [{profiles}]{others}, \"current\": {current}}}")
            }
        },
    )
}

fn read(text: &str) -> Config {
    Config::parse(text, Language::English).unwrap()
}

fn written(config: &Config) -> String {
    String::from_utf8(json::to_vec(config).unwrap()).unwrap()
}

/// Returns the last value of each key of an object's text, without those that count for nothing.
fn meaning(profile: &Value, first: bool) -> Map<String, Value> {
    let mut members: Map<String, Value> = Map::new();
    if first {
        for (key, value) in [("name", "default"), ("output_format", "json"), ("language", "en")] {
            members.insert(key.to_owned(), value.into());
        }
    }
    let empty = [Value::Null, "".into(), 0.into(), false.into()];
    for (key, value) in profile.as_object().into_iter().flatten() {
        let known = Field::from_json(key).is_some();
        if known && value.is_null() {
            continue;
        }
        members.insert(key.clone(), value.clone());
    }
    members.retain(|key, value| Field::from_json(key).is_none() || !empty.contains(value));
    members
}

proptest! {
    #[test]
    fn writing_what_was_read_keeps_every_byte_of_meaning(text in file()) {
        let once = written(&read(&text));
        let (before, after): (Value, Value) =
            (serde_json::from_str(&text).unwrap(), serde_json::from_str(&once).unwrap());
        prop_assert_eq!(&before["current"], &after["current"]);
        let profiles = |file: &Value| file["profiles"].as_array().cloned().unwrap();
        for (at, (before, after)) in profiles(&before).iter().zip(profiles(&after)).enumerate() {
            prop_assert_eq!(meaning(before, at == 0), meaning(&after, false));
        }
        for (key, value) in before.as_object().unwrap().iter().filter(|(key, _)| key.starts_with("z_")) {
            prop_assert_eq!(Some(value), after.get(key));
        }
    }

    #[test]
    fn what_was_written_once_is_written_the_same_for_ever(text in file()) {
        let once = written(&read(&text));
        prop_assert_eq!(written(&read(&once)), once);
    }

    #[test]
    fn an_excerpt_shows_what_the_whole_file_does(text in file(), wanted in any::<String>()) {
        let whole = read(&text);
        let names = whole.profiles().iter().map(super::Profile::name).chain([wanted.as_str(), whole.current()]);
        for name in names {
            let excerpt = Excerpt::parse(&text, Language::English, &[name]).unwrap();
            let shown = |profile: Option<&super::Profile>| profile.map(|profile| json::to_vec(profile).unwrap());
            prop_assert_eq!(excerpt.current(), whole.current());
            prop_assert_eq!(shown(excerpt.profile(name)), shown(whole.profile(name)));
            prop_assert_eq!(shown(excerpt.profile(whole.current())), shown(whole.profile(whole.current())));
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic_or_repeat_it(text in "[ -~]{0,60}") {
        if let Err(error) = Config::parse(&text, Language::English) {
            prop_assert!(text.len() < 12 || !error.contains(&text), "{}", error);
        }
    }

    #[test]
    fn a_quoted_text_is_read_back(text in any::<String>()) {
        prop_assert_eq!(serde_json::from_str::<String>(&json::quote(&text)).unwrap(), text.clone());
        prop_assert_eq!(serde_json::from_slice::<String>(&json::to_vec(&text).unwrap()).unwrap(), text);
    }
}
