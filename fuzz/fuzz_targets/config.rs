//! Config files: an error repeats nothing of the file, what was written once stays as it is, and one profile
//! alone is read as among all others.

#![no_main]

use aliyun_configure::fuzzing::{config, excerpt, profile};
use aliyun_configure_fuzz::check_shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match config(text) {
        Ok(written) => assert_eq!(config(&written), Ok(written.clone())),
        Err(said) => check_shown(&said),
    }
    assert_eq!(excerpt(text, "default"), profile(text, "default"));
});
