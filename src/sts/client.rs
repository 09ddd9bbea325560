//! Signed calls, and what the service's errors say.

use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use url::Url;

use super::retries::{Attempts, Retries};
use super::sign::{self, Signable};
use crate::credentials::AccessKey;
use crate::error::{Error, Result, ServiceError};
use crate::host::{Host, Stream};
use crate::http::{self, Method, Request, Response, Timeouts};
use crate::secret::{Secret, redact};

/// The version of the API.
pub(crate) const API_VERSION: &str = "2015-04-01";

/// A client that signs with one access key.
pub(crate) struct Client<'a> {
    host: &'a dyn Host,
    http: &'a http::Client,
    endpoint: Url,
    access_key: &'a AccessKey,
    version: &'static str,
    timeouts: Timeouts,
    retries: Retries,
}

impl<'a> Client<'a> {
    /// Makes a client with the default timeouts that retries nothing.
    pub(crate) fn new(
        host: &'a dyn Host,
        http: &'a http::Client,
        endpoint: Url,
        access_key: &'a AccessKey,
    ) -> Self {
        let (timeouts, retries) = (Timeouts::DEFAULT, Retries::default());
        Self { host, http, endpoint, access_key, version: API_VERSION, timeouts, retries }
    }

    /// Sets the version of the API, for a service other than STS.
    #[must_use]
    pub(crate) fn with_version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// Sets the timeouts of one attempt.
    #[must_use]
    pub(crate) fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets how often a failed call is retried.
    #[must_use]
    pub(crate) fn with_retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// Calls an action as [`Client::respond`] does, and returns the body of its response.
    ///
    /// # Errors
    ///
    /// As [`Client::respond`].
    pub(crate) async fn call(
        &self,
        action: &'static str,
        query: &[(&str, &str)],
        form: &[(&str, &str)],
    ) -> Result<Secret> {
        self.respond(action, query, form).await.map(|response| response.body)
    }

    /// Calls an action with parameters in the query and in a form, and returns its response.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] where the service answers with a status of 400 or more, [`Error::Unreachable`] where it
    /// does not respond.
    pub(crate) async fn respond(
        &self,
        action: &'static str,
        query: &[(&str, &str)],
        form: &[(&str, &str)],
    ) -> Result<Response> {
        let mut attempts = Attempts::default();
        loop {
            let response = self.http.send(self.request(action, query, form, &attempts)?).await;
            match attempts.pause(self.retries, &response) {
                Some(pause) => {
                    self.announce(pause)?;
                    tokio::time::sleep(pause).await;
                }
                None => return self.check(response?),
            }
        }
    }

    /// Announces a long pause to a user at a terminal.
    fn announce(&self, pause: Duration) -> Result<()> {
        const LONG: Duration = Duration::from_secs(1);
        if pause < LONG || !self.host.is_terminal(Stream::Stderr) {
            return Ok(());
        }
        let text = format!("aliyun: trying again in {} s\n", pause.as_secs());
        Ok(self.host.write(Stream::Stderr, &text)?)
    }

    /// Describes a call without a form as it would be sent, without its secrets.
    ///
    /// # Errors
    ///
    /// Fails where the system has no random numbers.
    pub(crate) fn describe(&self, action: &'static str, query: &[(&str, &str)]) -> Result<String> {
        let request = self.request(action, query, &[], &Attempts::default())?;
        let url = &request.url;
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let method = request.method.name();
        let mut lines: Vec<_> = request.headers.iter().map(header_line).collect();
        lines.push(format!("user-agent: {}", self.http.user_agent()));
        lines.sort_unstable();
        let host = http::authority(url);
        Ok(format!("{method} {}{query} HTTPS/1.1\nHost: {host}\n{}\n", url.path(), lines.join("\n")))
    }

    fn request(
        &self,
        action: &'static str,
        query: &[(&str, &str)],
        form: &[(&str, &str)],
        attempts: &Attempts,
    ) -> Result<Request> {
        let query = sign::canonical_query(query);
        let body = sign::canonical_form(form);
        let mut url = self.endpoint.clone();
        url.set_query((!query.is_empty()).then_some(query.as_str()));
        let body_hash = sign::sha256_hex(body.expose().as_bytes());
        let host = http::authority(&url);
        let mut headers = self.headers(action, &body_hash, !form.is_empty())?;
        if let Some((times, delay)) = attempts.throttled() {
            headers.push(("x-acs-retry-attempts", Secret::new(times.to_string())));
            headers.push(("x-acs-retry-delay", Secret::new(delay.as_millis().to_string())));
        }
        let mut signed: Vec<_> = headers.iter().map(|(name, value)| (*name, value.expose())).collect();
        signed.push(("host", &host));
        let signable =
            Signable { method: Method::Post.name(), query: &query, headers: signed, body_hash: &body_hash };
        let authorization = sign::authorization(&signable, self.access_key);
        let request = Request { headers, body, timeouts: self.timeouts, ..Request::new(Method::Post, url) };
        Ok(request.header("accept", "application/json").header("authorization", authorization))
    }

