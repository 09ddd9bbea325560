//! Answers that replace the fake cloud's own.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use indexmap::IndexMap;
use serde::Deserialize;

use crate::json::Json;

/// One answer that a test puts in the place of the cloud's own.
///
/// Its JSON form has the optional members `drop`, `delay` (seconds), `status`, `body` (a string is
/// sent as it is, anything else as JSON), `type` (the content type) and `headers`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answer {
    pub(crate) drop: bool,
    pub(crate) delay: f64,
    pub(crate) status: u16,
    pub(crate) body: Json,
    #[serde(rename = "type")]
    pub(crate) content_type: Option<String>,
    pub(crate) headers: IndexMap<String, String>,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            drop: false,
            delay: 0.0,
            status: 200,
            body: Json::object([]),
            content_type: None,
            headers: IndexMap::new(),
        }
    }
}

impl Answer {
    /// Makes an answer with this status and the body `{}`.
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// Makes an answer of status 200 with this body.
    pub fn ok(body: impl Into<Json>) -> Self {
        Self::default().body(body)
    }

    /// Makes no answer at all: the connection is closed.
    pub fn dropped() -> Self {
        Self { drop: true, ..Self::default() }
    }

    /// Replaces the body: a string is sent as it is, anything else as JSON.
    #[must_use]
    pub fn body(mut self, body: impl Into<Json>) -> Self {
        self.body = body.into();
        self
    }

    /// Adds a header, in the place of the cloud's own header of that name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Holds the answer back for this long.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay.as_secs_f64();
        self
    }
}

/// The answers of a test, by what they answer: `ACTION`, `METHOD path`, `METHOD host/path` or
/// `METHOD host/path ACTION`.
///
/// A key's answers are used one a call; its last one stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "BTreeMap<String, OneOrMany>")]
pub struct Overrides(BTreeMap<String, VecDeque<Option<Answer>>>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(VecDeque<Option<Answer>>),
    One(Option<Answer>),
}

impl From<BTreeMap<String, OneOrMany>> for Overrides {
    fn from(answers: BTreeMap<String, OneOrMany>) -> Self {
        let list = |answer| match answer {
            OneOrMany::Many(answers) => answers,
            OneOrMany::One(answer) => [answer].into(),
        };
        Self(answers.into_iter().map(|(key, answer)| (key, list(answer))).collect())
    }
}

impl Overrides {
    /// Makes a set without answers: the cloud gives its own.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds an answer after those that `key` already has.
    #[must_use]
    pub fn answer(mut self, key: &str, answer: Answer) -> Self {
        self.0.entry(key.to_owned()).or_default().push_back(Some(answer));
        self
    }

    /// Takes the next answer of `key`; the last one stays.
    pub(crate) fn next(&mut self, key: &str) -> Option<Answer> {
        let answers = self.0.get_mut(key)?;
        if answers.len() > 1 { answers.pop_front()? } else { answers.front()?.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_answer_of_a_list_stays() -> serde_json::Result<()> {
        let mut overrides: Overrides =
            serde_json::from_str(r#"{"A": [{"status": 500}, {"body": "x"}], "B": {"drop": true}}"#)?;
        let mut statuses = || overrides.next("A").map(|answer| answer.status);
        assert_eq!([statuses(), statuses(), statuses()], [Some(500), Some(200), Some(200)]);
        assert!(overrides.next("B").is_some_and(|answer| answer.drop));
        assert!(overrides.next("C").is_none());
        Ok(())
    }

    #[test]
    fn an_unknown_member_of_an_answer_is_refused() {
        assert!(serde_json::from_str::<Overrides>(r#"{"A": {"stauts": 500}}"#).is_err());
    }
}
