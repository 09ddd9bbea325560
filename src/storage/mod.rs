//! Files on disk: read whole and replaced whole under a lock, who owns a lock, and the reference's form of JSON.

pub(crate) mod atomic_file;
pub(crate) mod json;
mod lock;
mod lock_owner;
pub(crate) mod paths;
pub(crate) mod replacement;
