//! What several rooms of tests need.

pub(crate) mod environment;
pub(crate) mod files;
#[cfg(target_os = "linux")]
pub(crate) mod namespace;
#[cfg(unix)]
pub(crate) mod screen;
#[cfg(unix)]
pub(crate) mod shells;
#[cfg(unix)]
pub(crate) mod skip;
#[cfg(target_os = "linux")]
pub(crate) mod strace;
