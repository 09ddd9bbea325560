//! Striking secrets out of what others say, however they wrote them down.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::Secret;

/// What stands for a secret.
pub(crate) const STRUCK: &str = "***";

/// The shortest secret that is struck out, in bytes: a shorter one would tear words apart, and hides nothing.
const SHORTEST: usize = 4;

/// Strikes secrets out of a text that came from elsewhere.
///
/// They are found in any case, with signs between that no terminal shows, encoded for an address (however often),
/// escaped for JSON or HTML, in hexadecimal and in base64, there also as a part of more.
pub(crate) fn redact<'a>(text: &str, secrets: impl IntoIterator<Item = &'a Secret>) -> String {
    let needles: Vec<_> = secrets.into_iter().flat_map(needles).collect();
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(character) = rest.chars().next() else { break };
        match needles.iter().filter_map(|needle| end_of(needle, bytes, at)).max() {
            // What is cut in the middle of a character goes to the next whole one.
            Some(end) => {
                out.push_str(STRUCK);
                at = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
            }
            None => {
                out.push(character);
                at += character.len_utf8();
            }
        }
    }
    out
}

/// Returns what a secret may look like, in lower case.
fn needles(secret: &Secret) -> Vec<Zeroizing<Vec<u8>>> {
    let bytes = secret.expose().as_bytes();
    if bytes.len() < SHORTEST {
        return Vec::new();
    }
    let plain = Zeroizing::new(bytes.to_ascii_lowercase());
    let mut hex = Zeroizing::new(Vec::with_capacity(2 * bytes.len()));
    hex.extend(bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]).map(digit));
    [plain, hex].into_iter().chain((0..3).map(|before| in_base64(bytes, before))).collect()
}

/// Returns a hexadecimal digit.
fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

/// Returns those characters of a base64 text that a secret alone decides where so many bytes stand before it.
fn in_base64(bytes: &[u8], before: usize) -> Zeroizing<Vec<u8>> {
    let whole = std::iter::repeat_n(0, before).chain(bytes.iter().copied());
    let whole: Zeroizing<Vec<u8>> = Zeroizing::new(whole.collect());
    let mut text = Zeroizing::new(STANDARD_NO_PAD.encode(&*whole).into_bytes());
    if !whole.len().is_multiple_of(3) {
        text.pop();
    }
    let mixed = (before * 8).div_ceil(6);
    Zeroizing::new(text.iter().skip(mixed).map(u8::to_ascii_lowercase).collect())
}

/// Returns where a needle that begins at a place of a text ends; `None` where none begins there.
fn end_of(needle: &[u8], text: &[u8], start: usize) -> Option<usize> {
    let mut places = vec![start];
    for (number, wanted) in needle.iter().enumerate() {
        let mut next = Vec::new();
        for place in places {
            // In front of a secret signs that are not shown are none of it.
            let behind = Some(behind_controls(text, place)).filter(|behind| number > 0 && *behind > place);
            let spelled = [Some(place), behind].into_iter().flatten().flat_map(|at| spellings(text, at));
            next.extend(spelled.filter(|(byte, _)| byte == wanted).map(|(_, end)| end));
        }
        next.sort_unstable();
        next.dedup();
        if next.is_empty() {
            return None;
        }
        places = next;
    }
    places.into_iter().max()
}

fn behind_controls(text: &[u8], place: usize) -> usize {
    let rest = text.get(place..).unwrap_or_default();
    place + rest.iter().take_while(|byte| byte.is_ascii_control()).count()
}

/// Returns the bytes, in lower case, that the text at a place may stand for, each with where its spelling ends.
fn spellings(text: &[u8], place: usize) -> impl Iterator<Item = (u8, usize)> {
    let rest = text.get(place..).unwrap_or_default();
    let itself = rest.first().map(|byte| (*byte, 1));
    let replaced = match itself {
        Some((b'+', _)) => Some((b' ', 1)),
        // The alphabet of base64 for addresses.
        Some((b'-', _)) => Some((b'+', 1)),
        Some((b'_', _)) => Some((b'/', 1)),
        _ => None,
    };
    [itself, replaced, percent(rest), backslash(rest), entity(rest)]
        .into_iter()
        .flatten()
        .map(move |(byte, length)| (byte.to_ascii_lowercase(), place + length))
}

