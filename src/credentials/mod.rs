//! What a mode obtains: something to sign or to accompany a request with.

pub(crate) mod overlay;
pub(crate) mod resolver;
pub(crate) mod session_cache;

use std::borrow::Cow;

use crate::secret::Secret;

/// Credentials for calls to Alibaba Cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credentials {
    /// An access key, with a token where it belongs to a session.
    Keys(Keys),
    /// A token that goes into a header.
    Bearer {
        /// The token.
        token: Secret,
        /// The name of the header.
        header: String,
    },
    /// No credentials: calls are not signed.
    Anonymous,
}

/// An access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The id of the key.
    pub access_key_id: String,
    /// The secret of the key.
    pub access_key_secret: Secret,
    /// The token of the session that the key belongs to.
    pub security_token: Option<Secret>,
    /// When the session ends, in seconds since 1970-01-01 UTC, where that is known.
    pub expiration: Option<i64>,
    /// How the key was obtained, as the service's statistics name it.
    pub provider: Cow<'static, str>,
}

impl Keys {
    /// Returns the secrets of this key, which must not be shown.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        [&self.access_key_secret].into_iter().chain(&self.security_token)
    }
}
