//! A section of `~/.alibabacloud/credentials`, as the SDKs read it.

use super::access_key;
use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// Writes a section that is named after a profile.
pub(super) fn write(profile: &str, credentials: &Credentials) -> Result<Secret> {
    let key = access_key(credentials, "--format ini")?;
    if !is_plain_name(profile) {
        return Err(refused("the name of the profile"));
    }
    let token = key.security_token.as_ref();
    let kind = if token.is_some() { "sts" } else { "access_key" };
    let values = [
        ("access_key_id", Some(key.access_key_id.as_str())),
        ("access_key_secret", Some(key.access_key_secret.expose())),
        ("security_token", token.map(Secret::expose)),
    ];
    let mut text = format!("[{profile}]\ntype = {kind}\n");
    for (name, value) in values {
        let Some(value) = value else { continue };
        if !is_plain(value) {
            return Err(refused(&format!("the value of {name}")));
        }
        text.push_str(&format!("{name} = {value}\n"));
    }
    Ok(Secret::new(text))
}

/// Tells whether all readers of such files take a section's name as it is; one of the name `DEFAULT` has values for
/// all others.
fn is_plain_name(name: &str) -> bool {
    name.trim() == name
        && name != "DEFAULT"
        && !name.chars().any(|character| character.is_control() || "[]".contains(character))
}

/// Tells whether all readers of such files take a value as it is: comments, quotes, continued lines and references
/// to other values are different things to each of them.
fn is_plain(value: &str) -> bool {
    value.trim() == value
        && !value.chars().any(|character| character.is_control() || "#;%\"'`\\".contains(character))
}

fn refused(what: &str) -> Error {
    Error::invalid(format!(
        "{what} holds characters that the readers of such a file understand in different ways; choose another format than ini"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_would_take_for_something_else_is_refused() {
        let fit = ["LTAI5t", "a+/=b:c", "gehéim"].map(is_plain);
        let unfit = ["a\nb", " a", "a ", "a;b", "a#b", "50%", "\"a\"", "a\\"].map(is_plain);
        assert_eq!((fit, unfit), ([true; 3], [false; 8]));
        let fit = ["default", "a b", "gehéim", "#x"].map(is_plain_name);
        let unfit = ["DEFAULT", " a", "a ", "a]", "[a", "a\nb"].map(is_plain_name);
        assert_eq!((fit, unfit), ([true; 4], [false; 6]));
    }
}
