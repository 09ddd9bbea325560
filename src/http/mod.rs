//! The one HTTP client: proxies, certificates, time limits, and errors without addresses or secrets.

mod agent;
pub(crate) mod answer;
mod certificates;
mod proxy;

use std::error::Error as _;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use url::Url;
use zeroize::Zeroizing;

use crate::error::{Error, NetworkFailure, Result};
use crate::host::Host;
use crate::secret::Secret;
use agent::Agent;
use certificates::Authorities;
use proxy::Rules;

/// The version of the reference whose interface this program has.
pub(crate) const REFERENCE_VERSION: &str = "3.4.11";

/// The largest answer that is read, in bytes.
const ANSWER_LIMIT: usize = 1 << 20;

/// The header in which a service says for how many milliseconds it wants to be left alone.
const RETRY_AFTER: HeaderName = HeaderName::from_static("x-acs-retry-after");

/// A request method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
}

impl Method {
    /// Gives the method's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// The time limits of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// For connecting.
    pub connect: Duration,
    /// For all of it.
    pub total: Duration,
}

impl Limits {
    /// The limits where nothing else is asked for: 5 seconds to connect, 10 in all (wire, section 2.1).
    pub(crate) const USUAL: Self = Self { connect: Duration::from_secs(5), total: Duration::from_secs(10) };
}

/// How a request travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Through the proxy that the environment names, with no redirect followed.
    Usual,
    /// As [`Route::Usual`], with up to 10 redirects followed.
    Redirected,
    /// Never through a proxy: the metadata service of the machine itself.
    Direct,
}

/// A request.
#[derive(Debug)]
pub(crate) struct Request {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// Headers beside `User-Agent`.
    pub headers: Vec<(&'static str, Secret)>,
    /// The body.
    pub body: Secret,
    /// The time limits.
    pub limits: Limits,
    /// How it travels.
    pub route: Route,
}

impl Request {
    /// Makes a request without a body that travels as usual.
    pub(crate) fn new(method: Method, url: Url) -> Self {
        let (limits, route) = (Limits::USUAL, Route::Usual);
        Self { method, url, headers: Vec::new(), body: Secret::default(), limits, route }
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, Secret::new(value)));
        self
    }
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Response {
    /// The status code.
    pub status: u16,
    /// How long the service wants to be left alone, where it says so (wire, section 9.3).
    pub retry_after: Option<Duration>,
    /// The body; it may hold secrets.
    pub body: Secret,
}

impl Response {
    /// Tells whether the status is 200 to 299.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A client for requests over HTTP and HTTPS. Nothing is set up before the first request.
#[derive(Debug)]
pub(crate) struct Client {
    rules: Rules,
    authorities: Authorities,
    agent: Agent,
    skip_verify: bool,
    built: Mutex<Vec<(Setup, reqwest::Client)>>,
}

/// What distinguishes one underlying client from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Setup {
    connect: Duration,
    route: Route,
    secure: bool,
}

impl Client {
    /// Makes a client for these surroundings. With `skip_verify` no certificate is checked.
    pub(crate) fn new(host: &dyn Host, skip_verify: bool) -> Self {
        Self {
            rules: Rules::of(host),
            authorities: Authorities::of(host),
            agent: Agent::of(host),
            skip_verify,
            built: Mutex::default(),
        }
    }

    /// Adds words to the `User-Agent` of every request (wire, section 10.3).
    #[must_use]
    pub(crate) fn with_agent_words(mut self, words: &str) -> Self {
        self.agent.add(words);
        self
    }

    /// Adds one word with a text as its value to the `User-Agent` of every request; none for an empty text.
    #[must_use]
    pub(crate) fn with_agent_word(mut self, name: &str, text: &str) -> Self {
        self.agent.add_word(name, text);
        self
    }

    /// Gives what this client calls itself.
    pub(crate) fn user_agent(&self) -> String {
        self.agent.to_string()
    }

