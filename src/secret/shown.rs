//! Command lines and addresses as they may be shown: without the secrets that people write into them
//! (behaviour, section 6.15).

use std::ops::Range;

use url::Url;

use super::strike::STRUCK;

/// What the name of an argument holds whose value is a secret.
const NAMES: &[&str] = &["key", "secret", "token", "password", "passwd", "credential", "auth"];

/// How deep lines in quotes are looked for in one another.
const DEPTH: usize = 4;

/// Returns a command line with `***` for the values of arguments that are named like secrets, and for what
/// addresses in it hide.
pub(crate) fn command(line: &str) -> String {
    nested(line, DEPTH)
}

/// Does that for a line in quotes, which may itself hold lines in quotes; below some depth quotes are letters.
fn nested(line: &str, depth: usize) -> String {
    let mut shown = String::new();
    let (mut at, mut is_value) = (0, false);
    for range in words(line, depth > 0) {
        let word = line.get(range.clone()).unwrap_or_default();
        shown.push_str(line.get(at..range.start).unwrap_or_default());
        if is_value && !unquoted(word).starts_with('-') {
            shown.push_str(STRUCK);
            is_value = false;
        } else {
            is_value = add_word(&mut shown, word, depth);
        }
        at = range.end;
    }
    shown.push_str(line.get(at..).unwrap_or_default());
    shown
}

/// Returns an address with `***` for user information and for the values of its query and fragment.
pub(crate) fn address(text: &str) -> String {
    let start = text.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = text.split_at(start);
    let (front, query) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    // What is no address may hide its user information anywhere.
    let end = match Url::parse(text) {
        Ok(_) => front.find(['/', '\\']).unwrap_or(front.len()),
        Err(_) => front.len(),
    };
    let user = front.get(..end).and_then(|authority| authority.rfind('@'));
    let (user, place) = front.split_at(user.unwrap_or_default());
    let user = if user.is_empty() { "" } else { STRUCK };
    format!("{scheme}{user}{place}{}", struck_values(query))
}

/// Strikes out what stands behind each `=` of a query or fragment, and parts without a name.
fn struck_values(query: &str) -> String {
    let parts = query.split_inclusive(['?', '#', '&', ';']).map(|part| {
        let (part, end) = part.split_at(part.trim_end_matches(['?', '#', '&', ';']).len());
        match part.split_once('=') {
            _ if part.is_empty() => end.to_owned(),
            Some((name, "")) => format!("{name}={end}"),
            Some((name, _)) => format!("{name}={STRUCK}{end}"),
            None => format!("{STRUCK}{end}"),
        }
    });
    parts.collect()
}

/// Adds a word, and tells whether the next one is the value of a secret.
fn add_word(shown: &mut String, word: &str, depth: usize) -> bool {
    let inner = unquoted(word);
    let (open, close) = match word.split_once(inner) {
        Some(quotes) if !inner.is_empty() => quotes,
        _ => return false,
    };
    let named = secret_value(inner);
    let url = inner.find("://").map(|end| start_of_scheme(inner, end));
    let is_name = |name: &str| name.starts_with('-') && is_secret(name);
    shown.push_str(open);
    let is_value = match (named, url) {
        (Some(at), url) if url.is_none_or(|url| at <= url) => {
            let (name, value) = inner.split_at(at);
            let blanks = value.len() - value.trim_start().len();
            shown.push_str(name);
            shown.push_str(value.get(..blanks).unwrap_or_default());
            shown.push_str(if value.trim().is_empty() { "" } else { STRUCK });
            value.trim().is_empty() && name.ends_with(':')
        }
        _ if inner.contains(char::is_whitespace) => {
            let is_quoted = inner.len() < word.len();
            shown.push_str(&nested(inner, if is_quoted { depth.saturating_sub(1) } else { 0 }));
            false
        }
        (_, Some(url)) => {
            let (front, rest) = inner.split_at(url);
            shown.push_str(front);
            shown.push_str(&address(rest));
            false
        }
        _ => {
            shown.push_str(inner);
            is_name(inner)
        }
    };
    shown.push_str(close);
    is_value
}

/// Returns where the value of `name=value` or `name: value` begins in a word, if the name is that of a secret.
fn secret_value(word: &str) -> Option<usize> {
    let separators = word.match_indices(['=', ':']).filter(|(at, _)| {
        let front = word.get(..*at).unwrap_or_default().trim_end_matches(['"', '\'', '\\']);
        is_secret(front.rsplit(|sign: char| !is_of_name(sign)).next().unwrap_or_default())
    });
    separators.map(|(at, _)| at + 1).next()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.chars().all(is_of_name) && NAMES.iter().any(|part| name.contains(part))
}

