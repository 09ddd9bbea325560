//! The commands, one file each.

pub(crate) mod auto_completion;
pub(crate) mod configure;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
mod report;
pub(crate) mod set;
pub(crate) mod settings;
pub(crate) mod sts;
pub(crate) mod switch;
pub(crate) mod version;