    /// Sends a request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] where there is no answer, or one of over 1 MiB; it names the host and the cause only.
    pub(crate) async fn send(&self, request: Request) -> Result<Response> {
        let host = authority(&request.url);
        let limits = request.limits;
        let failed = |error: reqwest::Error| network_error(&host, &error, limits);
        let client = self.client(&request)?;
        let mut answer = self.prepare(&client, request).send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let retry_after = answer.headers().get(RETRY_AFTER).and_then(milliseconds);
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            body.extend_from_slice(&chunk);
            if body.len() > ANSWER_LIMIT {
                let reason = "the answer is longer than 1 MiB".to_owned();
                return Err(Error::Network { host, reason, kind: NetworkFailure::Other });
            }
        }
        Ok(Response { status, retry_after, body: Secret::new(String::from_utf8_lossy(&body)) })
    }

    fn prepare(&self, client: &reqwest::Client, request: Request) -> reqwest::RequestBuilder {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
        };
        let mut builder = client.request(method, request.url).timeout(request.limits.total);
        for (name, value) in &request.headers {
            let Ok(mut value) = HeaderValue::from_str(value.expose()) else {
                // No header can carry such a value; the server says what is missing.
                continue;
            };
            value.set_sensitive(true);
            builder = builder.header(HeaderName::from_static(name), value);
        }
        if request.method == Method::Get {
            return builder;
        }
        builder.body(request.body.expose().to_owned())
    }

    /// Gives the underlying client for a request, made at the first of its kind.
    fn client(&self, request: &Request) -> Result<reqwest::Client> {
        let setup = Setup {
            connect: request.limits.connect,
            route: request.route,
            secure: request.url.scheme() == "https" || request.route == Route::Redirected,
        };
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = built.iter().find(|(other, _)| *other == setup) {
            return Ok(client.clone());
        }
        if setup.route != Route::Direct {
            self.rules.check(&request.url)?;
        }
        let failed = |error| network_error(&authority(&request.url), &error, request.limits);
        let client = self.build(setup)?.build().map_err(failed)?;
        built.push((setup, client.clone()));
        Ok(client)
    }

    fn build(&self, setup: Setup) -> Result<reqwest::ClientBuilder> {
        // Another part of the program may have chosen a provider already; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(self.user_agent())
            .connect_timeout(setup.connect)
            .redirect(if setup.route == Route::Redirected { Policy::limited(10) } else { Policy::none() })
            .no_proxy();
        if setup.route != Route::Direct {
            let rules = self.rules.clone();
            builder = builder.proxy(reqwest::Proxy::custom(move |url| rules.proxy(url)));
        }
        if !setup.secure {
            // Loading the system's certificates costs milliseconds that plain HTTP should not pay.
            return Ok(builder.tls_certs_only([]));
        }
        if self.skip_verify {
            return Ok(builder.tls_certs_only([]).tls_danger_accept_invalid_certs(true));
        }
        Ok(match self.authorities.read()? {
            Some(certificates) => builder.tls_certs_only(certificates),
            None => builder,
        })
    }
}

/// Gives host and port of an address, which is all of it that an error may show.
pub(crate) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the server");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn milliseconds(value: &HeaderValue) -> Option<Duration> {
    value.to_str().ok()?.trim().parse().ok().map(Duration::from_millis)
}

fn network_error(host: &str, error: &reqwest::Error, limits: Limits) -> Error {
    let kind = match error.is_timeout() {
        true => NetworkFailure::TimedOut,
        false if causes(error).any(is_of_certificate) => NetworkFailure::Untrusted,
        false => NetworkFailure::Other,
    };
    let reason = match (kind, error.is_connect()) {
        (NetworkFailure::TimedOut, true) => {
            format!("no connection within {} s", limits.connect.min(limits.total).as_secs())
        }
        (NetworkFailure::TimedOut, false) => format!("no answer within {} s", limits.total.as_secs()),
        // The causes in front of the last one repeat addresses.
        _ => causes(error)
            .last()
            .map_or_else(|| "the request could not be made".to_owned(), ToString::to_string),
    };
    Error::Network { host: host.to_owned(), reason, kind }
}

/// Gives the causes of an error, the nearest first.
fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

fn is_of_certificate(cause: &(dyn std::error::Error + 'static)) -> bool {
    // As a cause, an I/O error stands for the one that it holds.
    let cause = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(held) => held,
        None => cause,
    };
    matches!(cause.downcast_ref(), Some(rustls::Error::InvalidCertificate(_)))
}
