//! Random calls by threads and programs at once, each of which must have had its effect at one moment.

use std::fs;
use std::io::ErrorKind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use aliyun_configure::{ConfigStore, Error, FakeHost, Field, StorageFailure};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::store::history::{Call, Done, State, is_linearizable};
use crate::support::environment::TestEnvironment;

/// Who does a call: the library within this program, or the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Library,
    Program,
}

fn call() -> impl Strategy<Value = (Call, By)> {
    let name = || prop_oneof![Just("default"), Just("a"), Just("b"), Just("c")].prop_map(str::to_owned);
    let call = prop_oneof![
        4 => name().prop_map(|name| Call::Set { name, key: String::new() }),
        2 => name().prop_map(|name| Call::Switch { name }),
        2 => name().prop_map(|name| Call::Delete { name }),
        3 => Just(Call::Read),
    ];
    (call, prop_oneof![2 => Just(By::Library), 1 => Just(By::Program)])
}

/// Gives each key that is set a name of its own, so that a reader's sight tells who was there.
fn with_keys(actors: Vec<Vec<(Call, By)>>) -> Vec<Vec<(Call, By)>> {
    let mut number = 0;
    let mut with_key = |(call, by)| match call {
        Call::Set { name, .. } => {
            number += 1;
            (Call::Set { name, key: format!("key-{number}") }, by)
        }
        other => (other, by),
    };
    actors.into_iter().map(|calls| calls.into_iter().map(&mut with_key).collect()).collect()
}

/// Does a call; gives whether it succeeded.
fn by_library(store: &ConfigStore, call: &Call) -> bool {
    let outcome = match call {
        Call::Set { name, key } => store.update(|config| {
            let mut profile = config.profile_or_new(name);
            profile.set_text(Field::AccessKeyId, key);
            config.put(profile);
            config.switch(name)
        }),
        Call::Switch { name } => store.update_existing(|config| config.switch(name)),
        Call::Delete { name } => store.update_existing(|config| config.delete(name)),
        Call::Read => unreachable!("readers see something"),
    };
    match outcome {
        Ok(()) => true,
        Err(Error::UnknownProfile { .. } | Error::Storage { failure: StorageFailure::NamedMissing, .. }) => {
            false
        }
        Err(error) => panic!("{call:?}: {error}"),
    }
}

fn by_program(environment: &TestEnvironment, call: &Call) -> bool {
    let run = match call {
        Call::Set { name, key } => environment.run(&[
            "configure",
            "set",
            "--profile",
            name,
            "--mode=AK",
            "--access-key-id",
            key,
            "--access-key-secret",
            "s",
            "--region=r",
        ]),
        Call::Switch { name } => environment.run(&["configure", "switch", "--profile", name]),
        Call::Delete { name } => environment.run(&["configure", "delete", "--profile", name]),
        Call::Read => unreachable!("readers see something"),
    };
    let is_expected = ["inexist", "not found", "no such file"].iter().any(|why| run.stderr.contains(why));
    assert!(run.code == 0 || run.code == 1 && is_expected, "{call:?}: {run:?}");
    run.code == 0
}

fn by_file(environment: &TestEnvironment) -> State {
    match fs::read_to_string(environment.config_path()) {
        Ok(text) => State::of(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => State::missing(),
        Err(error) => panic!("{error}"),
    }
}

fn read_by_library(store: &ConfigStore) -> State {
    let config = match store.load_existing() {
        Ok(config) => config,
        Err(Error::Storage { failure: StorageFailure::NamedMissing, .. }) => return State::missing(),
        Err(error) => panic!("{error}"),
    };
    State {
        exists: true,
        current: config.current().to_owned(),
        profiles: config
            .profiles()
            .iter()
            .map(|profile| (profile.name().to_owned(), profile.text(Field::AccessKeyId).to_owned()))
            .collect(),
    }
}

fn act(environment: &TestEnvironment, clock: &AtomicU64, calls: Vec<(Call, By)>) -> Vec<Done> {
    let store = ConfigStore::open_path(&FakeHost::new(), environment.config_path());
    let tick = || clock.fetch_add(1, Ordering::SeqCst);
    let done = |(call, by)| {
        let began = tick();
        let (succeeded, saw) = match (&call, by) {
            (Call::Read, By::Library) => (true, Some(read_by_library(&store))),
            (Call::Read, By::Program) => (true, Some(by_file(environment))),
            (call, By::Library) => (by_library(&store, call), None),
            (call, By::Program) => (by_program(environment, call), None),
        };
        Done { call, began, ended: tick(), succeeded, saw }
    };
    calls.into_iter().map(done).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        // What failed once need not fail again.
        max_shrink_iters: 0,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_call_of_many_at_once_has_its_effect_at_one_moment(actors in vec(vec(call(), 1..8), 2..6)) {
        let (environment, clock) = (TestEnvironment::new(), AtomicU64::new(0));
        let mut history: Vec<Vec<Done>> = thread::scope(|scope| {
            let (environment, clock) = (&environment, &clock);
            let start = |calls| scope.spawn(move || act(environment, clock, calls));
            let actors: Vec<_> = with_keys(actors).into_iter().map(start).collect();
            actors.into_iter().map(|actor| actor.join().unwrap()).collect()
        });
        history.push(act(&environment, &clock, vec![(Call::Read, By::Library), (Call::Read, By::Program)]));
        prop_assert!(is_linearizable(&State::missing(), &history), "{:#?}", history);
    }
}
