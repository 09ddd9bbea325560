//! Files on disk: read whole and replaced whole under a lock, who owns a lock, and the reference's form of JSON.

pub(crate) mod atomic_file;
mod in_place;
pub(crate) mod json;
pub(crate) mod lock;
mod lock_owner;
pub(crate) mod ownership;
pub(crate) mod paths;
pub(crate) mod replacement;

/// What some editors put in front of a text; it is no part of it (behaviour, section 6.18).
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';
