//! Calls to a CloudSSO portal (wire, section 2.8).

use url::Url;

use crate::error::{Error, ServiceError};
use crate::http::secret_json::SecretJson;
use crate::http::{self, Method, Request};
use crate::language::Language;
use crate::modes::LOGIN_TIMEOUTS;
use crate::secret::{Secret, SecretBuffer};
use crate::storage::json::write_quoted;
use crate::sts::sign::canonical_query;
use crate::texts::{ANSWER_UNREADABLE, HTTP_ERROR, REQUEST_FAILED};

/// The reason against a URL with another scheme.
pub(super) const NOT_HTTPS: &str = "the sign-in URL must begin with https://";

/// The server behind a sign-in page.
#[derive(Debug)]
pub(super) struct Portal<'a> {
    http: &'a http::Client,
    base: Url,
}

/// Why the URL of a sign-in page cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// It cannot be parsed.
    NoAddress(url::ParseError),
    /// It does not begin with `https://` or `http://`.
    NoScheme,
    /// It begins with `http://` and does not lead to this machine.
    InClear,
}

/// Why a call has no usable response. None of it holds a secret.
#[derive(Debug)]
pub(super) enum PortalError {
    /// There is no response at all.
    Network(Error),
    /// The service refuses.
    Refused(Box<ServiceError>),
    /// The service accepted, but its response lacks something.
    Unreadable(&'static str),
}

impl PortalError {
    /// Strikes secrets out of what the service said.
    pub(super) fn without(self, secrets: &[&Secret]) -> Self {
        match self {
            Self::Refused(service) => Self::Refused(Box::new(service.without(secrets))),
            other => other,
        }
    }

    /// Words the error as the login does (wire, section 8.2).
    pub(super) fn in_login(self, language: Language) -> Error {
        let [no_answer, http_error, unreadable] =
            [REQUEST_FAILED, HTTP_ERROR, ANSWER_UNREADABLE].map(|text| text.in_language(language));
        match self {
            Self::Network(error) => error.during(format!("{no_answer}: ")),
            Self::Refused(service) => {
                let words = words(&service);
                let text = words.unwrap_or_else(|| format!("{http_error}: HTTP {}", service.status));
                Error::rejected(text, service)
            }
            Self::Unreadable(why) => Error::unexpected(format!("{unreadable}: {why}")),
        }
    }

    /// Words the error as the search for choices does (wire, section 8.4).
    pub(super) fn in_list(self) -> Error {
        match self {
            Self::Network(error) => error,
            Self::Refused(service) => {
                let text = words(&service).unwrap_or_else(|| format!("HTTP {}", service.status));
                Error::rejected(text, service)
            }
            Self::Unreadable(why) => Error::unexpected(why),
        }
    }

