//! Every kind of error, raised by what a user can do.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::PathBuf;

use tempfile::TempDir;
use url::Url;

use crate::cli::run;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::AccessKey;
use crate::credentials::resolver::validate;
use crate::error::{Error, HelperFailure, Result, StorageFailure};
use crate::host::{FakeHost, HelperFuture, HelperOutput, Host, Launch, Stream};
use crate::http;
use crate::sts::Client;
use crate::testing::{Server, block_on};

/// Names the variants of an enum: one that is left out does not compile, one that no test raises fails.
macro_rules! variants {
    ($type:ident: $all:ident, $name:ident, $($variant:ident)*) => {
        const $all: &[&str] = &[$(stringify!($variant)),*];

        fn $name(error: &$type) -> &'static str {
            match error {
                $($type::$variant { .. } => stringify!($variant),)*
            }
        }
    };
}

variants!(Error: ERRORS, error_name,
    Usage ForeignCommand InvalidInput InputEnded NotConfigured UnknownProfile ProfileExists Incomplete UnusableProfile NotLoggedIn AlreadyShown Rejected
    UnexpectedResponse Unreachable HelperFailed NotStarted Blocked NoHome Storage Locked System Context
);
variants!(StorageFailure: STORAGE_FAILURES, storage_failure_name, Missing NamedMissing Unreadable Unwritable Malformed);

/// A home folder whose `.aliyun` holds one file, and surroundings with that home.
fn home(name: &str, text: &str) -> (TempDir, FakeHost) {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".aliyun")).unwrap();
    fs::write(home.path().join(".aliyun").join(name), text).unwrap();
    let host = FakeHost::new().with_home(home.path());
    (home, host)
}

fn ran(words: &str, host: &dyn Host) -> Error {
    run(words.split(' ').map(OsString::from).collect(), host).unwrap_err()
}

