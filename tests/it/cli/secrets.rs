//! Marked secrets in every secret field, every command in every mode, working and failing: nothing that
//! comes out holds a mark.
//!
//! The only exceptions are what the reference must show by its interface: the JSON of `get`, and the settings
//! `sts-token` and `private-key`.

use std::fs;

use aliyun_configure::{Field, Profile};
use fake_cloud::{Answer, FakeCloud, Listeners, Overrides};
use serde_json::{Map, Value, json};

use crate::support::environment::{TestEnvironment, mode_names};

/// What every marked secret begins with.
const MARK: &str = "zqMARK";

/// What the query of an address holds, which no error shows.
const URL_MARK: &str = "zqQUERY";

/// A time that is over for every kind of cache, and one that is far off.
const TIMES: [i64; 2] = [1000, 4_070_908_800];

fn marked(field: Field) -> String {
    format!("{MARK}-{}-0123456789abcdef", field.json())
}

/// Makes a profile with something in every field.
fn profile(mode: &str, home: &str, time: i64) -> Value {
    let mut profile = Map::new();
    for field in Field::ALL.iter().copied() {
        let mut one = Profile::new("");
        one.set_text(field, "1");
        let value = if one.secret(field).is_some() {
            json!(marked(field))
        } else if one.integer(field) == 1 {
            json!(time)
        } else if one.text(field) == "1" {
            json!(format!("text-{}", field.json()))
        } else {
            json!(true)
        };
        profile.insert(field.json().to_owned(), value);
    }
    for (field, value) in [
        (Field::Name, json!("p")),
        (Field::Mode, json!(mode)),
        (Field::RegionId, json!("cn-hangzhou")),
        (Field::ExpiredSeconds, json!(900)),
        (Field::ReadTimeout, json!(5)),
        (Field::ConnectTimeout, json!(5)),
        (Field::RetryCount, json!(0)),
        (Field::Endpoint, json!("sts.aliyuncs.com")),
        (Field::StsEndpoint, json!("sts.aliyuncs.com")),
        (Field::SourceProfile, json!("base")),
        (Field::OauthSiteType, json!("CN")),
        (Field::CloudSsoSignInUrl, json!("https://signin-cn-shanghai.alibabacloudsso.com/start/login")),
        (Field::CredentialsUri, json!(format!("https://credentials.example/credentials?token={URL_MARK}"))),
        (Field::OidcTokenFile, json!(format!("{home}/token"))),
        (Field::ProcessCommand, json!(format!("cat '{home}/helper'"))),
        (Field::Language, json!("en")),
    ] {
        profile.insert(field.json().to_owned(), value);
    }
    profile.into()
}

/// Gives the secrets that a mode sends to make a session, which the server could repeat.
fn sent(mode: &str) -> String {
    let fields: &[Field] = match mode {
        "RamRoleArn" => &[Field::AccessKeySecret, Field::StsToken],
        "CloudSSO" => &[Field::AccessToken],
        "OAuth" => &[Field::OauthAccessToken, Field::OauthRefreshToken],
        "OIDC" => return format!("{MARK}-token"),
        _ => &[Field::AccessKeySecret],
    };
    fields.iter().map(|field| marked(*field)).collect::<Vec<_>>().join(" ")
}

/// Gives the secrets that a mode calls with where it has a key of its own.
fn called_with(mode: &str) -> String {
    match mode {
        "AK" | "External" => marked(Field::AccessKeySecret),
        _ => format!("{} {}", marked(Field::AccessKeySecret), marked(Field::StsToken)),
    }
}

fn refusal(repeated: &str) -> Answer {
    let echo = format!("you sent {repeated}");
    Answer::status(403).body(json!({
        "Code": "Refused", "Message": echo, "RequestId": "r",
        "ErrorCode": "Refused", "ErrorMessage": echo, "error": "refused", "error_description": echo,
    }))
}

/// What the cloud does in a round: works, refuses and repeats what it was sent, talks nonsense, or hangs up.
fn moods(mode: &str) -> Vec<(&'static str, Overrides)> {
    let session = [
        "AssumeRole",
        "AssumeRoleWithOIDC",
        "GenerateSessionAccessKey",
        "GET /credentials",
        "POST /v1/token",
        "POST /v1/exchange",
        "POST /cloud-credentials",
    ];
    let with = |answer: &dyn Fn() -> Answer| {
        session.iter().fold(Overrides::none(), |overrides, route| overrides.answer(route, answer()))
    };
    let caller = "GetCallerIdentity";
    let nonsense = || Answer::ok(format!("<html>{MARK}</html>"));
    vec![
        ("works", Overrides::none()),
        ("refuses", with(&|| refusal(&sent(mode))).answer(caller, refusal(&called_with(mode)))),
        // What the caller's own call answers is printed as it is, so that holds no mark.
        ("talks nonsense", with(&nonsense).answer(caller, Answer::ok("<html>"))),
        ("hangs up", with(&Answer::dropped).answer(caller, Answer::dropped())),
    ]
}

