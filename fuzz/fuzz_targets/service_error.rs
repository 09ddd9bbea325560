//! What a service says when it refuses a call.

#![no_main]

use aliyun_configure::fuzzing::service_error;
use aliyun_configure_fuzz::{SECRET, check_shown};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &str| check_shown(&service_error(body, SECRET)));
