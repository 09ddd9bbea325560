//! For `for /f "delims=" %%i in ('...') do %%i` in a batch file of Windows.

use super::{lines, refuse, refuse_nul};
use crate::credentials::variables::Variable;
use crate::error::Result;
use crate::secret::Secret;

/// Writes assignments. cmd has no way to write a quote or a line break inside of quotes.
pub(super) fn write(variables: &[Variable]) -> Result<Secret> {
    refuse_nul(variables, "cmd")?;
    refuse(variables, "cmd", &['"', '\r', '\n'], "a double quote or a line break")?;
    let set = |name: &str, value: &str| format!("set \"{name}={value}\"\n");
    Ok(lines(variables, set, |name| format!("set \"{name}=\"\n")))
}

#[cfg(test)]
mod tests {
    use super::super::tests::variables;
    use super::*;

    #[test]
    fn what_would_end_the_quotes_is_refused() {
        for value in ["a\"&calc&\"", "a\nb", "a\rb"] {
            assert!(write(&variables(&[("A", Some(value))])).is_err(), "{value:?}");
        }
        let written = write(&variables(&[("A", Some("a&b|c<d>e^f!g'h%PATH%")), ("B", None)])).unwrap();
        assert_eq!(written.expose(), "set \"A=a&b|c<d>e^f!g'h%PATH%\"\nset \"B=\"\n");
    }
}