    /// Words the error as the exchange for a session does (wire, section 8.5).
    pub(super) fn in_exchange(self) -> Error {
        match self {
            Self::Network(error) => error.during("failed to send request: "),
            Self::Refused(service) => {
                let words = words(&service).map(|words| format!(": {words}")).unwrap_or_default();
                Error::rejected(format!("HTTP {}{words}", service.status), service)
            }
            Self::Unreadable(why) => Error::unexpected(format!("failed to parse response: {why}")),
        }
    }
}

/// Returns code, message and request id of a service that named them.
fn words(service: &ServiceError) -> Option<String> {
    let ServiceError { code, message, request_id, .. } = service;
    (!code.is_empty() || !message.is_empty()).then(|| format!("{code}: {message} {request_id}"))
}

impl<'a> Portal<'a> {
    /// Returns the portal of a sign-in page.
    pub(super) fn new(http: &'a http::Client, page: &str) -> Result<Self, Unusable> {
        match Url::parse(page) {
            // Tokens are sent there, and must not leave this machine unencrypted.
            Ok(url) if url.scheme() == "http" && !http::is_on_loopback(&url) => Err(Unusable::InClear),
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                let mut base = url;
                base.set_query(None);
                base.set_fragment(None);
                Ok(Self { http, base })
            }
            Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase) => Err(Unusable::NoScheme),
            Err(error) => Err(Unusable::NoAddress(error)),
        }
    }

    /// Posts a JSON object of strings; all of them and the token are secrets.
    pub(super) async fn post(
        &self,
        path: &str,
        token: Option<&Secret>,
        members: &[(&str, &str)],
    ) -> Result<SecretJson, PortalError> {
        let mut body = SecretBuffer::default();
        body.extend(b"{");
        for (number, (key, value)) in members.iter().enumerate() {
            body.extend(if number > 0 { b"," } else { b"" });
            write_quoted(&mut body, key);
            body.extend(b":");
            write_quoted(&mut body, value);
        }
        body.extend(b"}");
        let request = Request {
            body: body.into_text().unwrap_or_default(),
            ..Request::new(Method::Post, self.url(path))
        };
        self.send(request, token).await
    }

    /// Gets a page of a list.
    pub(super) async fn get(
        &self,
        path: &str,
        token: &Secret,
        query: &[(&str, &str)],
    ) -> Result<SecretJson, PortalError> {
        let mut url = self.url(path);
        url.set_query(Some(&canonical_query(query)));
        self.send(Request::new(Method::Get, url), Some(token)).await
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    async fn send(&self, request: Request, token: Option<&Secret>) -> Result<SecretJson, PortalError> {
        const JSON: &str = "application/json";
        let mut request = Request { timeouts: LOGIN_TIMEOUTS, ..request }
            .header("accept", JSON)
            .header("content-type", JSON);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {}", token.expose()));
        }
        let response = self.http.send(request).await.map_err(PortalError::Network)?;
        let body = SecretJson::parse(&response.body).filter(SecretJson::is_object);
        match (response.is_success(), body) {
            (true, Some(body)) => Ok(body),
            (true, None) => Err(PortalError::Unreadable("the answer is no JSON object")),
            (false, body) => {
                let secrets: Vec<_> = token.into_iter().collect();
                Err(refusal(response.status, &body.unwrap_or_default()).without(&secrets))
            }
        }
    }
}

/// Reads the response of a service that refuses.
pub(super) fn refusal(status: u16, body: &SecretJson) -> PortalError {
    let [code, message, request_id] = ["ErrorCode", "ErrorMessage", "RequestId"].map(|name| body.shown(name));
    let service = ServiceError { code, message, request_id, ..ServiceError::of_status(status) };
    PortalError::Refused(Box::new(service))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    #[test]
    fn a_page_must_be_one_of_the_web() {
        let http = http::Client::new(&FakeHost::new(), false);
        let why = |page: &str| Portal::new(&http, page).map(drop).unwrap_err();
        assert_eq!(why("signin.example.com/start"), Unusable::NoScheme);
        assert_eq!(why("ftp://signin.example.com/start"), Unusable::NoScheme);
        for page in [
            "http://signin.example.com/start",
            "http://localhost.example.com/start",
            "http://127.0.0.1@signin.example.com/start",
            "http://127.0.0.1.example.com/",
            "http://10.0.0.1/",
        ] {
            assert_eq!(why(page), Unusable::InClear, "{page}");
        }
        for page in
            ["http://localhost:8080/start", "http://127.0.0.1/", "http://[::1]/", "HTTPS://h.example/"]
        {
            assert!(Portal::new(&http, page).is_ok(), "{page}");
        }
        assert_eq!(why("https://"), Unusable::NoAddress(url::ParseError::EmptyHost));
    }

    #[test]
    fn a_call_goes_to_the_host_of_the_page_whatever_follows_it() {
        let http = http::Client::new(&FakeHost::new(), false);
        let portal = Portal::new(&http, "https://signin.example.com:8443/start/login?a=b#c").unwrap();
        assert_eq!(portal.url("/token").as_str(), "https://signin.example.com:8443/token");
    }

    #[test]
    fn a_refusal_is_told_in_its_own_words_without_the_token() {
        let body = r#"{"ErrorCode":"NoPermission","ErrorMessage":"at-1 may not","RequestId":"r"}"#;
        let refused = || refusal(403, &SecretJson::parse(&body.into()).unwrap()).without(&[&"at-1".into()]);
        let silent = refusal(502, &SecretJson::default());
        assert_eq!(refused().in_list().to_string(), "NoPermission: *** may not r");
        assert_eq!(refused().in_exchange().to_string(), "HTTP 403: NoPermission: *** may not r");
        assert_eq!(silent.in_login(Language::English).to_string(), "HTTP error: HTTP 502");
    }
}
