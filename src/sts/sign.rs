//! Request signatures of version 3, ACS3-HMAC-SHA256 (wire, section 3.3).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::{digest, hmac};

use crate::credentials::AccessKey;
use crate::secret::{Secret, SecretBuffer};

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The algorithm's name.
const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The parts of a request that are signed.
pub(super) struct Signable<'a> {
    pub(super) method: &'a str,
    /// The query, already in its canonical form.
    pub(super) query: &'a str,
    /// All headers to sign, with lower-case names, in any order.
    pub(super) headers: Vec<(&'a str, &'a str)>,
    pub(super) body_hash: &'a str,
}

/// Returns the `Authorization` header of a request.
pub(super) fn authorization(request: &Signable<'_>, access_key: &AccessKey) -> String {
    let mut headers = request.headers.clone();
    headers.sort_unstable();
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    let canonical = [request.method, "/", request.query, &lines, &names, request.body_hash].join("\n");
    let to_sign = format!("{ALGORITHM}\n{}", sha256_hex(canonical.as_bytes()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, access_key.access_key_secret.expose().as_bytes());
    let signature = hex(hmac::sign(&key, to_sign.as_bytes()).as_ref());
    format!("{ALGORITHM} Credential={},SignedHeaders={names},Signature={signature}", access_key.access_key_id)
}

/// Returns a query or form in canonical form: sorted by key, each part percent-encoded.
pub(crate) fn canonical_query(parameters: &[(&str, &str)]) -> String {
    let encode = |text| utf8_percent_encode(text, RESERVED).to_string();
    let mut pairs: Vec<_> = parameters.iter().map(|(key, value)| (encode(key), encode(value))).collect();
    pairs.sort_unstable();
    pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}

/// Returns a form in canonical form for a body, which leaves no copy of its values behind.
pub(crate) fn canonical_form(parameters: &[(&str, &str)]) -> Secret {
    let longest = parameters.iter().map(|(key, value)| 3 * (key.len() + value.len()) + 2).sum();
    let mut body = SecretBuffer::with_capacity(longest);
    let mut sorted = parameters.to_vec();
    sorted.sort_unstable();
    for (number, (key, value)) in sorted.into_iter().enumerate() {
        body.extend(if number > 0 { b"&" } else { b"" });
        utf8_percent_encode(key, RESERVED).for_each(|part| body.extend(part.as_bytes()));
        body.extend(b"=");
        utf8_percent_encode(value, RESERVED).for_each(|part| body.extend(part.as_bytes()));
    }
    body.into_text().unwrap_or_default()
}

/// Returns the string to sign in version 1 of the signatures, for a call at the path `/` (wire, section 3.1).
pub(crate) fn rpc_string_to_sign(method: &str, parameters: &[(&str, &str)]) -> String {
    let joined = canonical_query(parameters);
    format!("{method}&%2F&{}", utf8_percent_encode(&joined, RESERVED))
}

/// Returns the SHA-256 of some bytes in hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// Returns bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(id: &str, secret: &str, token: Option<&str>, provider: &str) -> String {
        let empty = sha256_hex(b"");
        let mut headers = vec![
            ("host", "sts.aliyuncs.com"),
            ("x-acs-version", "2015-04-01"),
            ("x-acs-action", "GetCallerIdentity"),
            ("x-acs-content-sha256", &empty),
            ("x-acs-credentials-provider", provider),
            ("x-acs-date", "2024-01-02T03:04:05Z"),
            ("x-acs-signature-nonce", "0123456789abcdef0123456789abcdef"),
        ];
        if let Some(token) = token {
            headers.extend([("x-acs-accesskey-id", id), ("x-acs-security-token", token)]);
        }
        let access_key = AccessKey {
            access_key_id: id.into(),
            access_key_secret: Secret::new(secret),
            security_token: token.map(Secret::from),
            expiration: None,
            provider: "static_ak".into(),
        };
        authorization(&Signable { method: "POST", query: "", headers, body_hash: &empty }, &access_key)
    }

    #[test]
    fn examples_c_and_d_of_the_wire_specification_are_signed_alike() {
        let with_token =
            signature("STS.NExampleKey0002", "exampleSecret0002", Some("CAISexample+token/=="), "static_sts");
        assert_eq!(
            with_token,
            "ACS3-HMAC-SHA256 Credential=STS.NExampleKey0002,SignedHeaders=host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version,Signature=27c584ff1490efafc6741899ad0dd00c98ff3731b6883c48cd0a7d5b96b6f2d6"
        );
        let plain = signature("LTAI5tExampleKey0001", "exampleSecret0001", None, "static_ak");
        assert!(
            plain.ends_with("=367415639066641c1a95be5a4316cd5822dc118d21b2ac9e54fd30a0fec623f0"),
            "{plain}"
        );
    }

    #[test]
    fn the_example_of_an_rsa_signature_is_prepared_alike() {
        let text = rpc_string_to_sign(
            "GET",
            &[
                ("AccessKeyId", "kp-1"),
                ("Action", "GenerateSessionAccessKey"),
                ("DurationSeconds", "3600"),
                ("Format", "JSON"),
                ("SignatureMethod", "SHA256withRSA"),
                ("SignatureNonce", "0123456789abcdef0123456789abcdef"),
                ("SignatureType", "PRIVATEKEY"),
                ("SignatureVersion", "1.0"),
                ("Timestamp", "2024-01-02T03:04:05Z"),
                ("Version", "2015-04-01"),
            ],
        );
        let hash = "329fa4ebf230ff0bf1e5adad1dae778fd238b3e7ce0d73c84fecc1b22469a019";
        assert_eq!(sha256_hex(text.as_bytes()), hash, "{text}");
    }

    #[test]
    fn a_canonical_query_is_sorted_and_encoded() {
        let query = canonical_query(&[("b", "ext id*~"), ("a", "x/+=é")]);
        assert_eq!(query, "a=x%2F%2B%3D%C3%A9&b=ext%20id%2A~");
        assert_eq!(canonical_form(&[("b", "ext id*~"), ("a", "x/+=é")]).expose(), query);
        assert!(canonical_form(&[]).is_empty());
    }
}
