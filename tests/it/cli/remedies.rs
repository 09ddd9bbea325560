//! How to mend an error: said on a terminal behind the error, and nowhere else (behaviour, section 6.21).

#![cfg(unix)]

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use fake_cloud::{Answer, FakeCloud, Json, Listeners, Overrides};
use serde_json::json;

use crate::support::environment::TestEnvironment;
use crate::support::screen::Screen;
use crate::support::skip::skip;

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
    let is_of_error = |line: &&str| !line.starts_with("Waiting for ");
    let first = |text: &str| text.lines().find(is_of_error).map(str::to_owned);
    assert_eq!(first(&shown), first(&piped.stderr));
}

/// Leads an environment to a cloud, whose certificate it trusts.
fn trusting(environment: TestEnvironment, cloud: &FakeCloud) -> TestEnvironment {
    environment
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap())
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
    says(
        &helper("/bin/echo"),
        &CALL,
        "The helper /bin/echo must print JSON with the member `mode`, and with the credentials of that mode. The command that starts it:\n  aliyun configure get process-command",
    );
    let login = json!({
        "name": "my p", "mode": "CloudSSO", "cloud_sso_sign_in_url": "https://signin.example/start/login",
        "cloud_sso_account_id": "1", "cloud_sso_access_config": "ac-1", "access_token": "a",
        "cloud_sso_access_token_expire": 1, "region_id": "cn-hangzhou",
    });
    says(&with_profile(&login), &CALL, "Log in again:\n  aliyun configure --profile 'my p'");
}

#[test]
fn a_login_that_the_server_does_not_renew_is_told_with_its_command() {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let spent = Answer::status(400).body(json!({"error": "invalid_grant"}));
    cloud.reset(Overrides::none().answer("POST /v1/token", spent), [("", "")]);
    let login = json!({
        "name": "p", "mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": "a",
        "oauth_refresh_token": "r", "oauth_access_token_expire": 1, "region_id": "cn-hangzhou",
    });
    let environment = trusting(with_profile(&login), &cloud);
    says(&environment, &CALL, "The login is over. Log in again:\n  aliyun configure --mode OAuth");
}

#[test]
fn keys_that_a_service_does_not_know_are_told_apart_from_wrong_secrets() {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let environment = trusting(TestEnvironment::with_profiles(&["default"]), &cloud);
    cloud.reset(Overrides::none(), [("LTAIdefault", "anotherSecret")]);
    says(
        &environment,
        &CALL,
        "The secret is not that of the access key. Enter both again:\n  aliyun configure",
    );
    cloud.reset(Overrides::none(), [("LTAIother", "exampleSecret")]);
    says(
        &environment,
        &CALL,
        "The access key does not exist or is disabled. Look it up in the RAM console, and enter it again:\n  aliyun configure",
    );
}

#[test]
fn a_server_that_does_not_answer_may_get_more_time() {
    let cloud = FakeCloud::start(Listeners::loopback()).unwrap();
    let slow = Answer::ok(Json::object([])).delay(Duration::from_secs(5));
    cloud.reset(Overrides::none().answer("GetCallerIdentity", slow), [("LTAIdefault", "exampleSecret")]);
    let endpoint = cloud.addresses().tls.unwrap().to_string();
    let call = [&CALL[..], &["--endpoint", &endpoint, "--read-timeout", "1"]].concat();
    let remedy = "Check the network. A slow one gets more time, in seconds, by:\n  aliyun configure set --connect-timeout 30 --read-timeout 60";
    says(&trusting(TestEnvironment::with_profiles(&["default"]), &cloud), &call, remedy);
}

#[test]
fn a_lock_that_is_not_released_is_told_with_who_holds_it() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let lock = File::open(environment.config_path()).unwrap();
    lock.lock().unwrap();
    let switch = ["configure", "switch", "--profile", "default"];
    let (status, shown) = Screen::start(&environment, &switch).end();
    let holder = format!("(process {})", std::process::id());
    assert!(!status.success() && shown.contains(&holder), "no {holder} in {shown}");
    assert!(shown.contains("Wait until the other program ends, or end it, and try again."), "{shown}");
}

#[test]
fn a_profile_that_is_not_there_is_told_with_those_that_are_like_it() {
    let environment = TestEnvironment::with_profiles(&["prod", "dev"]);
    let list = "Did you mean the profile 'prod'? See which profiles there are:\n  aliyun configure list";
    for command in ["switch", "delete", "get", "unset", "logout", "rotate"] {
        let arguments: &[&str] = match command {
            "unset" => &["configure", command, "region", "--profile", "pord"],
            _ => &["configure", command, "--profile", "pord"],
        };
        says(&environment, arguments, list);
    }
    for command in ["rename", "copy"] {
        says(&environment, &["configure", command, "--profile", "pord", "--to", "q"], list);
        let remedy =
            "Choose another name, or remove that profile first:\n  aliyun configure delete --profile dev";
        says(&environment, &["configure", command, "--profile", "prod", "--to", "dev"], remedy);
    }
    let set_up = "Did you mean the profile 'prod'? Set the profile up, or see which profiles there are:\n  aliyun configure --profile pord\n  aliyun configure list";
    let export = ["configure", "export-credentials", "--profile", "pord"];
    let exec = ["configure", "exec", "--profile", "pord", "--", "/bin/true"];
    for arguments in [&[&CALL[..], &["--profile", "pord"]].concat()[..], &export, &exec] {
        says(&environment, arguments, set_up);
    }
}

