//! Tests of whole logins against a portal on this machine.

use std::sync::Mutex;

use snapbox::{assert_data_eq, str};

use super::CloudSso;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::error::{Error, Result};
use crate::host::{FakeHost, Stream};
use crate::http::Client;
use crate::http::secret_json::SecretJson;
use crate::language::Language;
use crate::modes::pkce::Pkce;
use crate::modes::{Configurable, Dialogue};
use crate::prompt::Lines;
use crate::testing::{Asked, Server, block_on};

const NOW: i64 = 1_700_000_000;

/// Makes a portal that gives one answer a token request, the last of them again and again.
fn portal(tokens: &'static [(u16, &'static str)]) -> Server {
    let left = Mutex::new(tokens.iter());
    Server::start(move |asked| {
        let path = asked.line.split(['?', ' ']).nth(1).unwrap();
        let body = match path {
            "/device-authorization" => {
                r#"{"DeviceCode":"device-1","UserCode":"UC","VerificationUri":"https://s.example/d","VerificationUriComplete":"https://s.example/d?c=UC","Interval":1,"ExpiresIn":2}"#
            }
            "/token" => {
                let (status, body) = left.lock().unwrap().next().or(tokens.last()).unwrap();
                return (*status, (*body).to_owned());
            }
            "/access-assignments/accounts" => {
                r#"{"Accounts":[{"AccountId":"111","DisplayName":"dev"},{"AccountId":"222","DisplayName":"prod"}]}"#
            }
            "/access-assignments/access-configurations" => {
                r#"{"AccessConfigurationsForAccount":[{"AccessConfigurationId":"ac-1","AccessConfigurationName":"Read"}]}"#
            }
            "/cloud-credentials" => {
                r#"{"CloudCredential":{"AccessKeyId":"STS.i","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2099-01-01T00:00:00Z"}}"#
            }
            _ => return (404, String::new()),
        };
        (200, body.to_owned())
    })
}

/// Configures a profile with answers on standard input, and returns what came of it and what was shown.
fn configure(profile: &mut Profile, host: &FakeHost) -> (Result<()>, String) {
    let mut lines = Lines::new(host).unwrap();
    let http = Client::new(host, false);
    let language = Language::English;
    let mut dialogue = Dialogue { host, prompt: &mut lines, http: &http, profile, language };
    let outcome = block_on(CloudSso.configure(&mut dialogue));
    (outcome, host.written(Stream::Stdout))
}

fn host(portal: &Server, answers: &str) -> FakeHost {
    FakeHost::new().with_now(NOW).with_input(format!("{}/start?x=y\n{answers}", portal.address))
}

fn body(asked: &Asked) -> SecretJson {
    SecretJson::parse(&asked.body.as_str().into()).unwrap()
}

