//! Config files: an error repeats nothing of the file, and what was written once stays as it is.

#![no_main]

use aliyun_configure::fuzzing::config;
use aliyun_configure_fuzz::check_shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| match config(text) {
    Ok(written) => assert_eq!(config(&written), Ok(written.clone())),
    Err(said) => check_shown(&said),
});
