//! Answers of a credentials URI.

#![no_main]

use aliyun_configure::fuzzing::credentials_uri;
use aliyun_configure_fuzz::check_shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &str| {
    credentials_uri(200, body).unwrap_or_else(|said| check_shown(&said));
    check_shown(&credentials_uri(404, body).expect_err("only status 200 is an answer"));
});
