//! Arguments, one a line: they are refused with a reason, or clap takes them in the usual form.

#![no_main]

use aliyun_configure::fuzzing::arguments;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| match arguments(text.split('\n').map(str::to_owned).collect()) {
    Ok(path) => assert_eq!(path.first(), Some(&"aliyun")),
    Err(said) => assert!(!said.is_empty()),
});
