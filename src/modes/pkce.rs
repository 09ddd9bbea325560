//! Proof that a code is redeemed by the program that asked for it (RFC 7636).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

use crate::error::Result;
use crate::host::Host;
use crate::secret::Secret;

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A verifier and its challenge.
#[derive(Debug)]
pub(super) struct Pkce {
    pub(super) verifier: Secret,
    pub(super) challenge: String,
}

impl Pkce {
    /// The name of the method.
    pub(super) const METHOD: &'static str = "S256";

    /// Makes a random verifier of this many characters, which must be 43 to 128.
    pub(super) fn new(host: &dyn Host, length: usize) -> Result<Self> {
        Ok(Self::of(random_text(host, length)?))
    }

    /// Makes the challenge of a verifier.
    pub(super) fn of(verifier: Secret) -> Self {
        let hash = digest::digest(&digest::SHA256, verifier.expose().as_bytes());
        Self { verifier, challenge: URL_SAFE_NO_PAD.encode(hash) }
    }
}

/// Returns random letters and digits.
pub(super) fn random_text(host: &dyn Host, length: usize) -> Result<Secret> {
    // Bytes beyond the last multiple of the alphabet's length would make its first letters more likely.
    const FAIR: u8 = (256 / ALPHABET.len() * ALPHABET.len() - 1) as u8;
    let mut text = String::with_capacity(length);
    let mut bytes = [0; 64];
    while text.len() < length {
        host.random(&mut bytes)?;
        let letters = bytes.iter().filter(|byte| **byte <= FAIR);
        let letters = letters.filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len()));
        text.extend(letters.take(length - text.len()).map(|letter| char::from(*letter)));
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::RealHost;

    #[test]
    fn the_example_of_rfc_7636_appendix_b_has_its_challenge() {
        let pkce = Pkce::of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());
        assert_eq!(pkce.challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn random_texts_have_their_length_and_differ() {
        let texts = [0, 1, 16, 128, 128].map(|length| (length, random_text(&RealHost, length).unwrap()));
        for (length, text) in &texts {
            assert_eq!(text.expose().len(), *length);
            assert!(text.expose().bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
        assert_ne!(texts[3].1, texts[4].1);
    }

    #[test]
    fn every_letter_and_digit_occurs() {
        let text = random_text(&RealHost, 20_000).unwrap();
        assert!(ALPHABET.iter().all(|letter| text.expose().contains(char::from(*letter))));
    }
}
