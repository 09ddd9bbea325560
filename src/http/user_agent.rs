//! What this program calls itself in requests (wire, section 10.3).

use std::env::consts::{ARCH, OS};
use std::fmt;

use crate::VERSION;
use crate::host::Host;

/// The version of the reference whose interface this program has.
pub(crate) const REFERENCE_VERSION: &str = "3.4.11";

/// The most bytes that are taken of a text.
const LIMIT: usize = 256;
/// The names that only the reference itself may use.
const RESERVED: &[&str] = &["core", "go"];

/// The `User-Agent` header: this program, then `name/value` words in a fixed order.
#[derive(Debug, Clone)]
pub(super) struct UserAgent(Vec<(String, String)>);

impl UserAgent {
    /// Makes the words that every request has, including the vendor that the environment names.
    pub(super) fn of(host: &dyn Host) -> Self {
        let mut agent = Self(vec![("Aliyun-CLI".to_owned(), REFERENCE_VERSION.to_owned())]);
        if let Some(vendor) = host.var("ALIBABA_CLOUD_VENDOR") {
            agent.set("vendor", &printable(vendor.bytes()));
        }
        agent
    }

    /// Adds the words of a text, cut to 256 bytes; a later value replaces an earlier one of the same name.
    pub(super) fn add(&mut self, text: &str) {
        for word in printable(text.bytes().take(LIMIT)).split_ascii_whitespace() {
            let (name, value) = word.split_once('/').unwrap_or((word, ""));
            if !RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
                self.set(name, value);
            }
        }
    }

    /// Adds a text as the value of one word, cut to 256 bytes; nothing where it is empty.
    pub(super) fn add_word(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.set(name, &printable(text.bytes().take(LIMIT)));
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }
}

impl fmt::Display for UserAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "aliyun-configure/{VERSION} ({OS}; {ARCH})")?;
        self.0.iter().try_for_each(|(name, value)| write!(f, " {name}/{value}"))
    }
}

/// Returns the bytes that may stand in a header.
fn printable(bytes: impl Iterator<Item = u8>) -> String {
    bytes.filter(|byte| matches!(byte, 0x20..=0x7e)).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    fn words(agent: &UserAgent) -> String {
        agent.to_string().split_once(") ").unwrap().1.to_owned()
    }

    #[test]
    fn words_keep_their_order_and_the_last_value_of_a_name_counts() {
        let mut agent = UserAgent::of(&FakeHost::new().with_var("ALIBABA_CLOUD_VENDOR", "ac\nme"));
        agent.add("b/1 a Core/9 go/1 b/2");
        agent.add("c/x/y");
        agent.add_word("Extra", "my tool");
        agent.add_word("None", "");
        assert_eq!(words(&agent), "Aliyun-CLI/3.4.11 vendor/acme b/2 a/ c/x/y Extra/my tool");
    }

    #[test]
    fn what_a_header_cannot_carry_is_left_out() {
        let mut agent = UserAgent::of(&FakeHost::new());
        agent.add(&format!("é\r\nx/{}", "y".repeat(300)));
        assert_eq!(words(&agent), format!("Aliyun-CLI/3.4.11 x/{}", "y".repeat(250)));
    }
}
