//! An error that a service itself reported.

use super::Error;
use crate::secret::{Secret, redact};

/// An error that a service itself reported (wire, section 9.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error(
    "SDK.ServerError\nErrorCode: {code}\nRecommend: {recommend}\nRequestId: {request_id}\nMessage: {message}"
)]
pub struct ServiceError {
    /// The HTTP status; 0 where the refusal came by way of the browser.
    pub status: u16,
    /// The service's error code, such as `InvalidAccessKeyId.NotFound`.
    pub code: String,
    /// The service's sentence, with the caller's secrets struck out.
    pub message: String,
    /// A page that may help.
    pub recommend: String,
    /// The id of the request, for the service's support.
    pub request_id: String,
    /// The name of the server, as it put it.
    pub host_id: String,
    /// How far the server's clock is ahead of this machine's, in seconds, where it tells the time.
    pub clock_offset: Option<i64>,
}

impl ServiceError {
    /// Makes the error of a service that said nothing but its status.
    pub(crate) fn of_status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// Tells whether the service is overloaded or broken, which may pass.
    pub(super) fn is_transient(&self) -> bool {
        self.status >= 500 || self.status == 429 || self.code.starts_with("Throttling")
    }

    /// Strikes secrets out of what the service said.
    pub(crate) fn without(mut self, secrets: &[&Secret]) -> Self {
        for text in self.texts_mut() {
            *text = redact(text, secrets.iter().copied());
        }
        self
    }

    pub(super) fn texts_mut(&mut self) -> [&mut String; 5] {
        let Self { code, message, recommend, request_id, host_id, .. } = self;
        [code, message, recommend, request_id, host_id]
    }
}

impl From<ServiceError> for Error {
    fn from(error: ServiceError) -> Self {
        Self::rejected(error.to_string(), error)
    }
}
