//! The config file under fire: many writers and readers against a model, a fault at every system call of a
//! writer, and folders that refuse.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and makes its own surroundings"
)]

#[path = "../cli/environment.rs"]
#[allow(dead_code, reason = "the tests of the commands use more of it")]
mod environment;
#[cfg(target_os = "linux")]
mod faults;
mod history;
mod locks;
mod model;
#[cfg(target_os = "linux")]
mod refusals;
mod skip;
#[cfg(target_os = "linux")]
mod strace;
