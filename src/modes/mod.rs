//! The authentication modes, one file each, and their registry.
//!
//! A new mode is one new file, its `mod` line, and its row in [`ALL`].

mod ak;
mod anonymous;
#[cfg(feature = "cli")]
mod answers;
mod bearer_token;
#[cfg(feature = "cli")]
mod browser;
mod chainable_ram_role_arn;
mod cloud_sso;
#[cfg(feature = "cli")]
mod configure;
mod credentials_uri;
mod ecs_ram_role;
mod external;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod oauth;
mod oidc;
#[cfg(feature = "cli")]
mod pkce;
#[cfg(feature = "cli")]
mod question;
mod ram_role_arn;
mod ram_role_arn_with_role_name;
mod rsa_key_pair;
mod sts_token;

use std::pin::Pin;
use std::time::Duration;

#[cfg(feature = "cli")]
pub(crate) use configure::{Configurable, LocalBoxFuture};
#[cfg(feature = "cli")]
pub(crate) use oauth::site_names;
#[cfg(feature = "cli")]
pub(crate) use question::{Dialogue, Question};

use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::credentials::{AccessKey, Credentials};
use crate::error::{Error, Result};
use crate::host::Host;
use crate::http::{self, Timeouts};
use crate::language::Language;
use crate::shell::quoted;

/// Every mode, in the order of the documentation.
pub(crate) static ALL: &[&dyn Mode] = &[
    &ak::Ak,
    &sts_token::StsToken,
    &ram_role_arn::RamRoleArn,
    &ecs_ram_role::EcsRamRole,
    &ram_role_arn_with_role_name::RamRoleArnWithRoleName,
    &chainable_ram_role_arn::ChainableRamRoleArn,
    &rsa_key_pair::RsaKeyPair,
    &external::External,
    &credentials_uri::CredentialsUri,
    &oidc::Oidc,
    &cloud_sso::CloudSso,
    &oauth::OAuth,
    &bearer_token::BearerToken,
    &anonymous::Anonymous,
];

/// The default mode of a profile that is configured.
#[cfg(feature = "cli")]
pub(crate) static DEFAULT: &dyn Mode = &ak::Ak;

/// Returns the names of all modes, as help lists the choices of a flag.
#[cfg(feature = "cli")]
pub(crate) fn names() -> String {
    ALL.iter().map(|mode| mode.name()).collect::<Vec<_>>().join("|")
}

/// Finds a mode by the exact spelling of its name, as profiles store it.
pub(crate) fn by_name(name: &str) -> Option<&'static dyn Mode> {
    ALL.iter().copied().find(|mode| mode.name() == name)
}

/// Finds a mode by its name in any case, as flags give it.
pub(crate) fn by_name_in_any_case(name: &str) -> Option<&'static dyn Mode> {
    let name = folded(name);
    ALL.iter().copied().find(|mode| folded(mode.name()) == name)
}

/// Returns a name without the case of its letters. Unicode has two letters beyond ASCII that are those of names in
/// another case, and the reference takes them.
fn folded(name: &str) -> String {
    name.replace('ſ', "s").replace('\u{212a}', "k").to_ascii_lowercase()
}

/// The timeouts of requests that belong to a login (wire, section 2.1).
const LOGIN_TIMEOUTS: Timeouts =
    Timeouts { connect: Duration::from_secs(10), total: Duration::from_secs(10) };

/// The future of a step that may wait for the network.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A way to obtain credentials: its checks, and how it does it.
pub(crate) trait Mode: Configurable + Sync {
    /// Returns the name that profiles store.
    fn name(&self) -> &'static str;

    /// Returns the fields that must not be empty, in the order in which they are checked.
    fn required(&self) -> &'static [Field];

