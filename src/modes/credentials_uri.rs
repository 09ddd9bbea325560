use url::Url;

use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::Field;
use crate::credentials::AccessKey;
use crate::error::{Barrier, Error, Result, ServiceError};
use crate::host::Host;
use crate::http::secret_json::SecretJson;
use crate::http::{Method, Request, Response, Route};
use crate::sts::session::{not_successful, read_access_key};

/// A URL that responds with credentials.
pub(crate) struct CredentialsUri;

impl Mode for CredentialsUri {
    fn name(&self) -> &'static str {
        "CredentialsURI"
    }

    fn required(&self) -> &'static [Field] {
        &[Field::CredentialsUri]
    }

    fn remedy(&self) -> &'static str {
        " or set ALIBABA_CLOUD_CREDENTIALS_URI environment variable"
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            refuse_where_disabled(context.host, self.name())?;
            let uri = context.profile.text(Field::CredentialsUri);
            let url = Url::parse(uri).map_err(|_| Error::invalid("invalid credentials uri"))?;
            if !matches!(url.scheme(), "http" | "https") {
                return Err(Error::invalid("invalid credentials uri: it must be http or https"));
            }
            let request = Request { route: Route::Redirected, ..Request::new(Method::Get, url) };
            Ok(read(&context.http.send(request).await?)?.into())
        })
    }
}

/// Returns an error where the environment forbids external sources (wire, section 1.3).
pub(super) fn refuse_where_disabled(host: &dyn Host, mode: &str) -> Result<()> {
    const SWITCH: &str = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";
    if host.is_on(SWITCH) || host.var(SWITCH).as_deref() == Some("1") {
        let text = format!("external credential source is disabled by {SWITCH} ({mode} mode)");
        return Err(Error::Blocked { text, by: Barrier::Variable(SWITCH) });
    }
    Ok(())
}

/// Reads the credentials of a response (wire, section 2.6).
pub(super) fn read(response: &Response) -> Result<AccessKey> {
    if response.status != 200 {
        let text = format!("get credentials from URI failed, status code {}", response.status);
        return Err(Error::rejected(text, ServiceError::of_status(response.status)));
    }
    let body = SecretJson::parse(&response.body).filter(SecretJson::is_object);
    let body =
        body.ok_or_else(|| Error::unexpected("unmarshal credentials failed, the answer is not JSON"))?;
    if body.text("Code") != "Success" {
        return Err(not_successful("get sts token err", &body));
    }
    let lacks = |name: &str| Error::unexpected(format!("get sts token err, the answer has no {name}"));
    read_access_key(&body, "static_sts".into(), lacks)
}

#[cfg(feature = "cli")]
mod configure {
    use super::*;
    use crate::config::profile::Profile;
    use crate::modes::{Configurable, Question};
    use crate::secret::shown;

    impl Configurable for CredentialsUri {
        fn flag_fields(&self) -> &'static [Field] {
            &[Field::CredentialsUri]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            const URI: Question = Question::new(Field::CredentialsUri, "Credentials URI");
            Some(&[URI])
        }

        fn summary(&self, profile: &Profile) -> String {
            format!("CredentialsURI:{}", shown::address(profile.text(Field::CredentialsUri)))
        }
    }
}
