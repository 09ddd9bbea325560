//! Arguments: the reference's forms, the commands and flags that there are, and values that are secrets.

mod beyond;
pub(crate) mod fields;
mod form;
pub(crate) mod grammar;
pub(crate) mod profile_flags;
pub(crate) mod refusals;
pub(crate) mod schema;
pub(crate) mod secret_values;
pub(crate) mod suggestions;
pub(crate) mod warnings;
