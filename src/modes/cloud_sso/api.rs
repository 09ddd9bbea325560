//! The calls of a CloudSSO portal (wire, section 2.8).

use url::Url;

use crate::error::Error;
use crate::http::answer::Answer;
use crate::http::{self, Method, Request};
use crate::language::Language;
use crate::modes::LOGIN_LIMITS;
use crate::secret::{Secret, redact};
use crate::storage::json::quote;
use crate::sts::sign::canonical_query;
use crate::texts::{ANSWER_UNREADABLE, HTTP_ERROR, REQUEST_FAILED};

/// What is wrong with an address that begins otherwise.
pub(super) const NOT_HTTPS: &str = "the sign-in URL must begin with https://";

/// The server behind a sign-in page.
#[derive(Debug)]
pub(super) struct Portal<'a> {
    http: &'a http::Client,
    base: Url,
}

/// Why a sign-in page has no server to ask.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// The address cannot be read.
    NoAddress(url::ParseError),
    /// The address does not begin with `https://` or `http://`.
    NoScheme,
    /// The address begins with `http://` and is none of this very machine.
    InClear,
}

/// Why a call has no usable answer. None of it holds a secret.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no answer at all.
    Network(Error),
    /// The service refused, with its code and its words.
    Refused { status: u16, code: String, words: String },
    /// The service refused without words in the known form.
    Status(u16),
    /// The service agreed, but its answer lacks something.
    Unreadable(&'static str),
}

impl Failure {
    /// Strikes secrets out of what the service said.
    pub(super) fn without(self, secrets: &[&Secret]) -> Self {
        match self {
            Self::Refused { status, code, words } => {
                let words = redact(&words, secrets.iter().copied());
                Self::Refused { status, code, words }
            }
            other => other,
        }
    }

    /// Says what went wrong as the login does (wire, section 8.2).
    pub(super) fn in_login(&self, language: Language) -> String {
        match self {
            Self::Network(error) => format!("{}: {error}", REQUEST_FAILED.in_language(language)),
            Self::Refused { words, .. } => words.clone(),
            Self::Status(status) => format!("{}: HTTP {status}", HTTP_ERROR.in_language(language)),
            Self::Unreadable(why) => format!("{}: {why}", ANSWER_UNREADABLE.in_language(language)),
        }
    }

    /// Says what went wrong as the search for choices does (wire, section 8.4).
    pub(super) fn in_list(&self) -> String {
        match self {
            Self::Network(error) => error.to_string(),
            Self::Refused { words, .. } => words.clone(),
            Self::Status(status) => format!("HTTP {status}"),
            Self::Unreadable(why) => (*why).to_owned(),
        }
    }

    /// Says what went wrong as the exchange for a session does (wire, section 8.5).
    pub(super) fn in_exchange(&self) -> String {
        match self {
            Self::Network(error) => format!("failed to send request: {error}"),
            Self::Refused { status, words, .. } => format!("HTTP {status}: {words}"),
            Self::Status(status) => format!("HTTP {status}"),
            Self::Unreadable(why) => format!("failed to parse response: {why}"),
        }
    }
}

impl<'a> Portal<'a> {
    /// Finds the server of a sign-in page.
    pub(super) fn new(http: &'a http::Client, page: &str) -> Result<Self, Unusable> {
        match Url::parse(page) {
            // Tokens go there, and must not leave this machine in clear.
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

    /// Posts a JSON object of texts; all of them and the token count as secrets.
    pub(super) async fn post(
        &self,
        path: &str,
        token: Option<&Secret>,
        members: &[(&str, &str)],
    ) -> Result<Answer, Failure> {
        let member = |(key, value): &(&str, &str)| format!("{}:{}", quote(key), quote(value));
        let body = Secret::new(format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(",")));
        let request = Request { body, ..Request::new(Method::Post, self.url(path)) };
        self.send(request, token).await
    }

    /// Gets a list's page.
    pub(super) async fn get(
        &self,
        path: &str,
        token: &Secret,
        query: &[(&str, &str)],
    ) -> Result<Answer, Failure> {
        let mut url = self.url(path);
        url.set_query(Some(&canonical_query(query)));
        self.send(Request::new(Method::Get, url), Some(token)).await
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    async fn send(&self, request: Request, token: Option<&Secret>) -> Result<Answer, Failure> {
        const JSON: &str = "application/json";
        let mut request =
            Request { limits: LOGIN_LIMITS, ..request }.header("accept", JSON).header("content-type", JSON);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {}", token.expose()));
        }
        let answer = self.http.send(request).await.map_err(Failure::Network)?;
        let body = Answer::parse(&answer.body).filter(Answer::is_object);
        match (answer.is_success(), body) {
            (true, Some(body)) => Ok(body),
            (true, None) => Err(Failure::Unreadable("the answer is no JSON object")),
            (false, body) => {
                let secrets: Vec<_> = token.into_iter().collect();
                Err(refusal(answer.status, &body.unwrap_or_default()).without(&secrets))
            }
        }
    }
}

/// Reads the answer of a service that refused.
pub(super) fn refusal(status: u16, body: &Answer) -> Failure {
    let [code, message, request_id] = ["ErrorCode", "ErrorMessage", "RequestId"].map(|name| body.shown(name));
    if code.is_empty() && message.is_empty() {
        return Failure::Status(status);
    }
    Failure::Refused { status, words: format!("{code}: {message} {request_id}"), code }
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
        let failure = refusal(403, &Answer::parse(&body.into()).unwrap()).without(&[&"at-1".into()]);
        assert_eq!(failure.in_list(), "NoPermission: *** may not r");
        assert_eq!(failure.in_exchange(), "HTTP 403: NoPermission: *** may not r");
        assert_eq!(refusal(502, &Answer::default()).in_login(Language::English), "HTTP error: HTTP 502");
    }
}
