//! Targets of a browser's requests: only one with the state of this login has a code.

#![no_main]

use aliyun_configure::fuzzing::callback;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|target: &str| {
    let Some((code, text)) = callback(target, "state123") else {
        return;
    };
    assert!(!text.contains(|character: char| character.is_control() && character != '\n'), "{text:?}");
    assert!(code.is_none_or(|code| !code.is_empty()));
    // The page that answers can hold nothing of a request that doesn't know the state.
    if callback(target, "another").is_some_and(|(code, _)| code.is_some()) {
        assert!(text == "Invalid state\n", "{text:?}");
    }
});
