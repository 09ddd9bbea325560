//! A device authorization: the user logs in with any browser (RFC 8628; wire, sections 8.2 and 8.3).

use std::time::Duration;

use tokio::time::{sleep, timeout};
use url::Url;

use super::api::{NOT_HTTPS, Portal, PortalError, Unusable};
use super::log_in_command;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::http::secret_json::SecretJson;
use crate::modes::pkce::Pkce;
use crate::modes::{Dialogue, browser};
use crate::secret::Secret;
use crate::texts::{
    ACCESS_TOKEN_FAILED, DEVICE_FAILED, LOGGED_IN, LOGIN_EXPIRED, LOGIN_TIMEOUT, REQUEST_IMPOSSIBLE,
    SIGN_IN_URL_UNREADABLE, SSO_IN_BROWSER, USER_CODE,
};

/// The client id of this program.
const CLIENT_ID: &str = "app-vaz16tltdxs96audqf35";
const CLIENT_ID_VARIABLES: &[&str] = &["ALIBABACLOUD_SSO_CLIENT_ID", "ALIBABA_CLOUD_SSO_CLIENT_ID"];
/// The words in front of an error at the first step.
const NOT_BEGUN: &str = "get access token failed: ";
const VERIFIER_LENGTH: usize = 48;
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The default lifetime of a code, in seconds.
const LIFETIME: u64 = 600;
/// The default interval between two polls (RFC 8628, section 3.2).
const INTERVAL: Duration = Duration::from_secs(5);
/// How much longer the interval gets when the server asks to slow down (RFC 8628, section 3.5).
const SLOW_DOWN: Duration = Duration::from_secs(5);

/// A login.
#[derive(Debug)]
pub(super) struct Login {
    /// The token for further calls.
    pub(super) token: Secret,
    /// When it expires, in seconds since 1970-01-01 UTC.
    pub(super) expires: i64,
}

/// A device code that waits for its user.
#[derive(Debug)]
pub(super) struct DeviceAuthorization {
    code: Secret,
    user_code: String,
    address: String,
    address_with_code: String,
    interval: PollInterval,
    lifetime: Duration,
}

/// The interval between two polls for the token.
#[derive(Debug)]
struct PollInterval(Duration);

impl PollInterval {
    /// Reads an interval in seconds; none is shorter than one.
    fn of(interval: Option<i64>) -> Self {
        let seconds = interval.map(|seconds| u64::try_from(seconds).unwrap_or_default().max(1));
        Self(seconds.map_or(INTERVAL, Duration::from_secs))
    }

    /// Returns how long to wait after an error with this code; `None` where the error is final.
    fn after(&mut self, code: &str) -> Option<Duration> {
        match code {
            "AuthorizationPending" => {}
            "SlowDown" => self.0 = self.0.saturating_add(SLOW_DOWN),
            _ => return None,
        }
        Some(self.0)
    }
}

/// Logs in at a portal: shows the user the sign-in page, and waits until the login is done.
pub(super) async fn log_in(dialogue: &mut Dialogue<'_>, portal: &Portal<'_>, page: &str) -> Result<Login> {
    let pkce = Pkce::new(dialogue.host, VERIFIER_LENGTH)?;
    let client = client_id(dialogue.host);
    let members = [
        ("ClientId", client.as_str()),
        ("CodeChallenge", &pkce.challenge),
        ("CodeChallengeMethod", Pkce::METHOD),
        ("PortalUrl", page),
    ];
    let response = portal.post("/device-authorization", None, &members).await;
    let device = match response.and_then(|response| DeviceAuthorization::read(&response)) {
        Ok(device) => device,
        Err(error) => {
            let error = error.in_login(dialogue.language);
            dialogue.prompt.say(&format!("{}: {error}\n", DEVICE_FAILED.in_language(dialogue.language)))?;
            return Err(error.during(NOT_BEGUN));
        }
    };
    send_to_browser(dialogue, &device)?;
    let lifetime = device.lifetime;
    let login = match timeout(lifetime, wait(dialogue.host, portal, &client, device, &pkce)).await {
        Ok(Ok(login)) => login,
        Ok(Err(error)) => return Err(ended(dialogue, error)?),
        Err(_) => return Err(tell(dialogue, LOGIN_TIMEOUT.in_language(dialogue.language))?),
    };
    dialogue.prompt.say(&format!("{}\n", LOGGED_IN.in_language(dialogue.language)))?;
    Ok(login)
}

