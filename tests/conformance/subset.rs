//! JSON that must hold what a case asks for, and may hold more.

use fake_cloud::Json;
use fancy_regex::Regex;
use indexmap::IndexMap;

use crate::Outcome;

/// Says whether the text is JSON that holds all that is wanted.
pub(crate) fn holds_json(want: &Json, text: &str) -> Outcome<bool> {
    match serde_json::from_str(text) {
        Ok(got) => subset(want, &got),
        Err(_) => Ok(false),
    }
}

/// Says whether all that is wanted is there: objects may hold more, lists may not.
///
/// `{"has": [...]}` stands for a list that holds a match of each, `{"re": "..."}` for a text that
/// matches.
pub(crate) fn subset(want: &Json, got: &Json) -> Outcome<bool> {
    Ok(match (want, got) {
        (Json::Object(want), got) => match (only(want, "has"), only(want, "re"), got) {
            (Some(Json::List(wanted)), _, Json::List(got)) => {
                all(wanted, |want| any(got, |got| subset(want, got)))?
            }
            (_, Some(Json::Text(pattern)), Json::Text(got)) => Regex::new(pattern)?.is_match(got)?,
            (None, None, Json::Object(got)) => all(want, |(key, want)| match got.get(key) {
                Some(got) => subset(want, got),
                None => Ok(false),
            })?,
            _ => false,
        },
        (Json::List(want), Json::List(got)) => {
            want.len() == got.len() && all(want.iter().zip(got), |(want, got)| subset(want, got))?
        }
        (Json::Number(want), Json::Number(got)) => want.as_f64() == got.as_f64(),
        _ => want == got,
    })
}

/// The value of an object's only member.
fn only<'a>(object: &'a IndexMap<String, Json>, key: &str) -> Option<&'a Json> {
    object.get(key).filter(|_| object.len() == 1)
}

fn all<T>(items: impl IntoIterator<Item = T>, mut holds: impl FnMut(T) -> Outcome<bool>) -> Outcome<bool> {
    for item in items {
        if !holds(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn any<T>(items: impl IntoIterator<Item = T>, mut holds: impl FnMut(T) -> Outcome<bool>) -> Outcome<bool> {
    Ok(!all(items, |item| Ok(!holds(item)?))?)
}
