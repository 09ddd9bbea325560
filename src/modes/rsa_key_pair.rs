use std::fs::File;
use std::io;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair as SigningKey};
use zeroize::Zeroizing;

use super::{BoxFuture, Context, Mode, Obtained};
use crate::blocking;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::AccessKey;
use crate::error::{Error, Result, ServiceError};
use crate::http::secret_json::SecretJson;
use crate::http::{Method, Request};
use crate::secret::{Secret, SecretBuffer};
use crate::sts::session::expiration;
use crate::sts::{API_VERSION, service_error, session_endpoint, sign, timestamp};

/// A session obtained with an RSA key pair.
pub(crate) struct RsaKeyPair;

const FAILED: &str = "refresh KeyPair err";

impl Mode for RsaKeyPair {
    fn name(&self) -> &'static str {
        "RsaKeyPair"
    }

    fn required(&self) -> &'static [Field] {
        &[Field::PrivateKey, Field::KeyPairName]
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            let response = context.http.send(request(context).await?).await?;
            if response.status != 200 {
                let error = service_error(&response, &[]);
                let ServiceError { status, code, message, .. } = &error;
                return Err(Error::rejected(
                    format!("{FAILED}: httpStatus: {status}, {code}: {message}"),
                    error,
                ));
            }
            Ok(read_json(&response.body)?.into())
        })
    }
}

/// Returns the signed request (wire, sections 2.5 and 3.2).
async fn request(context: &Context<'_>) -> Result<Request> {
    let &Context { host, profile, .. } = context;
    let stored = profile.secret(Field::PrivateKey).cloned();
    let stored = stored.ok_or_else(|| Error::invalid("PrivateKeyFile cannot be empty"))?;
    let key = blocking::run(move || read_key(&stored)).await?;
    let name = match profile.text(Field::KeyPairName) {
        "" => return Err(Error::invalid("PublicKeyId cannot be empty")),
        name => name,
    };
    let mut nonce = [0; 16];
    host.random(&mut nonce)?;
    let (nonce, now, duration) = (sign::hex(&nonce), timestamp(host.now()), duration(profile)?);
    let mut query = vec![
        ("AccessKeyId", name),
        ("Action", "GenerateSessionAccessKey"),
        ("DurationSeconds", &duration),
        ("Format", "JSON"),
        ("SignatureMethod", "SHA256withRSA"),
        ("SignatureNonce", &nonce),
        ("SignatureType", "PRIVATEKEY"),
        ("SignatureVersion", "1.0"),
        ("Timestamp", &now),
        ("Version", API_VERSION),
    ];
    let signature = signature(&key, sign::rpc_string_to_sign(Method::Get.name(), &query).as_bytes())?;
    query.push(("Signature", &signature));
    let mut url = session_endpoint(profile)?;
    url.set_query(Some(&sign::canonical_query(&query)));
    Ok(Request::new(Method::Get, url))
}

fn duration(profile: &Profile) -> Result<String> {
    match profile.integer(Field::ExpiredSeconds) {
        ..=0 => Ok("3600".to_owned()),
        seconds @ 900..=3600 => Ok(seconds.to_string()),
        _ => Err(Error::invalid(
            "[InvalidParam]:Key Pair session duration should be in the range of 15min - 1Hr",
        )),
    }
}

fn signature(key: &SigningKey, text: &[u8]) -> Result<String> {
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature)
        .map_err(|_| Error::invalid("the private key cannot sign"))?;
    Ok(STANDARD.encode(signature))
}

/// Returns the path that a profile stores instead of a key; `None` where it stores the key itself.
fn as_path(stored: &Secret) -> Option<&Path> {
    let text = stored.expose();
    (!text.contains("----") && !text.contains('\n')).then(|| Path::new(text))
}

