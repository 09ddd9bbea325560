//! Answers to requests that an RSA key signed.

#![no_main]

use aliyun_configure::fuzzing::rsa_key_pair;
use aliyun_configure_fuzz::check_shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &str| rsa_key_pair(body).unwrap_or_else(|said| check_shown(&said)));
