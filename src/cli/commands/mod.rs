//! The commands, one file each: its arguments, and what it does with them.

pub(crate) mod auto_completion;
pub(crate) mod configure;
pub(crate) mod delete;
pub(crate) mod export;
pub(crate) mod get;
pub(crate) mod list;
mod report;
pub(crate) mod root;
pub(crate) mod set;
pub(crate) mod settings;
pub(crate) mod sts;
pub(crate) mod switch;
pub(crate) mod version;

/// The arguments of a command that takes none but `--help`.
#[derive(Debug, clap::Args)]
pub(crate) struct NoArguments {}
