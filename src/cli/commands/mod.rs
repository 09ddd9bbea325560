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

/// The arguments of a command that takes none but `--help`.
#[derive(Debug, clap::Args)]
pub(crate) struct NoArguments {}

use crate::error::Error;

/// Words the error about a profile that is not there as one of the arguments, which is what is to be mended.
pub(crate) fn not_found(error: Error) -> Error {
    match error {
        Error::NotConfigured { profile, .. } => Error::invalid(format!("profile {profile} not found")),
        other => other,
    }
}
