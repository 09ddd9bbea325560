//! Tests that take the whole command line.

mod errors;
mod pages;
mod tree;
