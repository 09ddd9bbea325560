//! What a helper prints: it is in no error, and what is taken from it can be stored.

#![no_main]

use aliyun_configure::fuzzing::{config, helper_output};
use aliyun_configure_fuzz::check_shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|output: &str| match helper_output(output) {
    Ok(profile) => drop(config(&format!("{{\"profiles\":[{profile}]}}")).expect("a profile can be read")),
    Err(said) => check_shown(&said),
});
