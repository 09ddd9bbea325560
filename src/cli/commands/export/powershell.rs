//! For `... | Invoke-Expression` in PowerShell.

use super::{lines, refuse_nul};
use crate::credentials::variables::Variable;
use crate::error::Result;
use crate::secret::Secret;

/// Writes assignments.
pub(super) fn write(variables: &[Variable]) -> Result<Secret> {
    refuse_nul(variables, "powershell")?;
    let set = |name: &str, value: &str| format!("$Env:{name} = {}\n", literal(value));
    Ok(lines(variables, set, |name| format!("Remove-Item Env:{name} -ErrorAction SilentlyContinue\n")))
}

/// Returns a value in single quotes. PowerShell takes typographic quotes for single quotes too. A line break has to
/// stand outside, since a pipe runs line after line.
fn literal(value: &str) -> String {
    let mut text = String::from("'");
    for character in value.chars() {
        match character {
            '\'' | '\u{2018}'..='\u{201b}' => text.extend([character, character]),
            '\n' => text.push_str("' + [char]10 + '"),
            '\r' => text.push_str("' + [char]13 + '"),
            _ => text.push(character),
        }
    }
    text + "'"
}

#[cfg(test)]
mod tests {
    use super::super::tests::variables;
    use super::*;

    fn written(value: &str) -> String {
        write(&variables(&[("A", Some(value)), ("B", None)])).unwrap().expose().to_owned()
    }

    #[test]
    fn a_value_is_plain_text_whatever_it_holds() {
        let removal = "Remove-Item Env:B -ErrorAction SilentlyContinue\n";
        assert_eq!(written(r#"$(id) `n "%\"#), format!("$Env:A = '$(id) `n \"%\\'\n{removal}"));
        assert_eq!(
            written("a'b\u{2018}c\u{2019}d\u{201a}e\u{201b}f"),
            format!(
                "$Env:A = 'a''b\u{2018}\u{2018}c\u{2019}\u{2019}d\u{201a}\u{201a}e\u{201b}\u{201b}f'\n{removal}"
            )
        );
    }

    #[test]
    fn each_line_is_a_statement_of_its_own() {
        assert_eq!(
            written("one\r\ntwo").lines().next(),
            Some("$Env:A = 'one' + [char]13 + '' + [char]10 + 'two'")
        );
    }
}