fn is_of_name(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.')
}

fn start_of_scheme(word: &str, end: usize) -> usize {
    let front = word.get(..end).unwrap_or_default();
    front
        .rfind(|sign: char| !sign.is_ascii_alphanumeric())
        .map_or(0, |at| at + front.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8))
}

/// Returns a word without the quotes around all of it.
fn unquoted(word: &str) -> &str {
    let inside = |quote: char| word.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(word)
}

/// Returns where the words of a command line stand, quotes included. Unlike a shell it takes every text.
fn words(line: &str, has_quotes: bool) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let (mut start, mut quote, mut is_escaped) = (None, None, false);
    for (at, sign) in line.char_indices() {
        let is_blank = quote.is_none() && !is_escaped && sign.is_whitespace();
        match (is_blank, start) {
            (true, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
        match (is_escaped, quote, sign) {
            _ if !has_quotes => {}
            (true, ..) => is_escaped = false,
            (_, Some('\''), '\\') => {}
            (_, _, '\\') => is_escaped = true,
            (_, None, '"' | '\'') => quote = Some(sign),
            (_, Some(open), _) if open == sign => quote = None,
            _ => {}
        }
    }
    words.extend(start.map(|from| from..line.len()));
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_of_arguments_named_like_secrets_are_struck_out() {
        for (line, shown) in [
            (
                "vault-cred --role dev --token s3cr3t --password=h2 -o json",
                "vault-cred --role dev --token *** --password=*** -o json",
            ),
            ("a  --API-Key 'x y'\t-z", "a  --API-Key ***\t-z"),
            ("a --secret=\"x y\" b", "a --secret=*** b"),
            ("a '--auth-token=x y' b", "a '--auth-token=***' b"),
            ("env VAULT_TOKEN=x helper", "env VAULT_TOKEN=*** helper"),
            ("sh -c 'TOKEN=x helper --passwd y'", "sh -c 'TOKEN=***'"),
            ("curl -H \"Authorization: Bearer x\" h", "curl -H \"Authorization: ***\" h"),
            ("curl -H Authorization: x h", "curl -H Authorization: *** h"),
            ("a '{\"token\":\"x\"}'", "a '{\"token\":***'"),
            ("a --use-keyring --verbose", "a --use-keyring --verbose"),
            ("a --credential", "a --credential"),
            ("a --token x\\ y b", "a --token *** b"),
            ("a --url=https://u:x@h/p?q=x&r=y b", "a --url=https://***@h/p?q=***&r=*** b"),
            ("a --token=https://u@h", "a --token=***"),
            ("a 'open", "a 'open"),
            ("cat /etc/keys/one key.pem", "cat /etc/keys/one key.pem"),
        ] {
            assert_eq!(command(line), shown, "{line}");
        }
    }

    #[test]
    fn user_information_and_values_of_an_address_are_struck_out() {
        for (text, shown) in [
            ("http://bob:pa55@c.example/get?token=t&kind=ci", "http://***@c.example/get?token=***&kind=***"),
            ("http://bob:p@5@c.example", "http://***@c.example"),
            ("http://bob:p/5@c.example/x", "http://***@c.example/x"),
            ("bob:pa55@c.example/x?t0k3n", "***@c.example/x?***"),
            (
                "http://c.example/@scope?a=&b=1#access_token=x",
                "http://c.example/@scope?a=&b=***#access_token=***",
            ),
            ("http://127.0.0.1:8765/credentials", "http://127.0.0.1:8765/credentials"),
            ("", ""),
        ] {
            assert_eq!(address(text), shown, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_value_of_a_secret_is_never_shown(front in ".{0,30}", value in "[a-z]{12}", behind in ".{0,30}") {
            prop_assume!(!front.contains(['"', '\'', '\\']));
            for line in [format!("{front} --token {value} {behind}"), format!("{front} --api-key={value} {behind}")] {
                prop_assert!(!command(&line).contains(&value), "{line}");
            }
            let shown = address(&format!("http://u:{value}@h/p?x={value}"));
            prop_assert!(!shown.contains(&value), "{}", shown);
        }

        #[test]
        fn any_text_can_be_shown(line in any::<String>()) {
            let _ = (command(&line), address(&line));
        }
    }
}
