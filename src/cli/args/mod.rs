//! Arguments: the reference's forms, the commands and flags that there are, and values that are secrets.

pub(crate) mod exposure;
pub(crate) mod flags;
pub(crate) mod grammar;
pub(crate) mod secret_values;
pub(crate) mod suggestions;
pub(crate) mod table;
pub(crate) mod tree;