const LOGIN: (u16, &str) = (200, r#"{"AccessToken":"at","ExpiresIn":3600}"#);

#[test]
fn a_login_fills_the_profile() {
    const PENDING: (u16, &str) = (400, r#"{"ErrorCode":"AuthorizationPending"}"#);
    let portal = portal(&[PENDING, LOGIN]);
    let (host, mut profile) = (host(&portal, "2\n"), Profile::new("p"));
    let (outcome, shown) = configure(&mut profile, &host);
    outcome.unwrap();
    assert_eq!(host.opened()[0], "https://s.example/d?c=UC");
    assert_data_eq!(
        shown,
        str![[r#"
CloudSSO Sign In Url []: If the browser does not open automatically, use the following URL to complete the login process:

SignIn url: https://s.example/d
User code: UC

Now you can login to your account with SSO configuration in the browser.
You have successfully logged in.
Please choose an account:
1. dev
2. prod
Please input the account number: Access Configuration: ac-1

"#]]
    );
    let texts = [Field::CloudSsoAccountId, Field::CloudSsoAccessConfig, Field::AccessKeyId];
    assert_eq!(texts.map(|field| profile.text(field)), ["222", "ac-1", "STS.i"]);
    assert_eq!(profile.secret(Field::AccessToken), Some(&"at".into()));
    let times = [Field::CloudSsoAccessTokenExpire, Field::StsExpiration];
    assert_eq!(times.map(|field| profile.integer(field)), [NOW + 3600, 4_070_908_795]);
    assert_eq!(portal.count("POST /token"), 2);
    let asked = portal.asked();
    let (device, token) = (body(&asked[0]), body(&asked[1]));
    assert_eq!(device.text("PortalUrl"), format!("{}/start?x=y", portal.address));
    assert_eq!(Pkce::of(token.secret("CodeVerifier").unwrap()).challenge, device.text("CodeChallenge"));
    assert_eq!(asked.last().unwrap().authorization, "Bearer at");
}

#[test]
fn an_error_that_is_no_wait_ends_the_login_at_once() {
    let portal =
        portal(&[(400, r#"{"ErrorCode":"AccessDenied","ErrorMessage":"device-1 says no","RequestId":"r"}"#)]);
    let (outcome, _) = configure(&mut Profile::new("p"), &host(&portal, ""));
    let error = outcome.unwrap_err().to_string();
    assert_eq!(error, "Error occurred while obtaining access token: AccessDenied: *** says no r");
    assert_eq!(portal.count("POST /token"), 1);
}

#[test]
fn a_code_that_is_over_ends_the_login_whoever_notices() {
    let refused = portal(&[(400, r#"{"ErrorCode":"InvalidDeviceCodeError"}"#)]);
    let (outcome, shown) = configure(&mut Profile::new("p"), &host(&refused, ""));
    assert!(matches!(outcome, Err(Error::AlreadyShown(_))));
    assert!(shown.ends_with("Your request has expired, please login again.\n"), "{shown}");
    let silent = portal(&[(400, r#"{"ErrorCode":"SlowDown"}"#)]);
    let (outcome, shown) = configure(&mut Profile::new("p"), &host(&silent, ""));
    assert!(matches!(outcome, Err(Error::AlreadyShown(_))));
    assert!(shown.ends_with("Login timeout, please try again.\n"), "{shown}");
}

#[test]
fn without_a_browser_the_address_is_shown() {
    let portal = portal(&[LOGIN]);
    let host = host(&portal, "1\n").without_browser();
    let (outcome, shown) = configure(&mut Profile::new("p"), &host);
    outcome.unwrap();
    let line = "Cannot automatically open browser, please visit manually: https://s.example/d?c=UC\n";
    assert!(shown.contains(line), "{shown}");
}

#[test]
fn choices_are_kept_while_they_exist() {
    let portal = portal(&[LOGIN]);
    let mut profile = Profile::new("p");
    profile.set_text(Field::CloudSsoAccountId, "222");
    profile.set_text(Field::CloudSsoAccessConfig, "ac-9");
    let (outcome, shown) = configure(&mut profile, &host(&portal, ""));
    outcome.unwrap();
    assert!(
        shown.ends_with(
            "in.\nAccess Configuration ac-9 not found, please choose again\nAccess Configuration: ac-1\n"
        ),
        "{shown}"
    );
    assert_eq!(profile.text(Field::CloudSsoAccountId), "222");
}

#[test]
fn another_portal_makes_what_belongs_to_the_old_one_go() {
    let portal = portal(&[LOGIN]);
    let mut profile = Profile::new("p");
    profile.set_text(Field::CloudSsoSignInUrl, "https://old.example/start");
    profile.set_text(Field::CloudSsoAccountId, "222");
    let (outcome, _) = configure(&mut profile, &host(&portal, "1\n"));
    outcome.unwrap();
    assert_eq!(profile.text(Field::CloudSsoAccountId), "111");
}

#[test]
fn a_page_that_cannot_be_asked_is_named_on_both_streams() {
    let host = FakeHost::new().with_input("signin.example.com\n");
    let (outcome, shown) = configure(&mut Profile::new("p"), &host);
    let why = "Error creating HTTP request: the sign-in URL must begin with https://";
    assert_eq!(outcome.unwrap_err().to_string(), format!("get access token failed: {why}"));
    assert!(shown.ends_with(&format!("Start Device Authorization error: {why}\n")), "{shown}");
}
