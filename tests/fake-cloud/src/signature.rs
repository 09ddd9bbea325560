//! Verification of both signing styles: RPC (HMAC-SHA1, SHA256withRSA) and ACS3-HMAC-SHA256.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::{digest, hmac, signature};

use crate::{keys::Keys, request::Request};

const SCHEME: &str = "ACS3-HMAC-SHA256";
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What a signature turned out to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    Valid,
    Invalid,
    UnknownKey,
}

impl Verdict {
    /// The verdict's name in the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::UnknownKey => "unknown-key",
        }
    }

    fn of(holds: bool) -> Self {
        if holds { Self::Valid } else { Self::Invalid }
    }
}

impl Keys {
    /// Judges the request's signature; a request without one gives `None`.
    pub(crate) fn judge(&self, request: &Request) -> Option<Verdict> {
        let auth = request.header("authorization");
        if auth.starts_with(SCHEME) {
            let secret = request.credential().and_then(|id| self.secret(id));
            return Some(match secret {
                Some(secret) => Verdict::of(acs3_holds(request, auth, &secret).unwrap_or(false)),
                None => Verdict::UnknownKey,
            });
        }
        request.params.get("Signature").map(|signature| self.judge_rpc(request, signature))
    }

    fn judge_rpc(&self, request: &Request, signature: &str) -> Verdict {
        let param = |name: &str| request.params.get(name).map_or("", String::as_str);
        let id = param("AccessKeyId");
        let text = rpc_string_to_sign(&request.method, &request.params);
        if param("SignatureMethod") == "SHA256withRSA"
            && let Some(key) = self.rsa(id)
        {
            return Verdict::of(rsa_holds(key, &text, signature));
        }
        match self.secret(id) {
            Some(secret) => Verdict::of(rpc_signature(&text, &secret) == signature),
            None => Verdict::UnknownKey,
        }
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn canonical_query<'a>(params: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let pairs: Vec<_> = params.map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
    pairs.join("&")
}

fn rpc_string_to_sign(method: &str, params: &BTreeMap<String, String>) -> String {
    let joined = canonical_query(params.iter().filter(|(key, _)| *key != "Signature"));
    format!("{method}&%2F&{}", encode(&joined))
}

fn rpc_signature(text: &str, secret: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, format!("{secret}&").as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, text.as_bytes()))
}

fn rsa_holds(key: &[u8], text: &str, signature: &str) -> bool {
    let Ok(raw) = BASE64_STANDARD.decode(signature) else {
        return false;
    };
    signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, key)
        .verify(text.as_bytes(), &raw)
        .is_ok()
}

/// The parts of an ACS3 `Authorization` header that its signature is made of.
struct Authorization<'a> {
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix(SCHEME)?.strip_prefix(" Credential=")?;
        let (_, rest) = rest.split_once(',')?;
        let rest = rest.trim_start().strip_prefix("SignedHeaders=")?;
        let (signed_headers, rest) = rest.split_once(',')?;
        let signature = rest.trim_start().strip_prefix("Signature=")?;
        Some(Self { signed_headers, signature })
    }
}

fn acs3_holds(request: &Request, auth: &str, secret: &str) -> Option<bool> {
    let auth = Authorization::parse(auth)?;
    let payload_hash = hex(digest::digest(&digest::SHA256, &request.body).as_ref());
    let claimed = request.headers.get("x-acs-content-sha256");
    if claimed.is_some_and(|claimed| *claimed != payload_hash) {
        return None;
    }
    let canonical = acs3_canonical_request(request, auth.signed_headers, &payload_hash);
    Some(acs3_signature(&canonical, secret) == auth.signature)
}

fn acs3_canonical_request(request: &Request, signed_headers: &str, payload_hash: &str) -> String {
    let line = |name: &str| format!("{name}:{}\n", request.header(name).trim());
    [
        &request.method,
        &request.path,
        &canonical_query(request.query.iter()),
        &signed_headers.split(';').map(line).collect::<String>(),
        signed_headers,
        payload_hash,
    ]
    .join("\n")
}