/// Says why a sign-in page cannot be used, and returns the error.
pub(super) fn unusable(dialogue: &mut Dialogue<'_>, why: &Unusable) -> Result<Error> {
    let language = dialogue.language;
    let (what, why) = match why {
        Unusable::NoAddress(error) => (SIGN_IN_URL_UNREADABLE.in_language(language), error.to_string()),
        Unusable::NoScheme | Unusable::InClear => {
            let what = REQUEST_IMPOSSIBLE.in_language(language);
            let why = format!("{what}: {NOT_HTTPS}");
            (DEVICE_FAILED.in_language(language), why)
        }
    };
    dialogue.prompt.say(&format!("{what}: {why}\n"))?;
    Ok(Error::invalid(why).during(NOT_BEGUN))
}

fn client_id(host: &dyn Host) -> String {
    host.first_var(CLIENT_ID_VARIABLES).unwrap_or_else(|| CLIENT_ID.to_owned())
}

impl DeviceAuthorization {
    /// Reads the device code and the address of the login.
    pub(super) fn read(response: &SecretJson) -> std::result::Result<Self, PortalError> {
        let code = response.secret("DeviceCode");
        let lifetime = response.get("ExpiresIn").whole().and_then(|seconds| u64::try_from(seconds).ok());
        Ok(Self {
            code: code.ok_or(PortalError::Unreadable("the answer has no DeviceCode"))?,
            user_code: response.shown("UserCode"),
            address: response.shown("VerificationUri"),
            address_with_code: response.shown("VerificationUriComplete"),
            interval: PollInterval::of(response.get("Interval").whole()),
            lifetime: Duration::from_secs(lifetime.filter(|seconds| *seconds > 0).unwrap_or(LIFETIME)),
        })
    }
}

fn send_to_browser(dialogue: &mut Dialogue<'_>, device: &DeviceAuthorization) -> Result<()> {
    let addresses = [&device.address_with_code, &device.address];
    // What is not a URL is shown below, for the user to judge.
    if let Some(url) = addresses.into_iter().find_map(|address| Url::parse(address).ok()) {
        browser::start(dialogue, &url, &url)?;
    }
    browser::show(dialogue, &device.address)?;
    let label = USER_CODE.in_language(dialogue.language);
    let now = SSO_IN_BROWSER.in_language(dialogue.language);
    dialogue.prompt.say(&format!("{label}: {}\n\n{now}\n", device.user_code))?;
    browser::tell_waiting(dialogue, false)
}

/// Polls for the token until the user is done or the server refuses.
async fn wait(
    host: &dyn Host,
    portal: &Portal<'_>,
    client: &str,
    device: DeviceAuthorization,
    pkce: &Pkce,
) -> std::result::Result<Login, PortalError> {
    let DeviceAuthorization { code, mut interval, .. } = device;
    let members = [
        ("ClientId", client),
        ("CodeVerifier", pkce.verifier.expose()),
        ("DeviceCode", code.expose()),
        ("GrantType", GRANT_TYPE),
    ];
    loop {
        let error = match portal.post("/token", None, &members).await {
            Ok(response) => return read_login(&response, host.now()),
            Err(error) => error.without(&[&code, &pkce.verifier]),
        };
        let pause = match &error {
            PortalError::Refused(service) => interval.after(&service.code),
            _ => None,
        };
        match pause {
            Some(pause) => sleep(pause).await,
            None => return Err(error),
        }
    }
}