    /// Checks that a profile has all that this mode needs (behaviour, section 3).
    ///
    /// # Errors
    ///
    /// [`Error::Incomplete`] about the first thing that is missing or cannot be used.
    fn validate(&self, profile: &Profile) -> Result<()> {
        self.check_values(profile)?;
        match self.required().iter().find(|field| profile.is_empty(**field)) {
            Some(field) => Err(missing(self.name(), *field, profile, self.remedy())),
            None => Ok(()),
        }
    }

    /// Checks the values that a profile has for this mode; this comes before the check for missing ones.
    ///
    /// # Errors
    ///
    /// [`Error::Incomplete`] about the first value that cannot be used.
    fn check_values(&self, _profile: &Profile) -> Result<()> {
        Ok(())
    }

    /// Returns how the sentence about a missing field ends.
    fn remedy(&self) -> &'static str {
        " to set it"
    }

    /// Returns the name of the profile whose credentials this one builds on.
    fn source<'p>(&self, _profile: &'p Profile) -> Option<&'p str> {
        None
    }

    /// Returns the fields whose values a cached session belongs to, such as its account; none where this mode
    /// caches no session (wire, section 6).
    fn session_cache_key(&self) -> &'static [Field] {
        &[]
    }

    /// Obtains credentials.
    ///
    /// Nothing is stored and no cached session is used: the caller does both.
    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained>;
}

/// Without the command line a mode needs nothing else.
#[cfg(not(feature = "cli"))]
pub(crate) trait Configurable {}

#[cfg(not(feature = "cli"))]
impl<T> Configurable for T {}

/// All that a mode works with to obtain credentials.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The host.
    pub(crate) host: &'a dyn Host,
    /// The client for requests.
    pub(crate) http: &'a http::Client,
    /// The profile.
    pub(crate) profile: &'a Profile,
    /// The access key of the profile that [`Mode::source`] names.
    pub(crate) base: Option<&'a AccessKey>,
    /// Whether the profile's login was renewed a moment ago.
    pub(crate) renewed: bool,
    /// The language of messages.
    pub(crate) language: Language,
}

/// What [`Mode::obtain`] returns.
#[derive(Debug)]
pub(crate) enum Obtained {
    /// Credentials.
    Credentials(Credentials),
    /// Fields of a login that was renewed. The caller stores them at once, since what they replace is spent, and
    /// calls the mode again.
    Renewed(Vec<(Field, Value)>),
    /// The error of a server that refuses to renew the login. It is not asked again before somebody logs in anew, or
    /// before this many seconds have passed.
    LoginEnded(Error, Option<i64>),
    /// Another profile, whose mode obtains the credentials, and when they expire, in seconds since 1970-01-01 UTC,
    /// where its mode does not tell.
    Profile(Profile, Option<i64>),
}

impl From<AccessKey> for Obtained {
    fn from(access_key: AccessKey) -> Self {
        Self::Credentials(Credentials::AccessKey(access_key))
    }
}

fn missing(mode: &str, field: Field, profile: &Profile, remedy: &str) -> Error {
    // The reference names this one field by its flag.
    let shown = if field == Field::RamSessionName { "role_session_name" } else { field.json() };
    let name = profile.name();
    let word = quoted(name);
    let text = format!(
        "{shown} is not configured for profile '{name}'. Run `aliyun configure --profile {word} --mode {mode}`{remedy}"
    );
    Error::incomplete(name, field.json(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_found_in_any_case_as_unicode_knows_it() {
        for name in ["StsToken", "STSTOKEN", "ſtſtoken", "Ststo\u{212a}en"] {
            assert_eq!(by_name_in_any_case(name).map(Mode::name), Some("StsToken"), "{name}");
        }
        assert!(by_name_in_any_case("a\u{131}").is_none());
    }

    #[test]
    fn a_missing_field_is_named_with_the_command_that_sets_it() {
        let error = ak::Ak.validate(&Profile::new("p")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "access_key_id is not configured for profile 'p'. Run `aliyun configure --profile p --mode AK` to set it"
        );
        assert!(matches!(error, Error::Incomplete { field: "access_key_id", .. }), "{error:?}");
    }
}
