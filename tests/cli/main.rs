//! The binary in a cleared environment: what scripts see of each command.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and makes its own surroundings"
)]

mod call;
#[cfg(unix)]
mod completion;
mod environment;
mod files;
mod get_and_list;
mod given_secrets;
#[cfg(unix)]
mod handover;
mod interactive;
#[cfg(unix)]
mod odd_bytes;
#[cfg(unix)]
mod programs;
mod refresh;
mod safety;
mod secrets;
mod set;
mod settings;
mod streams;
#[cfg(unix)]
mod survival;
#[cfg(unix)]
mod terminal;
