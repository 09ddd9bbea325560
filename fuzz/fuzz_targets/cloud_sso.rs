//! Answers of a CloudSSO portal, each read as that of every call.

#![no_main]

use aliyun_configure::fuzzing::cloud_sso;
use aliyun_configure_fuzz::{SECRET, check_shown};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &str| cloud_sso(body, SECRET).iter().for_each(|said| check_shown(said)));
