//! Secrets in texts that others wrote: however they stand there, none is shown.

#![no_main]

use aliyun_configure::fuzzing::{shown, struck};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let (secret, text) = input.split_once('\n').unwrap_or((input, ""));
    // A secret of stars could be what stands for one.
    if secret.len() >= 4 && !secret.contains('*') {
        let text = struck(&format!("{text}{secret}{text}"), secret);
        assert!(!text.contains(secret), "{text:?}");
    }
    shown(input);
});
