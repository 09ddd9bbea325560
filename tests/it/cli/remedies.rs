//! How to mend an error: said on a terminal behind the error, and nowhere else (behaviour, section 6.21).

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use fake_cloud::{Answer, FakeCloud, Json, Listeners, Overrides};
use serde_json::json;

use crate::support::environment::TestEnvironment;
use crate::support::screen::Screen;

const CALL: [&str; 2] = ["sts", "GetCallerIdentity"];

/// Fails on a terminal and on pipes, and compares what the terminal says more than the pipe.
fn says(environment: &TestEnvironment, arguments: &[&str], remedy: &str) {
    if environment.config_path().exists() {
        fs::set_permissions(environment.config_path(), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let (status, shown) = Screen::start(environment, arguments).end();
    assert!(!status.success(), "{shown}");
    let shown = shown.replace("\r\n", "\n").replace("\u{1b}[1;33m", "").replace("\u{1b}[1;31m", "");
    let shown = shown.replace("\u{1b}[0m", "");
    let piped = environment.run(arguments);
    assert!(shown.contains(&format!("\n{remedy}\n")), "no {remedy:?} in {shown}");
    assert!(!piped.stderr.contains(remedy), "{}", piped.stderr);
    let first = |text: &str| text.lines().next().map(str::to_owned);
    assert_eq!(first(&shown), first(&piped.stderr));
}

fn with_profile(profile: &serde_json::Value) -> TestEnvironment {
    let environment = TestEnvironment::new();
    environment.write_config(&json!({"current": profile["name"], "profiles": [profile]}).to_string());
    environment
}

#[test]
fn words_that_other_programs_know_lead_to_the_command_that_does_it() {
    let environment = TestEnvironment::new();
    for (word, command) in [
        ("login", "aliyun configure --mode OAuth"),
        ("rm", "aliyun configure delete --profile NAME"),
        ("ls", "aliyun configure list"),
        ("use", "aliyun configure switch --profile NAME"),
        ("whoami", "aliyun sts GetCallerIdentity"),
        ("current", "aliyun configure get profile"),
    ] {
        says(&environment, &[word], &format!("  {command}"));
        says(&environment, &["configure", word], &format!("  {command}"));
    }
    says(&environment, &["logout"], "  aliyun configure logout --profile NAME");
}

#[test]
fn what_is_not_configured_is_set_up_by_a_command_that_names_the_profile() {
    let environment = TestEnvironment::new();
    let call = [&CALL[..], &["--profile", "it's me"]].concat();
    says(&environment, &call, r"  aliyun configure --profile 'it'\''s me'");
    let environment = with_profile(&json!({"name": "p", "mode": "AK", "access_key_id": "i"}));
    says(&environment, &CALL, "  aliyun configure --profile p");
    let key = json!({"name": "p", "mode": "AK", "access_key_id": "i", "access_key_secret": "s", "region_id": "a_b"});
    says(&with_profile(&key), &CALL, "  aliyun configure set --profile p --region cn-hangzhou");
}

#[test]
fn a_profile_that_is_not_there_leads_to_one_that_looks_alike() {
    let environment = TestEnvironment::with_profiles(&["it's me", "other"]);
    for command in [
        &["get"][..],
        &["switch"],
        &["delete"],
        &["rename", "--to", "new"],
        &["copy", "--to", "new"],
        &["unset", "language"],
        &["logout"],
        &["rotate"],
    ] {
        let call = |name| [&["configure"], command, &["--profile", name]].concat();
        let near =
            "Did you mean the profile 'it's me'? See which profiles there are:\n  aliyun configure list";
        says(&environment, &call("its me"), near);
        says(&environment, &call("zz"), "See which profiles there are:\n  aliyun configure list");
    }
    for command in
        [&CALL[..], &["configure", "export-credentials"], &["configure", "exec", "--", "/bin/true"]]
    {
        let (before, behind) = command.split_at(2);
        let call = [before, &["--profile", "its me"], behind].concat();
        says(
            &environment,
            &call,
            "Did you mean the profile 'it's me'? Set the profile up, or see which profiles there are:\n  aliyun configure --profile 'its me'\n  aliyun configure list",
        );
    }
}

#[test]
fn a_proxy_is_named_with_its_variable() {
    let environment =
        TestEnvironment::with_profiles(&["default"]).var("HTTPS_PROXY", "http://u:p@127.0.0.1:9");
    let remedy = "The request went through the proxy 127.0.0.1:9, as the variable HTTPS_PROXY has it. Mend the variable, or do without the proxy:\n  unset HTTPS_PROXY";
    says(&environment, &CALL, remedy);
}

#[test]
fn what_a_service_refuses_is_explained_by_its_code() {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let environment =
        TestEnvironment::with_profiles(&["default"]).var("HTTPS_PROXY", &cloud.proxy_url().unwrap());
    let issuer = "The certificate for sts.aliyuncs.com was issued by \"fake cloud CA\", which this machine does not trust. Where a company's proxy signs it, name the company's certificates:\n  export SSL_CERT_FILE=/path/to/ca.pem";
    says(&environment, &CALL, issuer);
    let environment = environment.var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    let refused =
        |code: &str| Answer::status(400).body(Json::object([("Code", code.into()), ("Message", "m".into())]));
    let late = "The clock of this machine is";
    for (answer, remedy) in [
        (
            refused("InvalidAccessKeyId.NotFound"),
            "The access key does not exist or is disabled. Look it up in the RAM console, and enter it again:\n  aliyun configure",
        ),
        (
            refused("SignatureDoesNotMatch"),
            "The secret is not that of the access key. Enter both again:\n  aliyun configure",
        ),
        (
            refused("NoPermission"),
            "The identity may not do this. Whoever manages RAM can grant it. Who it is:\n  aliyun sts GetCallerIdentity",
        ),
        (
            refused("InvalidSecurityToken.Expired"),
            "The STS token is over, or not that of the access key. Get a new one, and enter it:\n  aliyun configure --mode StsToken",
        ),
        (
            refused("InvalidTimeStamp.Expired"),
            "The clock of this machine is off. Set it, and let it be kept:\n  timedatectl set-ntp true",
        ),
    ] {
        cloud
            .reset(Overrides::none().answer("GetCallerIdentity", answer), [("LTAIdefault", "exampleSecret")]);
        says(&environment, &CALL, remedy);
    }
    let behind = refused("InvalidTimeStamp.Expired").header("Date", "Tue, 01 Jan 2030 00:00:00 GMT");
    cloud.reset(Overrides::none().answer("GetCallerIdentity", behind), [("LTAIdefault", "exampleSecret")]);
    let (_, shown) = Screen::start(&environment, &CALL).end();
    assert!(shown.contains(late) && shown.contains(" seconds slow. Set it"), "{shown}");
}

#[test]
fn an_expired_login_and_a_helper_that_fails_are_told_with_their_commands() {
    let login = json!({"name": "p", "mode": "OAuth", "oauth_site_type": "CN", "region_id": "cn-hangzhou"});
    let command = "Log in again:\n  aliyun configure --mode OAuth --oauth-site-type CN --profile p";
    says(&with_profile(&login), &CALL, command);
    let helper = |command| {
        with_profile(&json!({"name": "p", "mode": "External", "process_command": command, "region_id": "r"}))
    };
    says(&helper("/bin/false"), &CALL, "  aliyun configure get process-command");
    says(&helper("/no/such"), &CALL, "  command -v /no/such");
}

#[test]
fn a_file_that_cannot_be_used_is_named_in_the_command() {
    let environment = TestEnvironment::new();
    environment.write_config("{");
    let path = environment.config_path();
    let path = path.to_str().unwrap();
    let remedy = format!("Mend the file there, or move it away and begin anew:\n  mv {path} {path}.broken");
    says(&environment, &["configure", "list"], &remedy);
}
