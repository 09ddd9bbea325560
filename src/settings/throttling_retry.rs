use std::time::Duration;

use super::Settings;
use super::object::SettingsObject;
use crate::host::Host;

/// How often a call is repeated where the service says when to try again (wire, section 9.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThrottlingRetry {
    enabled: bool,
    attempts: u32,
    longest: Duration,
}

const ENABLED: &str = "enabled";
const MAX_ATTEMPTS: &str = "max_attempts";
const MAX_DELAY: &str = "max_delay_ms";

impl ThrottlingRetry {
    /// Lays what the environment says over this; what it says badly does not count.
    #[must_use]
    pub(crate) fn with_environment(self, host: &dyn Host) -> Self {
        const PREFIX: &str = "ALIBABA_CLOUD_THROTTLING_RETRY";
        let var = |name| host.var(&format!("{PREFIX}_{name}"));
        let enabled = var("ENABLED").and_then(|text| text.to_ascii_lowercase().parse().ok());
        let attempts = var("MAX_ATTEMPTS").and_then(|text| text.parse().ok());
        let longest = var("MAX_DELAY_MS").and_then(|text| text.parse().ok()).map(Duration::from_millis);
        Self {
            enabled: enabled.unwrap_or(self.enabled),
            attempts: attempts.unwrap_or(self.attempts),
            longest: longest.unwrap_or(self.longest),
        }
    }

    /// Returns how often a call is repeated.
    pub(crate) fn attempts(self) -> u32 {
        if self.enabled { self.attempts } else { 0 }
    }

    /// Returns the longest time to wait before a repeat.
    pub(crate) fn longest(self) -> Duration {
        self.longest
    }
}

impl Default for ThrottlingRetry {
    fn default() -> Self {
        Self { enabled: true, attempts: 3, longest: Duration::from_secs(60) }
    }
}

impl Settings for ThrottlingRetry {
    const FILE: &'static str = "throttling-retry.json";
    const KEYS: &'static [&'static str] = &[ENABLED, MAX_ATTEMPTS, MAX_DELAY];

    fn read(object: &SettingsObject<'_>) -> Result<Self, String> {
        let usual = Self::default();
        let attempts = object.number(MAX_ATTEMPTS)?;
        Ok(Self {
            enabled: object.boolean(ENABLED)?.unwrap_or(usual.enabled),
            attempts: attempts.map_or(usual.attempts, |attempts| attempts.try_into().unwrap_or(u32::MAX)),
            longest: object.number(MAX_DELAY)?.map_or(usual.longest, Duration::from_millis),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    fn read(text: &str) -> Result<ThrottlingRetry, String> {
        ThrottlingRetry::read(&SettingsObject::parse(text, ThrottlingRetry::KEYS).unwrap())
    }

    #[test]
    fn what_is_missing_is_as_usual() {
        assert_eq!(read("{}"), Ok(ThrottlingRetry::default()));
        let retry = read(r#"{"max_attempts":9,"max_delay_ms":20}"#).unwrap();
        assert_eq!((retry.attempts(), retry.longest()), (9, Duration::from_millis(20)));
        assert_eq!(read(r#"{"enabled":false,"max_attempts":9}"#).unwrap().attempts(), 0);
        let error = read(r#"{"max_attempts":-1}"#).unwrap_err();
        assert_eq!(error, "`max_attempts` must be a number without sign or fraction at line 1 column 17");
    }

    #[test]
    fn the_environment_wins_where_it_makes_sense() {
        let host = |name: &str, value: &str| {
            FakeHost::new().with_var(&format!("ALIBABA_CLOUD_THROTTLING_RETRY_{name}"), value)
        };
        let usual = ThrottlingRetry::default();
        assert_eq!(usual.with_environment(&host("ENABLED", "False")).attempts(), 0);
        assert_eq!(usual.with_environment(&host("ENABLED", "maybe")), usual);
        assert_eq!(usual.with_environment(&host("MAX_ATTEMPTS", "1")).attempts(), 1);
        assert_eq!(usual.with_environment(&host("MAX_ATTEMPTS", "-1")), usual);
        assert_eq!(usual.with_environment(&host("MAX_DELAY_MS", "5")).longest(), Duration::from_millis(5));
    }
}
