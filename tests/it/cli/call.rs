//! The call and its flags, before the fake cloud.

use std::fs;

use fake_cloud::{Answer, FakeCloud, Listeners, Overrides};
use snapbox::{assert_data_eq, str};

use crate::support::environment::TestEnvironment;

const CALL: [&str; 2] = ["sts", "GetCallerIdentity"];

/// Makes a cloud that knows the key of the profile `default`, and a home whose calls go there.
fn world(overrides: Overrides) -> (FakeCloud, TestEnvironment) {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    cloud.reset(overrides, [("LTAIdefault", "exampleSecret")]);
    let environment = TestEnvironment::with_profiles(&["default"])
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    (cloud, environment)
}

fn call<'a>(flags: &[&'a str]) -> Vec<&'a str> {
    [&CALL, flags].concat()
}

#[test]
fn a_query_selects_of_the_answer_in_the_form_of_the_command() {
    let (cloud, environment) = world(Overrides::none());
    assert_eq!(environment.succeeds(&call(&["--cli-query", "IdentityType"])), "\"RAMUser\"\n");
    assert_eq!(
        environment.succeeds(&call(&["--cli-query", "{b: Nothing, a: UserId}"])),
        "{\n\t\"a\": \"216000000000000000\",\n\t\"b\": null\n}\n"
    );
    let kebab = ["sts", "get-caller-identity", "--cli-query=[AccountId]"];
    assert_eq!(environment.succeeds(&kebab), "[\n  \"1234567890123456\"\n]\n");
    cloud.reset(Overrides::none(), [("LTAIdefault", "exampleSecret")]);
    environment.fails(&call(&["--cli-query", "a["]), 1, "JMESPath query failed: Parse error");
    assert!(cloud.requests().is_empty(), "an expression is read before the call");
}

#[test]
fn quiet_calls_and_prints_nothing_but_errors() {
    let (cloud, environment) = world(Overrides::none());
    assert_eq!(environment.succeeds(&call(&["--quiet"])), "");
    assert_eq!(environment.succeeds(&call(&["-q"])), "");
    assert_eq!(cloud.requests().len(), 2);
    cloud.reset(Overrides::none(), [("other", "x")]);
    environment.fails(&call(&["-q"]), 1, "InvalidAccessKeyId.NotFound");
    let text = "ERROR: flag --quiet is exclusive with --dryrun\n";
    assert_eq!(environment.fails(&call(&["--dryrun", "-q"]), 1, "exclusive"), text);
}

