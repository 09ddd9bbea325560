//! Requests and responses.

use std::time::Duration;

use url::Url;

use crate::secret::Secret;

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
    /// Returns the method's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// The timeouts of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timeouts {
    /// The time to connect.
    pub(crate) connect: Duration,
    /// The time for the whole request, connecting included.
    pub(crate) total: Duration,
}

impl Timeouts {
    /// The default timeouts: 5 seconds to connect, 10 in all (wire, section 2.1).
    pub(crate) const DEFAULT: Self = Self { connect: Duration::from_secs(5), total: Duration::from_secs(10) };
}

/// How a request travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Through the proxy that the environment names, with no redirect followed.
    Proxied,
    /// As [`Route::Proxied`], with up to 10 redirects followed, from https to https alone.
    Redirected,
    /// Never through a proxy: the metadata service of the machine itself.
    Direct,
}

/// A request.
#[derive(Debug)]
pub(crate) struct Request {
    /// The method.
    pub(crate) method: Method,
    /// The whole address.
    pub(crate) url: Url,
    /// The headers apart from `User-Agent`.
    pub(crate) headers: Vec<(&'static str, Secret)>,
    /// The body.
    pub(crate) body: Secret,
    /// The timeouts.
    pub(crate) timeouts: Timeouts,
    /// How it travels.
    pub(crate) route: Route,
}

impl Request {
    /// Makes a request without a body with the default timeouts and route.
    pub(crate) fn new(method: Method, url: Url) -> Self {
        let (timeouts, route) = (Timeouts::DEFAULT, Route::Proxied);
        Self { method, url, headers: Vec::new(), body: Secret::default(), timeouts, route }
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, Secret::new(value)));
        self
    }
}

/// A response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Response {
    /// The status code.
    pub(crate) status: u16,
    /// The pause that the service asks for, if it does (wire, section 9.3).
    pub(crate) retry_after: Option<Duration>,
    /// When the server sent it, in seconds since 1970-01-01 UTC by its own clock, if it says so.
    pub(crate) date: Option<i64>,
    /// The body; it may hold secrets.
    pub(crate) body: Secret,
}

impl Response {
    /// Tells whether the status is 200 to 299.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