/// Reads the login of a response.
pub(super) fn read_login(response: &SecretJson, now: i64) -> std::result::Result<Login, PortalError> {
    let token =
        response.secret("AccessToken").ok_or(PortalError::Unreadable("the answer has no AccessToken"))?;
    let life = match response.get("ExpiresIn") {
        // Such a token still serves for the calls that follow at once.
        SecretJson::Null => 0,
        life => life.whole().ok_or(PortalError::Unreadable("ExpiresIn is no whole number"))?,
    };
    Ok(Login { token, expires: now.saturating_add(life) })
}

/// Returns the error of a login that the server ended.
fn ended(dialogue: &mut Dialogue<'_>, error: PortalError) -> Result<Error> {
    let language = dialogue.language;
    match error {
        PortalError::Refused(service) if service.code == "InvalidDeviceCodeError" => {
            tell(dialogue, LOGIN_EXPIRED.in_language(language))
        }
        error => {
            let what = ACCESS_TOKEN_FAILED.in_language(language);
            Ok(error.in_login(language).during(format!("{what}: ")))
        }
    }
}

fn tell(dialogue: &mut Dialogue<'_>, text: &str) -> Result<Error> {
    dialogue.prompt.say(&format!("{text}\n"))?;
    let command = log_in_command(dialogue.profile);
    Ok(Error::AlreadyShown(Box::new(Error::NotLoggedIn { command, text: text.to_owned() })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    fn answer(json: &str) -> SecretJson {
        SecretJson::parse(&json.into()).unwrap()
    }

    #[test]
    fn the_pace_slows_down_when_asked_and_every_other_code_ends_the_login() {
        let mut interval = PollInterval::of(Some(2));
        let codes =
            ["AuthorizationPending", "SlowDown", "AuthorizationPending", "SlowDown", "AccessDenied", ""];
        let pauses = codes.map(|code| interval.after(code).map(|pause| pause.as_secs()));
        assert_eq!(pauses, [Some(2), Some(7), Some(7), Some(12), None, None]);
    }

    #[test]
    fn an_interval_is_five_seconds_where_none_is_named_and_never_below_one() {
        let seconds =
            [None, Some(0), Some(-3), Some(9)].map(|interval| PollInterval::of(interval).0.as_secs());
        assert_eq!(seconds, [5, 1, 1, 9]);
    }

    #[test]
    fn a_code_has_a_life_even_where_the_server_names_none() {
        let lifetime = |json| DeviceAuthorization::read(&answer(json)).unwrap().lifetime.as_secs();
        assert_eq!(lifetime(r#"{"DeviceCode":"d","ExpiresIn":120}"#), 120);
        assert_eq!(lifetime(r#"{"DeviceCode":"d"}"#), 600);
        assert_eq!(lifetime(r#"{"DeviceCode":"d","ExpiresIn":0}"#), 600);
        assert!(DeviceAuthorization::read(&answer("{}")).is_err());
    }

    #[test]
    fn a_login_without_a_token_is_none_and_one_without_an_end_is_over_at_once() {
        let expires = |json| read_login(&answer(json), 1000).ok().map(|login| login.expires);
        assert_eq!(expires("{}"), None);
        assert_eq!(expires(r#"{"AccessToken":"","ExpiresIn":1}"#), None);
        assert_eq!(expires(r#"{"AccessToken":"t","ExpiresIn":"60"}"#), None);
        assert_eq!(expires(r#"{"AccessToken":"t"}"#), Some(1000));
        assert_eq!(expires(r#"{"AccessToken":"t","ExpiresIn":60}"#), Some(1060));
    }

    #[test]
    fn the_environment_names_another_client() {
        let host = FakeHost::new().with_var("ALIBABA_CLOUD_SSO_CLIENT_ID", "b");
        assert_eq!(client_id(&host), "b");
        assert_eq!(client_id(&host.with_var("ALIBABACLOUD_SSO_CLIENT_ID", "a")), "a");
        assert_eq!(client_id(&FakeHost::new()), "app-vaz16tltdxs96audqf35");
    }
}
