//! Any answer: it is put in order, and then stays so.

#![no_main]

use aliyun_configure::fuzzing::answer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &str| {
    if let Some(printed) = answer(body) {
        assert_eq!(answer(&printed), Some(printed.clone()));
    }
});