/// Runs a command where the config file holds one profile with these members.
fn ran_with(profile: &str, words: &str) -> Error {
    let text = format!(r#"{{"current":"p","profiles":[{{"name":"p","region_id":"r",{profile}}}]}}"#);
    let (_home, host) = home("config.json", &text);
    ran(words, &host)
}

const AK: &str = r#""mode":"AK","access_key_id":"i","access_key_secret":"s""#;
const CALL: &str = "sts GetCallerIdentity";
const SET: &str = "configure set --access-key-id i --access-key-secret s --region r";

/// Surroundings whose standard output is a device that is always full.
struct Full(FakeHost);

impl Host for Full {
    fn var(&self, name: &str) -> Option<String> {
        self.0.var(name)
    }
    fn home(&self) -> Result<PathBuf> {
        self.0.home()
    }
    fn now(&self) -> i64 {
        self.0.now()
    }
    fn random(&self, bytes: &mut [u8]) -> Result<()> {
        self.0.random(bytes)
    }
    fn is_terminal(&self, stream: Stream) -> bool {
        self.0.is_terminal(stream)
    }
    fn input(&self) -> io::Result<Box<dyn Read>> {
        self.0.input()
    }
    fn is_input_ready(&self) -> Option<bool> {
        self.0.is_input_ready()
    }
    fn write(&self, _: Stream, text: &str) -> io::Result<()> {
        // Where there is no such device, this fails as well.
        File::options().write(true).open("/dev/full")?.write_all(text.as_bytes())
    }
    fn program(&self) -> Option<PathBuf> {
        self.0.program()
    }
    fn hand_over(&self, launch: &Launch) -> io::Result<u8> {
        self.0.hand_over(launch)
    }
    fn run<'a>(&'a self, words: &'a [String], variable: (&'a str, &'a str)) -> HelperFuture<'a> {
        self.0.run(words, variable)
    }
    fn process(&self) -> String {
        self.0.process()
    }
    fn is_behind(&self, process: &str) -> bool {
        self.0.is_behind(process)
    }
    fn open_browser(&self, url: &str) -> io::Result<()> {
        self.0.open_browser(url)
    }
}

fn errors_of_arguments_and_answers() -> Vec<Error> {
    let host = FakeHost::new();
    vec![
        ran("nonsense", &host),
        ran("--", &host),
        ran("configure switch", &host),
        ran("configure list", &host),
        ran("version", &Full(host)),
        ran_with(AK, "configure"),
        ran_with(AK, "configure exec -- no-such-program"),
        ran_with(AK, "configure switch --profile nobody"),
        ran_with(AK, "configure rename --profile p --to p"),
    ]
}

fn errors_of_files() -> Vec<Error> {
    let (_home, broken) = home("config.json", "{");
    let (folder, empty) = home("other", "");
    let missing = folder.path().join("missing").display().to_string();
    let inside_a_file = folder.path().join(".aliyun/other/config.json").display().to_string();
    let folder = folder.path().display().to_string();
    vec![
        ran("configure list", &broken),
        ran("configure switch --profile a", &empty),
        ran(&format!("configure switch --profile a --config-path {missing}"), &empty),
        ran(&format!("configure list --config-path {folder}"), &empty),
        ran(&format!("{SET} --config-path {inside_a_file}"), &empty),
        locked(),
    ]
}

fn locked() -> Error {
    let (home, host) = home("config.json.lock", "");
    let lock = File::open(home.path().join(".aliyun/config.json.lock")).unwrap();
    lock.lock().unwrap();
    ran(SET, &host)
}

fn errors_of_calls() -> Vec<Error> {
    let uri = r#""mode":"CredentialsURI","credentials_uri":"http://127.0.0.1:1/""#;
    let (home, denying) = home(
        "config.json",
        &format!(r#"{{"current":"p","profiles":[{{"name":"p","region_id":"r",{AK}}}]}}"#),
    );
    let policy = r#"{"enabled":true,"rules":[{"pattern":"*","action":"deny"}]}"#;
    fs::write(home.path().join(".aliyun/safety-policy.json"), policy).unwrap();
    vec![
        ran_with(AK, &format!("{CALL} --profile nobody")),
        ran_with(r#""mode":"AK""#, CALL),
        ran_with(r#""mode":"External","process_command":"'""#, CALL),
        ran_with(uri, CALL),
        ran(CALL, &denying),
        answered_with_a_page(),
        failed_helper(),
        refused_by_the_service(),
        told_on_the_way(),
    ]
}

fn answered_with_a_page() -> Error {
    let server = Server::start(|_| (200, "<html>".to_owned()));
    ran_with(&format!(r#""mode":"CredentialsURI","credentials_uri":"{}""#, server.address), CALL)
}

fn failed_helper() -> Error {
    let profile = r#""name":"p","region_id":"r","mode":"External","process_command":"helper""#;
    let (_home, host) = home("config.json", &format!(r#"{{"current":"p","profiles":[{{{profile}}}]}}"#));
    let failure = Some(HelperFailure::Exited(7));
    ran(CALL, &host.with_helper(HelperOutput { failure, ..HelperOutput::default() }))
}

fn refused_by_the_service() -> Error {
    let server = Server::start(|_| (403, r#"{"Code":"NoPermission"}"#.to_owned()));
    let host = FakeHost::new();
    let http = http::Client::new(&host, false);
    let access_key = AccessKey {
        access_key_id: "i".into(),
        access_key_secret: "s".into(),
        security_token: None,
        expiration: None,
        provider: "static_ak".into(),
    };
    let client = Client::new(&host, &http, Url::parse(&server.address).unwrap(), &access_key);
    block_on(client.call("GetCallerIdentity", &[], &[])).unwrap_err()
}

fn told_on_the_way() -> Error {
    let portal = Server::start(|asked| match asked.line.as_str() {
        "POST /token" => (400, r#"{"ErrorCode":"InvalidDeviceCodeError"}"#.to_owned()),
        _ => (200, r#"{"DeviceCode":"d","VerificationUri":"https://s.example/d"}"#.to_owned()),
    });
    let (_home, host) = home("other", "");
    let host = host.with_input(format!("{}/start\n", portal.address));
    ran("configure --profile p --mode CloudSSO", &host)
}

/// Returns an error and those within it.
fn with_inner(error: &Error) -> Vec<&Error> {
    match error {
        Error::Context { source: inner, .. } | Error::AlreadyShown(inner) | Error::ForeignCommand(inner) => {
            [vec![error], with_inner(inner)].concat()
        }
        _ => vec![error],
    }
}

#[test]
fn every_error_is_raised_by_something_and_says_something() {
    let raised: Vec<_> = [errors_of_arguments_and_answers(), errors_of_files(), errors_of_calls()]
        .into_iter()
        .flatten()
        .collect();
    let names: BTreeSet<_> = raised.iter().flat_map(with_inner).map(error_name).collect();
    assert_eq!(names, ERRORS.iter().copied().collect(), "{raised:#?}");
    for error in &raised {
        assert!(
            !error.to_string().trim().is_empty() && matches!(error.exit_code(), 1..=3 | 126..=127),
            "{error:?}"
        );
    }
}

#[test]
fn every_failure_of_a_file_is_raised_by_something() {
    let raised = errors_of_files();
    let failures = raised.iter().flat_map(with_inner).filter_map(|error| match error {
        Error::Storage { failure, .. } => Some(storage_failure_name(failure)),
        _ => None,
    });
    assert_eq!(failures.collect::<BTreeSet<_>>(), STORAGE_FAILURES.iter().copied().collect(), "{raised:#?}");
}

#[test]
fn every_reason_against_a_profile_is_found() {
    let invalid = |fields: &[(Field, &str)]| {
        let mut profile = Profile::new("p");
        fields.iter().for_each(|(field, text)| profile.set_text(*field, text));
        let error = validate(&profile).unwrap_err();
        let field = match &error {
            Error::NotConfigured { .. } => "",
            Error::Incomplete { field, .. } => field,
            other => panic!("{other:?}"),
        };
        (field, error.to_string())
    };
    let (region, mode) = ((Field::RegionId, "cn-hangzhou"), |name| (Field::Mode, name));
    let raised = [
        invalid(&[]),
        invalid(&[mode("AK")]),
        invalid(&[(Field::RegionId, "cn_hangzhou"), mode("AK")]),
        invalid(&[region]),
        invalid(&[region, mode("ak")]),
        invalid(&[region, mode("AK")]),
        invalid(&[region, mode("OAuth"), (Field::OauthSiteType, "EU")]),
    ];
    let found = raised.each_ref().map(|(field, text)| (*field, text.as_str()));
    let expected = [
        ("", "region can't be empty"),
        ("region_id", "region can't be empty"),
        ("region_id", "invalid region cn_hangzhou"),
        ("", "profile p is not configure yet, run `aliyun configure --profile p` first"),
        ("mode", "invalid mode: ak"),
        (
            "access_key_id",
            "access_key_id is not configured for profile 'p'. Run `aliyun configure --profile p --mode AK` to set it",
        ),
        (
            "oauth_site_type",
            "invalid oauth_site_type 'EU' for profile 'p', should be CN or INTL. Run `aliyun configure --profile p --mode OAuth` to set it",
        ),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_word_in_front_of_an_error_stands_twice_only_where_delete_finds_no_file() {
    let (_home, broken) = home("config.json", "{");
    let (_folder, empty) = home("other", "");
    let delete = "configure delete --profile p";
    let [broken, missing] = [broken, empty].map(|host| ran(delete, &host).to_string());
    assert!(broken.starts_with("load configure failed: "), "{broken}");
    assert!(missing.starts_with("ERROR: load configure failed: stat "), "{missing}");
    let raised: Vec<_> = [errors_of_arguments_and_answers(), errors_of_files(), errors_of_calls()]
        .into_iter()
        .flatten()
        .collect();
    assert!(raised.iter().all(|error| !error.to_string().starts_with("ERROR")), "{raised:#?}");
}
