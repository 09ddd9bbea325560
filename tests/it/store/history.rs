//! A history of calls, and whether one after the other they could have gone that way.

use std::collections::HashSet;

use serde_json::Value;

/// What a config file holds, as far as the calls change it. The built-in config stands in for a missing file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) exists: bool,
    pub(crate) current: String,
    /// Each profile with its access key, in the order of the file.
    pub(crate) profiles: Vec<(String, String)>,
}

impl State {
    /// What stands in for a missing file.
    pub(crate) fn missing() -> Self {
        let profiles = vec![("default".to_owned(), String::new())];
        Self { exists: false, current: "default".to_owned(), profiles }
    }

    /// Reads a whole file.
    pub(crate) fn of(text: &str) -> Self {
        let json: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text:?}"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let profile = |profile: &Value| (text(&profile["name"]), text(&profile["access_key_id"]));
        let profiles = json["profiles"].as_array().unwrap().iter().map(profile).collect();
        Self { exists: true, current: text(&json["current"]), profiles }
    }

    fn has(&self, name: &str) -> bool {
        self.exists && self.profiles.iter().any(|(other, _)| other == name)
    }

    /// Does a call, and gives whether it succeeds; one that fails changes nothing.
    fn apply(&mut self, call: &Call) -> bool {
        match call {
            Call::Set { name, key } => {
                match self.profiles.iter_mut().find(|(other, _)| other == name) {
                    Some((_, stored)) => stored.clone_from(key),
                    None => self.profiles.push((name.clone(), key.clone())),
                }
                self.current.clone_from(name);
                self.exists = true;
                true
            }
            Call::Switch { name } if self.has(name) => {
                self.current.clone_from(name);
                true
            }
            Call::Delete { name } if self.has(name) => {
                self.profiles.retain(|(other, _)| other != name);
                if self.current == *name {
                    let first = self.profiles.first().map_or("default", |(name, _)| name);
                    self.current = first.to_owned();
                }
                true
            }
            Call::Switch { .. } | Call::Delete { .. } => false,
            Call::Read => true,
        }
    }
}

/// One call of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    Set { name: String, key: String },
    Switch { name: String },
    Delete { name: String },
    Read,
}

/// A call that came to an end.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) call: Call,
    /// Places in one order of all beginnings and ends.
    pub(crate) began: u64,
    pub(crate) ended: u64,
    pub(crate) succeeded: bool,
    /// What a reader saw.
    pub(crate) saw: Option<State>,
}

/// Tells whether there is an order of all calls, each between its beginning and its end, in which every call
/// has the outcome that it had and every reader sees what it saw.
///
/// Each list holds the calls of one actor in their order.
pub(crate) fn is_linearizable(start: &State, actors: &[Vec<Done>]) -> bool {
    let mut seen = HashSet::new();
    let mut left = vec![(vec![0_usize; actors.len()], start.clone())];
    while let Some((places, state)) = left.pop() {
        let heads = || {
            let heads = actors.iter().zip(&places).enumerate();
            heads.filter_map(|(actor, (calls, place))| Some((actor, calls.get(*place)?)))
        };
        let Some(first_end) = heads().map(|(_, head)| head.ended).min() else {
            return true;
        };
        for (actor, head) in heads().filter(|(_, head)| head.began < first_end) {
            let mut next = state.clone();
            let succeeds = next.apply(&head.call);
            if succeeds != head.succeeded || head.saw.as_ref().is_some_and(|saw| *saw != next) {
                continue;
            }
            let mut places = places.clone();
            places[actor] += 1;
            if seen.insert((places.clone(), next.clone())) {
                left.push((places, next));
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(key: &str, began: u64, ended: u64) -> Done {
        let call = Call::Set { name: "a".into(), key: key.into() };
        Done { call, began, ended, succeeded: true, saw: None }
    }

    fn read(key: &str, began: u64, ended: u64) -> Done {
        let profiles = vec![("default".into(), String::new()), ("a".into(), key.into())];
        let saw = Some(State { exists: true, current: "a".into(), profiles });
        Done { call: Call::Read, began, ended, succeeded: true, saw }
    }

    fn holds(actors: &[Vec<Done>]) -> bool {
        is_linearizable(&State::missing(), actors)
    }

    #[test]
    fn calls_at_the_same_time_may_have_gone_either_way() {
        assert!(holds(&[vec![set("1", 0, 3)], vec![set("2", 1, 2)], vec![read("1", 4, 5)]]));
        assert!(holds(&[vec![set("1", 0, 3)], vec![set("2", 1, 2)], vec![read("2", 4, 5)]]));
    }

    #[test]
    fn a_lost_change_and_an_old_sight_are_found_out() {
        assert!(!holds(&[vec![set("1", 0, 1)], vec![set("2", 2, 3)], vec![read("1", 4, 5)]]));
        assert!(!holds(&[vec![set("1", 0, 3)], vec![read("1", 1, 2), read("2", 4, 5)]]));
        let failed = Done { succeeded: false, ..set("1", 0, 1) };
        assert!(!holds(&[vec![failed]]));
    }
}