/// Reads an RSA key: from the file that a path names, or from the text itself. PKCS#8 and PKCS#1 are
/// accepted, in PEM form with any line breaks.
fn read_key(stored: &Secret) -> Result<SigningKey> {
    let pem = match as_path(stored) {
        None => stored.clone(),
        // The error does not name the path: it may be a key after all, in an unknown form.
        Some(path) => read_file(path).map_err(|error| {
            let what = "InvalidPath: Can not open PrivateKeyFile, the file that private_key names";
            Error::invalid(format!("{what}: {error}"))
        })?,
    };
    let mut body = SecretBuffer::with_capacity(pem.expose().len());
    let lines = pem.expose().lines().map(str::trim).filter(|line| !line.starts_with("----"));
    lines.flat_map(str::split_whitespace).for_each(|text| body.extend(text.as_bytes()));
    let unusable = |why: String| Error::invalid(format!("the private key cannot be used: {why}"));
    let der = STANDARD.decode(&*body).map(Zeroizing::new);
    let der = der.map_err(|_| unusable("it is no PEM text".to_owned()))?;
    SigningKey::from_pkcs8(&der)
        .or_else(|_| SigningKey::from_der(&der))
        .map_err(|error| unusable(format!("{error}; an RSA key of 2048 bits or more is needed")))
}

/// Reads a file that holds a key; of one much longer than any key only the beginning is read.
fn read_file(path: &Path) -> io::Result<Secret> {
    const LIMIT: usize = 1 << 20;
    let mut text = SecretBuffer::default();
    text.fill(File::open(path)?, LIMIT)?;
    text.into_text().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it is no text in UTF-8"))
}

/// Reads the session of a response.
pub(super) fn read_json(body: &Secret) -> Result<AccessKey> {
    let failed = |why: &str| Error::unexpected(format!("{FAILED}: {why}"));
    let response = SecretJson::parse(body).ok_or_else(|| failed("the answer is not JSON"))?;
    let session = response.get("SessionAccessKey");
    if !session.is_object() {
        return Err(failed("SessionAccessKey is empty"));
    }
    let text = |name: &str| session.secret(name).ok_or_else(|| failed(&format!("the answer has no {name}")));
    Ok(AccessKey {
        access_key_id: text("SessionAccessKeyId")?.expose().to_owned(),
        access_key_secret: text("SessionAccessKeySecret")?,
        security_token: None,
        expiration: Some(expiration(text("Expiration")?.expose(), FAILED)?),
        provider: "rsa_key_pair".into(),
    })
}

#[cfg(feature = "cli")]
mod configure {
    use super::*;
    use crate::host::Host;
    use crate::modes::{Configurable, Dialogue, LocalBoxFuture, Question};

    impl Configurable for RsaKeyPair {
        fn flag_fields(&self) -> &'static [Field] {
            &[Field::PrivateKey, Field::KeyPairName]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            const QUESTIONS: &[Question] = &[
                Question::new(Field::PrivateKey, "Rsa Private Key File").without_value(),
                Question::new(Field::KeyPairName, "Rsa Key Pair Name").without_value(),
            ];
            Some(QUESTIONS)
        }

        fn presets(&self) -> &'static [(Field, i64)] {
            &[(Field::ExpiredSeconds, 900)]
        }

        /// Asks, and refuses a key file that cannot be used before anything is saved.
        fn configure<'a>(&'a self, dialogue: &'a mut Dialogue<'_>) -> LocalBoxFuture<'a> {
            Box::pin(async move {
                dialogue.ask_all(self.questions().unwrap_or_default(), self.presets())?;
                let Some(stored) = dialogue.profile.secret(Field::PrivateKey).cloned() else {
                    return Ok(());
                };
                read_key(&stored)?;
                if let Some(path) = as_path(&stored).and_then(|path| std::path::absolute(path).ok()) {
                    // Later runs may start in another folder.
                    dialogue.profile.set_text(Field::PrivateKey, path.to_string_lossy());
                }
                Ok(())
            })
        }

        fn readiness(&self, _host: &dyn Host, profile: &Profile) -> Result<Option<i64>> {
            duration(profile)?;
            profile.secret(Field::PrivateKey).map_or(Ok(None), |stored| read_key(stored).map(|_| None))
        }

        fn summary(&self, profile: &Profile) -> String {
            format!("RsaKeyPair:{}", profile.text(Field::KeyPairName))
        }
    }
}
