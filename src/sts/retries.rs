//! Which calls are retried, and when (wire, section 9.3).

use std::time::Duration;

use crate::error::Result;
use crate::http::Response;

/// How often a call is retried; by default never.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Retries {
    /// How often after a status of 500 or more, or a network error that may pass.
    pub(crate) failed: u32,
    /// How often where the service asks for a pause.
    pub(crate) throttled: u32,
    /// The longest pause that a service gets, each time.
    pub(crate) longest_wait: Duration,
}

/// The attempts of one call so far.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    failed: u32,
    throttled: u32,
    /// The last pause that the service asked for and got.
    delay: Duration,
}

impl Attempts {
    /// Returns the pause before the next attempt; `None` where this outcome is final.
    pub(super) fn pause(&mut self, retries: Retries, response: &Result<Response>) -> Option<Duration> {
        if let Some(wanted) = throttling(response).filter(|_| self.throttled < retries.throttled) {
            self.throttled += 1;
            self.delay = wanted.min(retries.longest_wait);
            return Some(self.delay);
        }
        if !is_worth_repeating(response) || self.failed >= retries.failed {
            return None;
        }
        self.failed += 1;
        Some(growing_pause(self.failed))
    }

    /// Returns how many pauses the service asked for and got, and the last of them; `None` where there was none.
    pub(super) fn throttled(&self) -> Option<(u32, Duration)> {
        (self.throttled > 0).then_some((self.throttled, self.delay))
    }
}

/// Returns the pause that a service asks for with an error.
fn throttling(response: &Result<Response>) -> Option<Duration> {
    response.as_ref().ok().filter(|response| !response.is_success())?.retry_after
}

fn is_worth_repeating(response: &Result<Response>) -> bool {
    match response {
        Ok(response) => response.status >= 500,
        Err(error) => error.is_transient(),
    }
}

/// Returns the pause after a number of failures: 0.2 s, doubled each time, 5 s at most.
fn growing_pause(failures: u32) -> Duration {
    const FIRST: Duration = Duration::from_millis(200);
    const LONGEST: Duration = Duration::from_secs(5);
    FIRST.saturating_mul(1 << failures.saturating_sub(1).min(5)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<u64>) -> Result<Response> {
        Ok(Response { status, retry_after: retry_after.map(Duration::from_millis), ..Response::default() })
    }

    #[test]
    fn a_service_is_waited_for_as_long_as_it_asks_and_no_longer_than_allowed() {
        let retries = Retries { failed: 0, throttled: 2, longest_wait: Duration::from_millis(100) };
        let mut attempts = Attempts::default();
        assert_eq!(attempts.throttled(), None);
        assert_eq!(attempts.pause(retries, &answer(200, Some(5))), None, "it answered");
        assert_eq!(attempts.pause(retries, &answer(400, None)), None, "it refused");
        assert_eq!(attempts.pause(retries, &answer(429, Some(0))), Some(Duration::ZERO));
        assert_eq!(attempts.pause(retries, &answer(400, Some(700))), Some(retries.longest_wait));
        assert_eq!(attempts.throttled(), Some((2, retries.longest_wait)));
        assert_eq!(attempts.pause(retries, &answer(429, Some(5))), None, "twice is enough");
    }

    #[test]
    fn failures_and_throttling_are_counted_apart() {
        let retries = Retries { failed: 2, throttled: 1, longest_wait: Duration::MAX };
        let mut attempts = Attempts::default();
        let pauses = [answer(503, None), answer(503, Some(7)), answer(503, Some(7)), answer(503, None)]
            .map(|response| attempts.pause(retries, &response).map(|pause| pause.as_millis()));
        assert_eq!(pauses, [Some(200), Some(7), Some(400), None]);
    }

    #[test]
    fn pauses_grow_up_to_a_limit() {
        let pauses = [1, 2, 5, 6, 1000].map(|failures| growing_pause(failures).as_millis());
        assert_eq!(pauses, [200, 400, 3200, 5000, 5000]);
    }
}
