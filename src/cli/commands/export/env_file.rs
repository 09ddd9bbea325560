//! For `docker run --env-file` and systemd.

use super::{lines, refuse, refuse_nul};
use crate::credentials::variables::Variable;
use crate::error::Result;
use crate::secret::Secret;

/// Writes the values as they are, since these readers take quotes for a part of them.
pub(super) fn write(variables: &[Variable]) -> Result<Secret> {
    refuse_nul(variables, "env-file")?;
    refuse(variables, "env-file", &['\r', '\n'], "a line break")?;
    Ok(lines(variables, |name, value| format!("{name}={value}\n"), |_| String::new()))
}
