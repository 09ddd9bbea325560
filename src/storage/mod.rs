//! Files and locks: what is read whole and replaced whole, who owns a lock, and the reference's form of JSON.

pub(crate) mod atomic_file;
pub(crate) mod json;
mod lock_owner;