    fn headers(&self, action: &str, body_hash: &str, has_form: bool) -> Result<Vec<(&'static str, Secret)>> {
        let mut nonce = [0; 16];
        self.host.random(&mut nonce)?;
        let mut headers = vec![
            ("x-acs-action", Secret::from(action)),
            ("x-acs-version", self.version.into()),
            ("x-acs-date", Secret::new(timestamp(self.host.now()))),
            ("x-acs-signature-nonce", Secret::new(sign::hex(&nonce))),
            ("x-acs-content-sha256", body_hash.into()),
            ("x-acs-credentials-provider", self.access_key.provider.as_ref().into()),
        ];
        if let Some(token) = &self.access_key.security_token {
            headers.push(("x-acs-accesskey-id", Secret::from(self.access_key.access_key_id.as_str())));
            headers.push(("x-acs-security-token", token.clone()));
        }
        if has_form {
            headers.push(("content-type", "application/x-www-form-urlencoded".into()));
        }
        Ok(headers)
    }

    fn check(&self, response: Response) -> Result<Response> {
        if response.is_success() {
            // A response that is not JSON comes from something in between, such as a login page of the network.
            return match serde_json::from_str::<IgnoredAny>(response.body.expose()) {
                Ok(_) => Ok(response),
                Err(_) => {
                    let host = http::authority(&self.endpoint);
                    Err(Error::unexpected(format!("the answer of {host} is not JSON")))
                }
            };
        }
        let secrets: Vec<_> = self.access_key.secrets().collect();
        let clock_offset = response.date.map(|date| date.saturating_sub(self.host.now()));
        Err(ServiceError { clock_offset, ..service_error(&response, &secrets) }.into())
    }
}

/// Formats a header; a value that is secret, or new in every request, is hidden.
fn header_line((name, value): &(&'static str, Secret)) -> String {
    const HIDDEN: &[&str] = &["authorization", "x-acs-security-token", "x-acs-signature-nonce"];
    let value = if HIDDEN.contains(name) { "***" } else { value.expose() };
    format!("{name}: {value}")
}

/// Formats a time as the service expects it, in UTC.
pub(crate) fn timestamp(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

/// Returns a service's text for display: line breaks stay, other control characters, which could move the cursor, go.
fn lines(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() || *character == '\n').collect()
}

/// Reads the body of an error response; one that is not JSON is not shown, since it may hold anything.
///
/// The caller's secrets are struck out, since a service may repeat what it was sent.
pub(crate) fn service_error(response: &Response, secrets: &[&Secret]) -> ServiceError {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "PascalCase", default)]
    struct Body {
        code: serde_json::Value,
        message: serde_json::Value,
        recommend: serde_json::Value,
        request_id: serde_json::Value,
        host_id: serde_json::Value,
    }
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => {
            redact(&lines(&redact(&text, secrets.iter().copied())), secrets.iter().copied())
        }
        serde_json::Value::Null => String::new(),
        other => redact(&lines(&other.to_string()), secrets.iter().copied()),
    };
    let body: Body = serde_json::from_str(response.body.expose()).unwrap_or_default();
    let mut error = ServiceError {
        status: response.status,
        code: text(body.code),
        message: text(body.message),
        recommend: text(body.recommend),
        request_id: text(body.request_id),
        host_id: text(body.host_id),
        clock_offset: None,
    };
    if error.code.is_empty() && error.message.is_empty() {
        error.message = format!("HTTP status {}", response.status);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_cannot_write_over_the_screen_nor_hide_a_secret_between_signs_that_are_not_shown() {
        let body = r#"{"Code":"C\u001b[2J","Message":"a\nb\u0000 sec\u0007ret","RequestId":"r\r","HostId":["h\u007f"]}"#;
        let error = service_error(
            &Response { status: 400, body: body.into(), ..Response::default() },
            &[&"secret".into()],
        );
        let texts = [error.code, error.message, error.request_id, error.host_id];
        assert_eq!(texts, ["C[2J", "a\nb ***", "r", "[\"h\"]"]);
    }
}
