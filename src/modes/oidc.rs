use std::fs::File;
use std::io;

use super::{BoxFuture, Context, Mode, Obtained};
use crate::blocking;
use crate::config::field::Field;
use crate::error::{Error, Result};
use crate::http::{Method, Request};
use crate::secret::{Secret, SecretBuffer};
use crate::sts::session::{read_json, read_session, refused, role_arn, session_name};
use crate::sts::{API_VERSION, service_error, session_endpoint, sign, timestamp};

/// A RAM role, assumed with a token of an OIDC provider.
pub(crate) struct Oidc;

/// The duration of a session in seconds; the profile's is not sent (wire, section 1.2).
const DURATION: i64 = 3600;

impl Mode for Oidc {
    fn name(&self) -> &'static str {
        "OIDC"
    }

    fn required(&self) -> &'static [Field] {
        &[Field::OidcProviderArn, Field::OidcTokenFile, Field::RamRoleArn, Field::RamSessionName]
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            let (request, token) = request(context).await?;
            let response = context.http.send(request).await?;
            if response.status != 200 {
                return Err(refused("get session token failed", service_error(&response, &[&token])));
            }
            const FAILED: &str = "get oidc sts token err";
            let response = read_json(&response.body, FAILED)?;
            Ok(read_session(context.host, response.get("Credentials"), FAILED, "oidc_role_arn".into())?
                .into())
        })
    }
}

/// Returns the request, which is not signed, and the token that authenticates it (wire, section 2.3).
async fn request(context: &Context<'_>) -> Result<(Request, Secret)> {
    let &Context { host, profile, .. } = context;
    let or_variable = |field, variable, what: &str| match profile.text(field) {
        "" => host.var(variable).ok_or_else(|| Error::invalid(format!("the {what} is empty"))),
        text => Ok(text.to_owned()),
    };
    let file = or_variable(Field::OidcTokenFile, "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "OIDCTokenFilePath")?;
    let provider = or_variable(Field::OidcProviderArn, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "OIDCProviderARN")?;
    let role = role_arn(host, profile)?;
    let token = blocking::run(move || read_token(&file)).await?;
    let form = [
        ("DurationSeconds", DURATION.to_string()),
        ("OIDCProviderArn", provider),
        ("RoleArn", role),
        ("RoleSessionName", session_name(host, profile)),
    ];
    let mut form: Vec<_> = form.iter().map(|(key, value)| (*key, value.as_str())).collect();
    form.push(("OIDCToken", token.expose()));
    let now = timestamp(host.now());
    let query = sign::canonical_query(&[
        ("Action", "AssumeRoleWithOIDC"),
        ("Format", "JSON"),
        ("Timestamp", &now),
        ("Version", API_VERSION),
    ]);
    let mut url = session_endpoint(profile)?;
    url.set_query(Some(&query));
    let body = sign::canonical_form(&form);
    let request = Request { body, ..Request::new(Method::Post, url) }
        .header("content-type", "application/x-www-form-urlencoded");
    Ok((request, token))
}

fn read_token(path: &str) -> Result<Secret> {
    /// The longest token that is read, in bytes.
    const LIMIT: usize = 1 << 20;
    let failed = |why: String| Error::invalid(format!("open {path}: {why}"));
    let mut token = SecretBuffer::default();
    match File::open(path).and_then(|file| token.fill(file, LIMIT)) {
        Ok(()) if token.len() > LIMIT => Err(failed("longer than 1 MiB".to_owned())),
        Ok(()) => token.into_text().ok_or_else(|| failed("not UTF-8".to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(failed("no such file or directory".to_owned()))
        }
        Err(error) => Err(failed(error.to_string())),
    }
}

#[cfg(feature = "cli")]
mod configure {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD, Engine};

    use super::*;
    use crate::config::profile::Profile;
    use crate::host::Host;
    use crate::modes::{Configurable, Question};
    use crate::secret::tail;

    /// Returns when a token expires that is a JSON Web Token with such a claim.
    fn expiration(token: &Secret) -> Option<i64> {
        let claims = URL_SAFE_NO_PAD.decode(token.expose().trim().split('.').nth(1)?).ok()?;
        serde_json::from_slice::<serde_json::Value>(&claims).ok()?.get("exp")?.as_i64()
    }

    impl Configurable for Oidc {
        fn flag_fields(&self) -> &'static [Field] {
            &[
                Field::OidcProviderArn,
                Field::OidcTokenFile,
                Field::RamRoleArn,
                Field::RamSessionName,
                Field::ExpiredSeconds,
            ]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            const QUESTIONS: &[Question] = &[
                Question::new(Field::OidcProviderArn, "OIDC Provider ARN"),
                Question::new(Field::OidcTokenFile, "OIDC Token File"),
                Question::new(Field::RamRoleArn, "RAM Role ARN"),
                Question::new(Field::RamSessionName, "Role Session Name"),
            ];
            Some(QUESTIONS)
        }

        fn presets(&self) -> &'static [(Field, i64)] {
            &[(Field::ExpiredSeconds, DURATION)]
        }

        fn readiness(&self, host: &dyn Host, profile: &Profile) -> Result<Option<i64>> {
            let path = profile.text(Field::OidcTokenFile);
            let end = expiration(&read_token(path)?);
            match end.filter(|end| *end <= host.now()).and_then(|end| jiff::Timestamp::from_second(end).ok())
            {
                Some(end) => Err(Error::invalid(format!("the token in {path} expired at {end}"))),
                None => Ok(end),
            }
        }

        fn summary(&self, profile: &Profile) -> String {
            let provider = tail(profile.text(Field::OidcProviderArn), 5);
            let file = tail(profile.text(Field::OidcTokenFile), 5);
            format!("OIDC:***{provider}@***{file}@{}", profile.text(Field::RamRoleArn))
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_token_file_without_an_end_is_an_error() {
        let error = read_token("/dev/zero").unwrap_err().to_string();
        assert_eq!(error, "open /dev/zero: longer than 1 MiB");
    }
}
