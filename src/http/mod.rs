//! The one HTTP client: proxies, certificates, timeouts, and errors without addresses or secrets.

mod address;
mod issuer;
mod names;
mod proxy;
mod request;
pub(crate) mod secret_json;
#[cfg(feature = "cli")]
pub(crate) mod server;
mod trust_store;
mod user_agent;
mod verifier;

use std::error::Error as _;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{DATE, HeaderName, HeaderValue, LOCATION};
use reqwest::redirect::Policy;
use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;
use url::Url;

use crate::blocking;
use crate::error::{Error, NetworkFailure, Result};
use crate::host::Host;
use crate::secret::SecretBuffer;
use crate::waiting::Waiting;
pub(crate) use address::{authority, is_on_loopback};
use names::SystemNames;
use proxy::ProxyRules;
pub(crate) use request::{Method, Request, Response, Route, Timeouts};
use trust_store::TrustStore;
pub(crate) use user_agent::REFERENCE_VERSION;
use user_agent::UserAgent;
use verifier::Verifier;

/// The largest response that is read, in bytes.
const BODY_LIMIT: usize = 1 << 20;

/// How many redirects are followed.
const REDIRECTS: usize = 10;

/// The header with which a service asks for a pause, in milliseconds.
const RETRY_AFTER: HeaderName = HeaderName::from_static("x-acs-retry-after");

/// A client for requests over HTTP and HTTPS. It sets nothing up before the first request.
#[derive(Debug)]
pub(crate) struct Client {
    proxy_rules: ProxyRules,
    trust_store: TrustStore,
    agent: UserAgent,
    skip_verify: bool,
    /// Whether the clock stands where TLS can be spoken.
    is_clock_set: bool,
    clients: Mutex<Vec<(ClientOptions, reqwest::Client)>>,
}

/// What distinguishes one underlying client from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ClientOptions {
    connect: Duration,
    route: Route,
    secure: bool,
}

impl Client {
    /// Makes a client for this host. With `skip_verify` it checks no certificate.
    pub(crate) fn new(host: &dyn Host, skip_verify: bool) -> Self {
        Self {
            proxy_rules: ProxyRules::of(host),
            trust_store: TrustStore::of(host),
            agent: UserAgent::of(host),
            skip_verify,
            is_clock_set: host.now() >= 0,
            clients: Mutex::default(),
        }
    }

    /// Adds words to the `User-Agent` of every request (wire, section 10.3).
    #[must_use]
    pub(crate) fn with_agent_words(mut self, words: &str) -> Self {
        self.agent.add(words);
        self
    }

    /// Adds one `name/text` word to the `User-Agent` of every request, or none for an empty text.
    #[must_use]
    pub(crate) fn with_agent_word(mut self, name: &str, text: &str) -> Self {
        self.agent.add_word(name, text);
        self
    }

    /// Returns the `User-Agent` of this client.
    pub(crate) fn user_agent(&self) -> String {
        self.agent.to_string()
    }

    /// Sends a request and reads the whole response, whatever its status.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where a proxy variable or a header's value cannot be used, before anything is sent;
    /// [`Error::Unreachable`] where there is no response, or one of over 1 MiB; it names the host and the cause only.
    pub(crate) async fn send(&self, mut request: Request) -> Result<Response> {
        for _ in 0..=REDIRECTS {
            let _waiting = Waiting::begin(authority(&request.url));
            let response = self.send_once(&request).await?;
            match redirect(&request, &response)? {
                Some(url) => request.url = url,
                None => return self.read(&request, response).await,
            }
        }
        Err(refused(&request.url, "it redirects without end"))
    }

    async fn send_once(&self, request: &Request) -> Result<reqwest::Response> {
        let prepared = self.prepare(&self.client(request).await?, request)?;
        prepared.send().await.map_err(|error| self.network_error(request, &error))
    }

    /// Reads a response to its end.
    async fn read(&self, request: &Request, mut response: reqwest::Response) -> Result<Response> {
        let status = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(milliseconds);
        let date = response.headers().get(DATE).and_then(seconds);
        let mut body = SecretBuffer::with_capacity(expected_length(&response));
        while let Some(chunk) = response.chunk().await.map_err(|error| self.network_error(request, &error))? {
            body.extend(&chunk);
            if body.len() > BODY_LIMIT {
                return Err(refused(&request.url, "the answer is longer than 1 MiB"));
            }
        }
        Ok(Response { status, retry_after, date, body: body.into_text_lossy() })
    }

    fn network_error(&self, request: &Request, error: &reqwest::Error) -> Error {
        let timeouts = request.timeouts;
        let kind = match error.is_timeout() {
            true => NetworkFailure::TimedOut,
            false => causes(error).find_map(certificate_failure).unwrap_or(NetworkFailure::Other),
        };
        let reason = match (&kind, error.is_connect()) {
            (NetworkFailure::TimedOut, true) => {
                format!("no connection within {} s", timeouts.connect.min(timeouts.total).as_secs())
            }
            (NetworkFailure::TimedOut, false) => format!("no answer within {} s", timeouts.total.as_secs()),
            // Only the last cause is shown: those before it repeat the URL, which may hold a secret.
            _ => causes(error)
                .last()
                .map_or_else(|| "the request could not be made".to_owned(), ToString::to_string),
        };
        let proxy = match request.route {
            Route::Direct => None,
            _ => self.proxy_rules.shown(&request.url),
        };
        Error::Unreachable { host: authority(&request.url), reason, kind, proxy }
    }