/// Reads `%XX`, of which the percent sign may be encoded again and again.
fn percent(rest: &[u8]) -> Option<(u8, usize)> {
    let mut at = 1;
    rest.strip_prefix(b"%")?;
    while rest.get(at..)?.starts_with(b"25") && number(rest.get(at + 2..at + 4), 16).is_some() {
        at += 2;
    }
    Some((number(rest.get(at..at + 2), 16)?, at + 2))
}

/// Reads an escape of JSON.
fn backslash(rest: &[u8]) -> Option<(u8, usize)> {
    match rest.strip_prefix(b"\\")? {
        [b'u' | b'U', b'0', b'0', ..] => Some((number(rest.get(4..6), 16)?, 6)),
        [byte @ (b'"' | b'/' | b'\\' | b'\''), ..] => Some((*byte, 2)),
        _ => None,
    }
}

/// Reads an entity of HTML.
fn entity(rest: &[u8]) -> Option<(u8, usize)> {
    const NAMED: [(&[u8], u8); 5] =
        [(b"&amp;", b'&'), (b"&lt;", b'<'), (b"&gt;", b'>'), (b"&quot;", b'"'), (b"&apos;", b'\'')];
    if let Some((name, byte)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some((*byte, name.len()));
    }
    let digits = rest.strip_prefix(b"&#")?;
    let (digits, radix, front) = match digits {
        [b'x' | b'X', digits @ ..] => (digits, 16, 3),
        digits => (digits, 10, 2),
    };
    let length = digits.iter().take(4).position(|byte| *byte == b';')?;
    Some((number(digits.get(..length), radix)?, front + length + 1))
}

fn number(digits: Option<&[u8]>, radix: u32) -> Option<u8> {
    let digits = std::str::from_utf8(digits?).ok().filter(|digits| !digits.starts_with('+'))?;
    u8::from_str_radix(digits, radix).ok()
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    fn struck(text: &str, secret: &str) -> String {
        redact(text, [&secret.into()])
    }

    #[test]
    fn a_secret_is_struck_out_wherever_it_stands() {
        assert_eq!(struck("keys=keys&x", "keys"), "***=***&x");
        assert_eq!(struck("status", "at"), "status");
        assert_eq!(struck("text", ""), "text");
        assert_eq!(struck("密钥密钥 x", "密钥密钥"), "*** x");
    }

    #[test]
    fn a_secret_is_struck_out_however_it_is_encoded() {
        const SECRET: &str = "CAIS+a/b&c\"d =~";
        let once = utf8_percent_encode(SECRET, NON_ALPHANUMERIC).to_string();
        let twice = utf8_percent_encode(&once, NON_ALPHANUMERIC).to_string();
        let thrice = utf8_percent_encode(&twice, NON_ALPHANUMERIC).to_string();
        let form: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
        for text in [
            SECRET.to_lowercase(),
            SECRET.to_uppercase(),
            once.to_lowercase(),
            once,
            twice,
            thrice,
            form,
            serde_json::to_string(SECRET).unwrap().trim_matches('"').to_owned(),
            SECRET.replace('&', "&amp;").replace('"', "&#34;").replace('+', "&#x2B;"),
            SECRET.bytes().map(|byte| format!("{byte:02X}")).collect(),
            SECRET.bytes().map(|byte| format!("\\u{byte:04x}")).collect(),
            "CAIS\u{7}+a/\x1bb&c\"d =~".to_owned(),
        ] {
            assert_eq!(struck(&format!("<{text}>"), SECRET), "<***>", "{text}");
        }
    }

    #[test]
    fn of_a_text_in_base64_nothing_is_left_that_the_secret_decides() {
        const SECRET: &str = "exampleSecret0001";
        for before in ["", "i", "id", "id:"] {
            for engine in [STANDARD, URL_SAFE, URL_SAFE_NO_PAD] {
                let text = engine.encode(format!("{before}{SECRET}?>~"));
                let shown = struck(&text, SECRET);
                assert!(shown.contains("***") && shown.len() < 20, "{shown}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_no_secret_stays(text in ".{0,60}", secret in "[A-Z]{12,20}") {
            prop_assume!(!text.to_ascii_uppercase().contains(&secret));
            prop_assert_eq!(struck(&text, &secret), text);
        }

        #[test]
        fn no_secret_stays(before in ".{0,20}", secret in ".{4,30}", behind in ".{0,20}") {
            prop_assume!(secret.len() >= 4 && !"***".contains(&secret));
            let shown = struck(&format!("{before}{secret}{behind}"), &secret);
            prop_assert!(shown.contains("***"));
        }
    }
}