/// Runs a command and searches all that it says.
fn search(environment: &TestEnvironment, what: &str, arguments: &[&str], input: &str) {
    let run = environment.run_with(arguments, input);
    let said = format!("{}\n{}", run.stdout, run.stderr);
    assert!(!said.contains(MARK), "{what}: {arguments:?} said {said}");
    assert!(!run.stderr.contains(URL_MARK), "{what}: {arguments:?} said {said}");
    assert!(!said.contains("panicked at"), "{what}: {arguments:?}: {said}");
}

#[test]
fn no_command_shows_a_secret_in_any_mode_whatever_the_cloud_answers() {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    for mode in mode_names() {
        for (mood, overrides) in moods(&mode) {
            for time in TIMES {
                let what = format!("{mode} at {time} while the cloud {mood}");
                round(&cloud, overrides.clone(), &mode, time, &what);
            }
        }
    }
}

fn round(cloud: &FakeCloud, overrides: Overrides, mode: &str, time: i64, what: &str) {
    let secret = marked(Field::AccessKeySecret);
    cloud.reset(overrides, [("text-access_key_id", secret.as_str())]);
    let environment = TestEnvironment::new()
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap())
        .var("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        .var("PATH", "/usr/bin:/bin");
    let home = environment.home().to_str().unwrap().to_owned();
    fs::write(environment.home().join("token"), format!("{MARK}-token")).unwrap();
    let printed = json!({"mode": "AK", "access_key_id": "text-access_key_id", "access_key_secret": secret});
    fs::write(environment.home().join("helper"), printed.to_string()).unwrap();
    let profiles = [profile(mode, &home, time), with_name(profile("AK", &home, time), "base")];
    let config =
        json!({"current": "p", "profiles": profiles, "meta_path": "", "other": format!("{MARK}-other")});
    environment.write_config(&config.to_string());
    for arguments in commands() {
        search(&environment, what, &arguments, "");
    }
    if !matches!(mode, "OAuth" | "CloudSSO") {
        search(&environment, what, &["configure", "--profile", "p"], &"\n".repeat(12));
    }
    search(&environment, what, &["configure", "delete", "--profile", "p"], "");
}

fn with_name(mut profile: Value, name: &str) -> Value {
    profile["name"] = name.into();
    profile
}

fn commands() -> Vec<Vec<&'static str>> {
    let shown: Vec<_> = "profile mode access-key-id access-key-secret bearer-token sts-region ram-role-arn region process-command oidc-token-file"
        .split(' ')
        .collect();
    let mut commands: Vec<Vec<_>> = [
        "configure list",
        "configure list --output json",
        "configure logout --profile p",
        "configure list --output names",
        "configure copy --profile p --to q",
        "configure rename --profile q --to r",
        "configure unset --profile r language",
        "configure unset --profile r access-key-secret",
        "configure set --profile p --region cn-beijing",
        "configure set --profile p --mode Bogus --region cn-beijing",
        "configure set --profile p --region !",
        "configure switch --profile p",
        "configure switch --profile none",
        "configure delete --profile none",
        "configure get --profile none",
        "configure --help",
        "configure rotate --dry-run",
        "configure check --all --live",
        "configure check --profile p --live --output json",
        "configure rotate --profile base --delete-old",
        "sts GetCallerIdentity",
        "sts get-caller-identity --profile p --region cn-hangzhou",
        "sts GetCallerIdentity --endpoint 127.0.0.1:9",
        "version",
    ]
    .iter()
    .map(|line| line.split(' ').collect())
    .collect();
    commands.push([vec!["configure", "get"], shown].concat());
    commands
}

#[test]
fn a_config_file_that_is_broken_at_any_place_shows_nothing_of_it() {
    let environment = TestEnvironment::new();
    let whole = json!({"current": "p", "profiles": [profile("AK", "/h", 1000)]}).to_string();
    for at in (1..whole.len()).step_by(97) {
        environment.write_config(&whole[..at]);
        for arguments in [
            &["configure", "list"] as &[&str],
            &["configure", "set", "--region", "r"],
            &["sts", "GetCallerIdentity"],
        ] {
            search(&environment, "broken", arguments, "");
        }
    }
}
