//! What a mode obtains: something to sign or to accompany a request with.

pub(crate) mod overlay;
pub(crate) mod resolver;
pub(crate) mod session_cache;
pub(crate) mod variables;

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::secret::Secret;

/// The header of a bearer token where the profile names none.
pub(crate) const DEFAULT_BEARER_HEADER: &str = "x-acs-bearer-token";

/// Credentials for calls to Alibaba Cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credentials {
    /// An access key, with a token where it belongs to a session.
    AccessKey(AccessKey),
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

impl Credentials {
    /// Lets an access key whose end is not known expire at a time, in seconds since 1970-01-01 UTC.
    pub(crate) fn expiring(mut self, expiration: Option<i64>) -> Self {
        if let Self::AccessKey(key) = &mut self {
            key.expiration = key.expiration.or(expiration);
        }
        self
    }
}

/// An access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// The id of the key.
    pub access_key_id: String,
    /// The secret of the key.
    pub access_key_secret: Secret,
    /// The token of the session that the key belongs to.
    pub security_token: Option<Secret>,
    /// When the key expires, in seconds since 1970-01-01 UTC; `None` for a key that lasts, or where the end is not
    /// known. [`AccessKey::expires_at`] is the same as a time.
    pub expiration: Option<i64>,
    /// How the key was obtained, as the service's statistics name it.
    pub provider: Cow<'static, str>,
}

impl AccessKey {
    /// Returns when the key expires; `None` for a key that lasts, or where the end is not known.
    ///
    /// A program that keeps the key resolves anew a few minutes before: a cached session is replaced 180 seconds
    /// before its end.
    pub fn expires_at(&self) -> Option<SystemTime> {
        let seconds = u64::try_from(self.expiration?).unwrap_or_default();
        UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    }

    /// Returns the secrets of this key, which must not be shown.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        [&self.access_key_secret].into_iter().chain(&self.security_token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_key_is_told_as_a_time() {
        let key = |expiration| AccessKey {
            access_key_id: "i".into(),
            access_key_secret: "s".into(),
            security_token: None,
            expiration,
            provider: "static_sts".into(),
        };
        let times = [None, Some(4_070_908_800), Some(-1), Some(i64::MAX)].map(|end| key(end).expires_at());
        let after = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(times[..3], [None, Some(after(4_070_908_800)), Some(UNIX_EPOCH)]);
    }
}
