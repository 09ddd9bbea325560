//! What several rooms of tests need.

pub(crate) mod environment;
#[cfg(target_os = "linux")]
pub(crate) mod skip;
#[cfg(target_os = "linux")]
pub(crate) mod strace;