#[test]
fn a_profile_that_gives_no_credentials_is_told_with_the_command_that_says_why() {
    let remedy = "See what is wrong, or set the profile up anew:\n  aliyun configure check --profile 'my p'\n  aliyun configure --profile 'my p'";
    for profile in [
        json!({"mode": "CredentialsURI", "credentials_uri": "file:///etc/passwd"}),
        json!({"mode": "External", "process_command": "'"}),
        json!({"mode": "OIDC", "ram_role_arn": "a", "oidc_provider_arn": "p", "oidc_token_file": "/no/such", "ram_session_name": "s"}),
        json!({"mode": "RsaKeyPair", "ram_session_name": "s", "private_key": "no key", "key_pair_name": "k"}),
        json!({"mode": "ChainableRamRoleArn", "source_profile": "my p", "ram_role_arn": "a", "ram_session_name": "s"}),
    ] {
        let mut named = profile.clone();
        named["name"] = "my p".into();
        named["region_id"] = "cn-hangzhou".into();
        says(&with_profile(&named), &CALL, remedy);
    }
}

#[test]
fn a_program_that_does_not_start_is_told_with_how_to_look_for_it() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let remedy = "The program must be in PATH, or be named with its path:\n  command -v no-such-program";
    says(&environment, &["configure", "exec", "--", "no-such-program"], remedy);
    let remedy = "It must be a program that you may run:\n  ls -l /etc/passwd";
    says(&environment, &["configure", "exec", "--", "/etc/passwd"], remedy);
}

#[test]
fn what_policy_or_variables_forbid_is_told_with_what_forbids_it() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let policy = r#"{"enabled":true,"rules":[{"pattern":"sts:*","action":"deny"}]}"#;
    fs::write(environment.home().join(".aliyun/safety-policy.json"), policy).unwrap();
    let remedy = "See the rules, and change the one that forbids it:\n  aliyun configure safety-policy list";
    says(&environment, &CALL, remedy);
    for (mode, variable) in [
        ("EcsRamRole", "ALIBABA_CLOUD_ECS_METADATA_DISABLED"),
        ("CredentialsURI", "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"),
    ] {
        let profile =
            json!({"name": "p", "mode": mode, "credentials_uri": "http://127.0.0.1:1/", "region_id": "r"});
        let environment = with_profile(&profile).var(variable, "true");
        says(
            &environment,
            &CALL,
            &format!("Where that is not meant, remove the variable:\n  unset {variable}"),
        );
    }
}

/// Makes a call on a terminal in a network of its own, after some commands that set it up; `None`, with the reason
/// said, where no network can be made.
fn call_in_network(test: &str, environment: &TestEnvironment, set_up: &str) -> Option<String> {
    let root = rustix::process::geteuid().is_root();
    let unshare = format!("unshare {}", if root { "-n" } else { "-Urn" });
    if !Screen::shell(environment, &format!("{unshare} ip link set lo up")).end().0.success() {
        skip(test, "no network of its own can be made");
        return None;
    }
    let script = format!("ip link set lo up; {set_up} aliyun sts GetCallerIdentity");
    Some(Screen::shell(environment, &format!("{unshare} sh -c '{script}'")).end().1)
}

#[test]
fn a_machine_that_is_no_instance_or_has_no_role_is_told_so() {
    const TEST: &str = "a_machine_that_is_no_instance_or_has_no_role_is_told_so";
    let environment =
        with_profile(&json!({"name": "p", "mode": "EcsRamRole", "ram_role_name": "r", "region_id": "r"}));
    let Some(shown) = call_in_network(TEST, &environment, "") else { return };
    let remedy =
        "This machine seems not to be an ECS instance. Choose another way to sign in:\r\n  aliyun configure";
    assert!(shown.contains(remedy), "{shown}");
    if !Screen::shell(&environment, "python3 -V").end().0.success() {
        return skip(TEST, "no python3 to answer as the metadata service");
    }
    // It knows no path, so that it answers 404 to each.
    let server = "ip addr add 100.100.100.200 dev lo; python3 -m http.server --bind 100.100.100.200 80 >/dev/null 2>&1 & trap \"kill $!\" EXIT; until python3 -c \"import socket; socket.create_connection((\\\"100.100.100.200\\\", 80))\" 2>/dev/null; do :; done;";
    let Some(shown) = call_in_network(TEST, &environment, server) else { return };
    let remedy = "This machine is not an ECS instance, or no RAM role of that name is attached to it. Attach one in the ECS console, or name another:\r\n  aliyun configure --mode EcsRamRole";
    assert!(shown.contains(remedy), "{shown}");
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
