//! What the command line asks of a mode: how `configure` fills a profile, and what `configure list` shows of it.

use std::pin::Pin;

use super::{BoxFuture, Dialogue, Question};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::error::Result;
use crate::host::Host;
use crate::http;

/// The future of an interactive step, which stays on its thread.
pub(crate) type LocalBoxFuture<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A mode that the command line configures.
pub(crate) trait Configurable {
    /// Returns the fields that `configure set` takes from flags.
    fn flag_fields(&self) -> &'static [Field];

    /// Returns the questions of `configure`; `None` where the mode cannot be configured interactively.
    fn questions(&self) -> Option<&'static [Question]>;

    /// Returns the numbers that `configure` stores without a question.
    fn presets(&self) -> &'static [(Field, i64)] {
        &[]
    }

    /// Tells whether `configure` asks for region and language only if they are not stored.
    fn asks_common_once(&self) -> bool {
        false
    }

    /// Tells whether `configure` checks a new profile with a call.
    fn is_checked(&self) -> bool {
        true
    }

    /// Asks this mode's questions, and signs in where the mode needs that.
    fn configure<'a>(&'a self, dialogue: &'a mut Dialogue<'_>) -> LocalBoxFuture<'a> {
        Box::pin(async move { dialogue.ask_all(self.questions().unwrap_or_default(), self.presets()) })
    }

    /// Returns the fields that a login in a browser fills; none where the mode has no login (beyond, section 3).
    fn login_fields(&self) -> &'static [Field] {
        &[]
    }

    /// Revokes what a login left in a profile, where the service offers that.
    ///
    /// # Errors
    ///
    /// Those of the request, and of the service.
    fn revoke<'a>(&'a self, _http: &'a http::Client, _profile: &'a Profile) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Tells whether the access key in a profile is one of a user, which can be rotated (beyond, section 3).
    fn holds_user_key(&self, _profile: &Profile) -> bool {
        false
    }

    /// Finds out whether what a complete profile needs beside itself is there, such as a token file or a login that
    /// is not over, and returns when that ends, in seconds since 1970-01-01 UTC (beyond, section 4).
    ///
    /// # Errors
    ///
    /// What a call would fail with.
    fn readiness(&self, _host: &dyn Host, _profile: &Profile) -> Result<Option<i64>> {
        Ok(None)
    }

    /// Returns what `configure list` shows of the credentials.
    fn summary(&self, profile: &Profile) -> String;
}
