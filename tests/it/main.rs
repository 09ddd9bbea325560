//! The program and the library as their users meet them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and makes its own surroundings"
)]

mod architecture;
mod cli;
mod docs;
mod modes;
#[cfg(unix)]
mod prompt;

mod specification;
#[cfg(target_os = "linux")]
mod startup;
#[cfg(unix)]
mod store;
mod support;
#[cfg(unix)]
mod tour;
