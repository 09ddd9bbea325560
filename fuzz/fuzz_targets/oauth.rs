//! Answers of the OAuth servers, each read as that of every call.

#![no_main]

use aliyun_configure::fuzzing::oauth;
use aliyun_configure_fuzz::{SECRET, check_shown};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &str| {
    for status in [200, 400] {
        oauth(status, body, SECRET).iter().for_each(|said| check_shown(said));
    }
});