    fn prepare(&self, client: &reqwest::Client, request: &Request) -> Result<reqwest::RequestBuilder> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
        };
        let mut builder = client.request(method, request.url.clone()).timeout(request.timeouts.total);
        for (name, value) in &request.headers {
            let mut value = HeaderValue::from_str(value.expose()).map_err(|_| not_for_a_header(name))?;
            value.set_sensitive(true);
            builder = builder.header(HeaderName::from_static(name), value);
        }
        Ok(match request.method {
            Method::Get => builder,
            _ => builder.body(request.body.expose().to_owned()),
        })
    }

    /// Returns the underlying client for a request; the first request of a kind makes it.
    async fn client(&self, request: &Request) -> Result<reqwest::Client> {
        let proxy = match request.route {
            Route::Direct => None,
            _ => self.proxy_rules.usable(&request.url)?,
        };
        let options = ClientOptions {
            connect: request.timeouts.connect,
            route: request.route,
            secure: [Some(&request.url), proxy.as_ref()]
                .into_iter()
                .flatten()
                .any(|url| url.scheme() == "https"),
        };
        if options.secure && !self.is_clock_set {
            let text =
                "the clock of this machine stands before 1970: set it, certificates cannot be checked by it";
            return Err(Error::invalid(text));
        }
        if let Some(client) = self.cached(options) {
            return Ok(client);
        }
        let builder = self.builder(options);
        let builder = match self.trust_store_for(options).cloned() {
            Some(trust_store) => {
                builder.tls_backend_preconfigured(blocking::run(move || tls(&trust_store)).await?)
            }
            None => builder,
        };
        let client = builder.build().map_err(|error| self.network_error(request, &error))?;
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).push((options, client.clone()));
        Ok(client)
    }

    fn cached(&self, options: ClientOptions) -> Option<reqwest::Client> {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.iter().find(|(other, _)| *other == options).map(|(_, client)| client.clone())
    }

    /// Returns the trust store that certificates are checked against; `None` where none are checked.
    ///
    /// Loading it takes milliseconds, which plain HTTP should not pay.
    fn trust_store_for(&self, options: ClientOptions) -> Option<&TrustStore> {
        Some(&self.trust_store).filter(|_| options.secure && !self.skip_verify)
    }

    fn builder(&self, options: ClientOptions) -> reqwest::ClientBuilder {
        // Fails where the program that uses this library has installed a provider, which then serves as well.
        let _ = default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(self.user_agent())
            .connect_timeout(options.connect)
            .redirect(Policy::none())
            .dns_resolver(Arc::new(SystemNames))
            .no_proxy();
        if options.route != Route::Direct {
            let proxy_rules = self.proxy_rules.clone();
            builder = builder.proxy(reqwest::Proxy::custom(move |url| proxy_rules.proxy(url)));
        }
        if self.trust_store_for(options).is_some() {
            return builder;
        }
        builder.tls_certs_only([]).tls_danger_accept_invalid_certs(self.skip_verify)
    }
}

/// Makes the settings of TLS that trust the certificates of a trust store, as reqwest makes them without a verifier
/// of ours.
fn tls(trust_store: &TrustStore) -> Result<ClientConfig> {
    let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(default_provider()));
    let verifier = Verifier(trust_store.verifier(Arc::clone(&provider))?);
    let mut settings = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::invalid(format!("TLS cannot be spoken: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    settings.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(settings)
}

/// Returns the length that a response announces, up to the limit, so that no server can claim more memory.
fn expected_length(response: &reqwest::Response) -> usize {
    let length = response.content_length().and_then(|length| usize::try_from(length).ok());
    length.unwrap_or_default().min(BODY_LIMIT)
}

fn milliseconds(value: &HeaderValue) -> Option<Duration> {
    value.to_str().ok()?.trim().parse().ok().map(Duration::from_millis)
}

fn seconds(date: &HeaderValue) -> Option<i64> {
    Some(jiff::fmt::rfc2822::parse(date.to_str().ok()?).ok()?.timestamp().as_second())
}

/// Returns the URL that a response redirects to, if the request follows redirects.
///
/// reqwest does not follow redirects here, since each URL may have a proxy of its own, which must be checked first.
fn redirect(request: &Request, response: &reqwest::Response) -> Result<Option<Url>> {
    if request.route != Route::Redirected || !response.status().is_redirection() {
        return Ok(None);
    }
    let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let Some(target) = target.and_then(|target| request.url.join(target).ok()) else {
        return Ok(None);
    };
    match (request.url.scheme(), target.scheme()) {
        ("https", "http") => {
            Err(refused(&request.url, "it redirects from https to http, which is not followed"))
        }
        (_, "http" | "https") => Ok(Some(target)),
        _ => Err(refused(&request.url, "it redirects to an address that is neither https nor http")),
    }
}

fn refused(url: &Url, reason: &str) -> Error {
    let reason = reason.to_owned();
    Error::Unreachable { host: authority(url), reason, kind: NetworkFailure::Other, proxy: None }
}

fn not_for_a_header(name: &str) -> Error {
    Error::InvalidInput(format!(
        "the request was not sent: the value for its header {name} holds a control character or a line break"
    ))
}

/// Returns the causes of an error, from the nearest to the innermost.
fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

/// Returns what kind of failure a cause is, where it is about the server's certificate.
fn certificate_failure(cause: &(dyn std::error::Error + 'static)) -> Option<NetworkFailure> {
    // `io::Error::source` skips the error that it wraps, so that one is looked at here.
    let cause = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(held) => held,
        None => cause,
    };
    verifier::failure(cause.downcast_ref()?)
}

#[cfg(test)]
mod tests;
