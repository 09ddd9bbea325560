//! Files of profiles, of every kind that `import` reads.

#![no_main]

use aliyun_configure::fuzzing::import;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(said) = import(text) {
        assert!(text.len() < 40 || !said.contains(text), "the text is repeated");
    }
});
