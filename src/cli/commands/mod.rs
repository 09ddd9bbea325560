//! The commands, one file each: its arguments, and what it does with them.

pub(crate) mod auto_completion;
pub(crate) mod check;
pub(crate) mod configure;
pub(crate) mod copy;
pub(crate) mod delete;
pub(crate) mod exec;
pub(crate) mod export;
pub(crate) mod get;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod logout;
pub(crate) mod rename;
mod report;
pub(crate) mod root;
pub(crate) mod rotate;
pub(crate) mod set;
pub(crate) mod settings;
pub(crate) mod sts;
pub(crate) mod switch;
pub(crate) mod unset;
pub(crate) mod version;

use std::borrow::Cow;

use crate::cli::args::profile_flags::Target;
use crate::config::profile::Profile;
use crate::config::{Config, DEFAULT_PROFILE};
use crate::error::Result;

/// The arguments of a command that takes none but `--help`.
#[derive(Debug, clap::Args)]
pub(crate) struct NoArguments {}

/// Returns the name of the current profile, or that of the first one ever made.
fn current(config: &Config) -> &str {
    if config.current().is_empty() { DEFAULT_PROFILE } else { config.current() }
}

/// Returns the profile that is asked for, or the current one.
fn chosen<'c>(config: &'c Config, target: &Target) -> Result<&'c Profile> {
    let name = target.profile().unwrap_or_else(|| current(config));
    config.find(name)
}

/// Puts blanks in the place of control characters, which would rule the terminal.
fn printable(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.contains(char::is_control) {
        true => text.replace(char::is_control, " ").into(),
        false => text,
    }
}
