//! Answers with a session, as STS and the metadata service give them.

#![no_main]

use aliyun_configure::fuzzing::session;
use aliyun_configure_fuzz::check_shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &str| session(body).unwrap_or_else(|said| check_shown(&said)));
