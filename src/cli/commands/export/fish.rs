//! For `... | source` in fish.

use super::{lines, refuse_nul};
use crate::credentials::variables::Variable;
use crate::error::Result;
use crate::secret::Secret;

/// Writes assignments; inside of single quotes fish knows `\'` and `\\`, and nothing else.
pub(super) fn write(variables: &[Variable]) -> Result<Secret> {
    refuse_nul(variables, "fish")?;
    let set = |name: &str, value: &str| {
        format!("set -gx {name} '{}'\n", value.replace('\\', r"\\").replace('\'', r"\'"))
    };
    Ok(lines(variables, set, |name| format!("set -e {name}\n")))
}
