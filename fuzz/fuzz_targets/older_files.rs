//! The two files of the older command line, with a NUL between them.

#![no_main]

use aliyun_configure::fuzzing::{config, older_files};
use aliyun_configure_fuzz::check_shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (credentials, settings) = text.split_once('\0').unwrap_or((text, ""));
    match older_files(credentials, settings) {
        Ok(Some(written)) => drop(config(&written).expect("what was taken over can be read")),
        Ok(None) => {}
        Err(said) => check_shown(&said),
    }
});
