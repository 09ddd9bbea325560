//! The two files of the older command line, with a NUL between them.

#![no_main]

use aliyun_configure::fuzzing::{config, older_files};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (credentials, settings) = text.split_once('\0').unwrap_or((text, ""));
    if let Some(written) = older_files(credentials, settings) {
        config(&written).expect("what was taken over can be read");
    }
});
