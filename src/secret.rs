//! A value that must not be seen: access key secrets, tokens, private keys.

mod buffer;
pub(crate) mod shown;
mod strike;

use std::fmt;

use zeroize::Zeroizing;

pub(crate) use buffer::SecretBuffer;
pub(crate) use strike::redact;

/// A secret text, wiped from memory when dropped and never shown by [`fmt::Debug`].
///
/// It has no `Display` and no `Serialize`: [`Secret::expose`] is the only way to its text, so that a
/// search for that word finds every place that reads one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Returns the text itself, for a request, a signature or the config file.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Tells whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Masks every byte of `text` but the last three with `*`; three bytes or fewer are masked whole
/// (behaviour, section 5).
pub(crate) fn mask(text: &str) -> String {
    let hidden = text.len().saturating_sub(3);
    if hidden == 0 {
        return "*".repeat(text.len());
    }
    "*".repeat(hidden) + &tail(text, 3)
}

/// Returns the last `count` bytes of `text`; a text no longer than that becomes as many `*`.
///
/// A character cut in half becomes U+FFFD.
pub(crate) fn tail(text: &str, count: usize) -> String {
    let start = text.len().saturating_sub(count);
    match text.as_bytes().get(start..) {
        Some(end) if start > 0 => String::from_utf8_lossy(end).into_owned(),
        _ => "*".repeat(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_a_secret() {
        assert_eq!(format!("{:?}", Secret::new("exampleSecret")), "Secret(***)");
    }

    #[test]
    fn masking_leaves_the_last_three_bytes() {
        assert_eq!(mask("exampleSecret0001"), "**************001");
        assert_eq!(mask("abc"), "***");
        assert_eq!(mask(""), "");
        assert_eq!(mask("密钥x"), "****\u{fffd}\u{fffd}x");
    }

    #[test]
    fn a_short_text_has_no_tail_to_show() {
        assert_eq!(tail("ext-42", 3), "-42");
        assert_eq!(tail("ab", 3), "**");
    }
}
