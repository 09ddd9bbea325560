//! For `eval "$(...)"` in sh, bash, zsh, dash and ksh.

use super::{lines, refuse_nul};
use crate::credentials::variables::Variable;
use crate::error::Result;
use crate::secret::Secret;

/// Writes assignments; all that single quotes do not hold is a quote itself, which stands between two texts.
pub(super) fn write(variables: &[Variable]) -> Result<Secret> {
    refuse_nul(variables, "env")?;
    let set = |name: &str, value: &str| format!("export {name}='{}'\n", value.replace('\'', r"'\''"));
    Ok(lines(variables, set, |name| format!("unset {name}\n")))
}