fn acs3_signature(canonical: &str, secret: &str) -> String {
    let hash = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hex(hmac::sign(&key, format!("{SCHEME}\n{hash}").as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use hyper::Request as HttpRequest;

    use super::*;
    use crate::keys::KeySetup;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    const NONCE_AND_TIME: &str =
        "SignatureNonce=0123456789abcdef0123456789abcdef&Timestamp=2024-01-02T03%3A04%3A05Z";
    const EMPTY_HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const RSA_PUBLIC_KEY: &str = "MIIBCgKCAQEAuoQKipctrvLpVarkpHssmgNt9G22BoPOpuVr0Cule9zrT8govYTgzx\
        6PfD+WNWQikEHfG4ePiCa81HwSBcMCIxa9BEtwpR2Hkxwolnc63hJ2gtgtisAE/QmMfpqo36SxQT/6FgPYwZDr46xwCOf\
        NwA34Cg9KX59mCYQ12u35YUoFe1zgq6ZMQQ11rZ0ptikZ5JYZVXnulKtOCqMCJuJk97x5f+EFlDF8NtFCdEFoyR7uztcJ\
        uigH5PRYUyv3u8beNYQevhZvfyhFtC1P4EPd5ldSTDQ2w/3PaCMeI4NDFbjNo+9Z2C+YupsvMHn8onStD20rFtE4aSbX8\
        xZwgUeMGQIDAQAB";
    const RSA_SIGNATURE: &str = "ImBncJwvPMr8aD/Bo0bs99SJiAwC38tc1pwPRQ6F7K9S5o0lKFQ3t5kZNWHmZOqN/dm\
        uuvB8th4XvoCNNVBPo+SynmfWDcp/6hi0fcA6FJISJbBz+fNGwQUuxO/tWW0/uqut9xU/6riq+h77Ra4Oxxzn9z3kffP\
        ChXGouELL21X+1hQ9Q5/pzEtR39xUrT7pbeEH+X8edMAqhOk04Qurok1VyXQPoJ1vYiXC8QBAtUVzaOZrg71a2uliD+2\
        moyrP0Sl6JCnwoLTWywD+2hyOxfo7bEO/9R7rK5IrbcFv9BM/piuiM+oJLjuMXjsrT5Z7HSq8uvd9oQ3SRNzK/9MR1Q==";

    fn keys() -> Keys {
        let secrets =
            [("LTAI5tExampleKey0001", "exampleSecret0001"), ("STS.NExampleKey0002", "exampleSecret0002")];
        Keys::new(&KeySetup::default(), secrets.map(|(id, secret)| (id.to_owned(), secret.to_owned())).into())
    }

    fn request(
        method: &str,
        uri: &str,
        headers: &[(&str, &str)],
        form: &str,
    ) -> Result<Request, hyper::http::Error> {
        let mut builder = HttpRequest::builder().method(method).uri(uri);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let (parts, ()) = builder.body(())?.into_parts();
        Ok(Request::new(&parts, Bytes::copy_from_slice(form.as_bytes())))
    }

    fn example_a(signature: &str) -> Result<Request, hyper::http::Error> {
        let query = format!(
            "/?AccessKeyId=STS.NExampleKey0002&Action=GetCallerIdentity&Format=JSON\
             &RegionId=cn-hangzhou&SecurityToken=CAISexample%2Btoken%2F%3D%3D\
             &SignatureMethod=HMAC-SHA1&SignatureType=&SignatureVersion=1.0&Version=2015-04-01\
             &{NONCE_AND_TIME}&Signature={signature}"
        );
        request("POST", &query, &[], "")
    }

    fn acs3(headers: &[(&str, &str)], id: &str, signature: &str) -> Result<Request, hyper::http::Error> {
        let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
        let signed = names.join(";");
        let auth = format!("{SCHEME} Credential={id},SignedHeaders={signed},Signature={signature}");
        let mut headers = headers.to_vec();
        headers.push(("authorization", &auth));
        request("POST", "/", &headers, "")
    }

    #[test]
    fn an_rpc_signature_with_a_token_holds() -> Outcome {
        let request = example_a("pBJqZsWYfq8L3Wb1lEvDhWzCnMk%3D")?;
        assert_eq!(keys().judge(&request), Some(Verdict::Valid));
        Ok(())
    }

    #[test]
    fn an_altered_rpc_signature_does_not_hold() -> Outcome {
        let request = example_a("qBJqZsWYfq8L3Wb1lEvDhWzCnMk%3D")?;
        assert_eq!(keys().judge(&request), Some(Verdict::Invalid));
        Ok(())
    }

    #[test]
    fn an_rpc_signature_over_query_and_form_holds() -> Outcome {
        let query = format!(
            "/?AccessKeyId=LTAI5tExampleKey0001&Action=AssumeRole&Format=JSON\
             &SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&Version=2015-04-01&{NONCE_AND_TIME}\
             &Signature=xBFDrEHN3tqTBc0Ygtlo8U3lDZE%3D"
        );
        let form = "DurationSeconds=900&ExternalId=ext+id%2A~\
                    &RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2Fr&RoleSessionName=sess";
        let content_type = [("content-type", "application/x-www-form-urlencoded")];
        let request = request("POST", &query, &content_type, form)?;
        assert_eq!(keys().judge(&request), Some(Verdict::Valid));
        Ok(())
    }

    #[test]
    fn an_acs3_signature_with_a_token_holds() -> Outcome {
        let headers = [
            ("host", "sts.aliyuncs.com"),
            ("x-acs-accesskey-id", "STS.NExampleKey0002"),
            ("x-acs-action", "GetCallerIdentity"),
            ("x-acs-content-sha256", EMPTY_HASH),
            ("x-acs-credentials-provider", "static_sts"),
            ("x-acs-date", "2024-01-02T03:04:05Z"),
            ("x-acs-security-token", "CAISexample+token/=="),
            ("x-acs-signature-nonce", "0123456789abcdef0123456789abcdef"),
            ("x-acs-version", "2015-04-01"),
        ];
        let signature = "27c584ff1490efafc6741899ad0dd00c98ff3731b6883c48cd0a7d5b96b6f2d6";
        let request = acs3(&headers, "STS.NExampleKey0002", signature)?;
        assert_eq!(keys().judge(&request), Some(Verdict::Valid));
        Ok(())
    }

    #[test]
    fn an_acs3_signature_without_a_token_holds_for_its_own_headers_only() -> Outcome {
        let headers = |host| {
            [
                ("host", host),
                ("x-acs-action", "GetCallerIdentity"),
                ("x-acs-content-sha256", EMPTY_HASH),
                ("x-acs-credentials-provider", "static_ak"),
                ("x-acs-date", "2024-01-02T03:04:05Z"),
                ("x-acs-signature-nonce", "0123456789abcdef0123456789abcdef"),
                ("x-acs-version", "2015-04-01"),
            ]
        };
        let signature = "367415639066641c1a95be5a4316cd5822dc118d21b2ac9e54fd30a0fec623f0";
        let id = "LTAI5tExampleKey0001";
        let good = acs3(&headers("sts.aliyuncs.com"), id, signature)?;
        assert_eq!(keys().judge(&good), Some(Verdict::Valid));
        let bad = acs3(&headers("sts.cn-beijing.aliyuncs.com"), id, signature)?;
        assert_eq!(keys().judge(&bad), Some(Verdict::Invalid));
        Ok(())
    }

    #[test]
    fn a_key_that_no_one_named_is_unknown_unless_the_cloud_issued_it() -> Outcome {
        let request = acs3(&[("host", "sts.aliyuncs.com")], "LTAI5tOther", "00")?;
        assert_eq!(keys().judge(&request), Some(Verdict::UnknownKey));
        let request = acs3(&[("host", "sts.aliyuncs.com")], "STS.oidc", "00")?;
        assert_eq!(keys().judge(&request), Some(Verdict::Invalid));
        Ok(())
    }

    #[test]
    fn an_rsa_signature_is_verified_once_its_key_is_registered() -> Outcome {
        let query = format!(
            "/?AccessKeyId=kp-1&Action=GenerateSessionAccessKey&DurationSeconds=3600&Format=JSON\
             &SignatureMethod=SHA256withRSA&SignatureType=PRIVATEKEY&SignatureVersion=1.0\
             &Version=2015-04-01&{NONCE_AND_TIME}&Signature={}",
            encode(RSA_SIGNATURE)
        );
        let (good, bad) = (request("GET", &query, &[], "")?, request("POST", &query, &[], "")?);
        let mut keys = keys();
        assert_eq!(keys.judge(&good), Some(Verdict::UnknownKey));
        keys.register_rsa("kp-1", &BASE64_STANDARD.decode(RSA_PUBLIC_KEY)?);
        assert_eq!(keys.judge(&good), Some(Verdict::Valid));
        assert_eq!(keys.judge(&bad), Some(Verdict::Invalid));
        Ok(())
    }
}