#[test]
fn a_dry_run_shows_the_request_and_neither_asks_nor_writes_anything() {
    let (cloud, environment) = world(Overrides::none());
    let profiles = serde_json::json!([
        {"name": "default", "mode": "StsToken", "access_key_id": "LTAIdefault", "access_key_secret": "exampleSecret",
         "sts_token": "exampleToken", "region_id": "cn-hangzhou"},
        {"name": "helper", "mode": "External", "process_command": "touch ran", "region_id": "cn-hangzhou"},
        {"name": "ecs", "mode": "EcsRamRole", "region_id": "cn-beijing", "endpoint_type": "vpc"},
    ]);
    environment.write_config(&serde_json::json!({"current": "default", "profiles": profiles}).to_string());
    let before = environment.config();
    let shown = environment.succeeds(&call(&["--dryrun"]));
    assert_data_eq!(
        shown.clone(),
        str![[r#"
Skip invoke in dry-run mode, request is:
------------------------------------
POST /?RegionId=cn-hangzhou HTTPS/1.1
Host: sts.aliyuncs.com
accept: application/json
authorization: ***
user-agent: aliyun-configure/[..] Aliyun-CLI/3.4.11
x-acs-action: GetCallerIdentity
x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
x-acs-credentials-provider: ***
x-acs-date: [..]Z
x-acs-signature-nonce: ***
x-acs-version: 2015-04-01

Credentials: those of profile 'default', mode StsToken, not obtained

"#]]
    );
    assert!(!shown.contains("exampleSecret") && !shown.contains("exampleToken"), "{shown}");
    environment.succeeds(&call(&["--dryrun", "-p", "helper"]));
    let shown = environment.succeeds(&call(&["--dryrun", "-p", "ecs", "--endpoint-type", "vpc"]));
    assert!(shown.contains("\nHost: sts-vpc.cn-beijing.aliyuncs.com\n"), "{shown}");
    assert!(cloud.requests().is_empty());
    assert_eq!(environment.config(), before);
    assert_eq!(
        fs::read_dir(environment.home()).unwrap().count(),
        1,
        "only the folder of the config is there"
    );
    assert_eq!(fs::read_dir(environment.home().join(".aliyun")).unwrap().count(), 1);
}

#[test]
fn a_dry_run_and_help_do_not_save_older_profiles() {
    let environment = TestEnvironment::new();
    let folder = environment.home().join(".aliyuncli");
    fs::create_dir(&folder).unwrap();
    let credentials = "[default]\naliyun_access_key_id = i\naliyun_access_key_secret = s\n";
    fs::write(folder.join("credentials"), credentials).unwrap();
    fs::write(folder.join("configure"), "[default]\nregion = cn-beijing\n").unwrap();
    assert!(environment.succeeds(&call(&["--dryrun"])).contains("RegionId=cn-beijing"));
    environment.succeeds(&["configure", "--help"]);
    assert!(!environment.home().join(".aliyun").exists());
    environment.succeeds(&["configure", "list"]);
    assert!(environment.config_path().exists());
}

#[test]
fn a_call_is_repeated_as_often_as_asked_for_and_the_last_reason_is_told() {
    let busy = || Answer::status(503).body(serde_json::json!({"Code": "Busy", "Message": "later"}));
    let overrides = Overrides::none().answer("GetCallerIdentity", busy());
    let overrides = overrides.answer("GetCallerIdentity", Answer::dropped());
    let (cloud, environment) = world(overrides.clone().answer("GetCallerIdentity", busy()));
    environment.fails(&call(&["--retry-count", "2"]), 1, "ErrorCode: Busy");
    assert_eq!(cloud.requests().len(), 3);
    cloud.reset(overrides, [("LTAIdefault", "exampleSecret")]);
    environment.fails(&call(&["--retry-count", "1"]), 1, "cannot reach sts.aliyuncs.com: ");
    assert_eq!(cloud.requests().len(), 2);
    cloud.reset(Overrides::none(), [("other", "x")]);
    environment.fails(&call(&["--retry-count", "3"]), 1, "InvalidAccessKeyId.NotFound");
    assert_eq!(cloud.requests().len(), 1, "a refusal is final");
}

#[test]
fn a_service_that_says_when_to_try_again_is_asked_again_then() {
    let busy = |delay: &str| {
        let body = serde_json::json!({"Code": "Throttling.User", "Message": "slow down"});
        Answer::status(400).body(body).header("x-acs-retry-after", delay)
    };
    let waits = |cloud: &FakeCloud| {
        let waits = |request: &serde_json::Value| {
            let header = |name: &str| request["headers"][name].as_str().unwrap_or("-").to_owned();
            format!("{} {}", header("x-acs-retry-attempts"), header("x-acs-retry-delay"))
        };
        cloud.requests().iter().map(waits).collect::<Vec<_>>()
    };
    let overrides = Overrides::none()
        .answer("GetCallerIdentity", busy("20"))
        .answer("GetCallerIdentity", busy("10"))
        .answer("GetCallerIdentity", Answer::status(400).body(serde_json::json!({"Code": "Other"})));
    let (cloud, environment) = world(overrides);
    environment.fails(&CALL, 1, "ErrorCode: Other");
    assert_eq!(waits(&cloud), ["- -", "1 20", "2 10"]);

    let always = || Overrides::none().answer("GetCallerIdentity", busy("90000"));
    let settings = environment.home().join(".aliyun/throttling-retry.json");
    fs::write(&settings, r#"{"max_attempts": 2, "max_delay_ms": 5}"#).unwrap();
    cloud.reset(always(), [("LTAIdefault", "exampleSecret")]);
    environment.fails(&CALL, 1, "ErrorCode: Throttling.User");
    assert_eq!(waits(&cloud), ["- -", "1 5", "2 5"]);

    #[cfg(unix)]
    {
        let command = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_aliyun")).args(CALL);
        let settings = [("MAX_ATTEMPTS", "1"), ("MAX_DELAY_MS", "1000")];
        let settings =
            settings.map(|(name, value)| (format!("ALIBABA_CLOUD_THROTTLING_RETRY_{name}"), value));
        let command = command.env_clear().envs(environment.variables()).envs(settings);
        let (_, shown) = crate::support::screen::Screen::of(&environment, command).end();
        assert!(shown.contains("\naliyun: trying again in 1 s\r\n"), "{shown}");
    }

    fs::write(&settings, r#"{"max_attempts": "2"}"#).unwrap();
    environment.fails(&CALL, 1, "throttling-retry.json cannot be used: `max_attempts` must be a number");

    fs::remove_file(&settings).unwrap();
    let environment = environment.var("ALIBABA_CLOUD_THROTTLING_RETRY_ENABLED", "false");
    cloud.reset(always(), [("LTAIdefault", "exampleSecret")]);
    environment.fails(&CALL, 1, "ErrorCode: Throttling.User");
    assert_eq!(cloud.requests().len(), 1);
}

#[test]
fn a_certificate_that_is_not_trusted_will_not_be_so_at_the_next_attempt() {
    let (cloud, environment) = world(Overrides::none());
    let other = FakeCloud::start(Listeners::proxy()).unwrap();
    let environment = environment.var("SSL_CERT_FILE", other.ca_file().to_str().unwrap());
    environment.fails(
        &call(&["--retry-count", "3"]),
        1,
        "cannot reach sts.aliyuncs.com: invalid peer certificate",
    );
    assert_eq!((cloud.tunnels(), cloud.requests().len()), (1, 0));
}

#[test]
fn any_other_flag_is_unknown_and_the_nearest_one_is_named() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    for (flag, near) in [("--dry-run", "--dryrun"), ("--cli-qeury", "--cli-query")] {
        let run = environment.run(&call(&[flag, "x"]));
        let text = format!(
            "ERROR: '{flag}' is not a valid parameter or flag. See `aliyun help sts GetCallerIdentity`.\n"
        );
        assert_eq!((run.code, run.stderr), (2, text));
        assert_eq!(run.stdout, format!("\nDid you mean:\n  {near}\n"));
    }
    environment.fails(&call(&["--waiter", "x"]), 2, "'--waiter' is not a valid parameter or flag");
    environment.fails(&call(&["--quiet=1"]), 1, "parse failed flag --quiet can't be assiged");
}

#[test]
fn the_agent_is_named_as_environment_and_ai_mode_want_it() {
    let (cloud, environment) = world(Overrides::none());
    let environment = environment
        .var("ALIBABA_CLOUD_VENDOR", "acme")
        .var("ALIBABA_CLOUD_USER_AGENT", "me/1 you")
        .var("ALIYUN_USER_AGENT", "x");
    environment.succeeds(&["configure", "ai-mode", "enable"]);
    environment.succeeds(&CALL);
    let agent = cloud.requests()[0]["user-agent"].as_str().unwrap().to_owned();
    let words = "Aliyun-CLI/3.4.11 vendor/acme me/1 you/ AlibabaCloud-AIMode/enabled AlibabaCloud-Agent-Skills/ Extra/x";
    assert!(agent.ends_with(words), "{agent}");
}
