//! `configure rotate` against a cloud: what it says, in which order it asks, and what it leaves.

use fake_cloud::{Answer, FakeCloud, Listeners, Scenario};
use serde_json::{Value, json};

use crate::support::environment::TestEnvironment;

const OLD: &str = "LTAI5tOldKey000000xyz";
const OTHER: &str = "LTAI5tOtherKey0000789";
const NEW: &str = "LTAI5tCreated0001";

/// Starts a cloud with a key, and a home with a profile of each mode that can hold it.
fn start(scenario: Value) -> (FakeCloud, TestEnvironment) {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let scenario: Scenario = serde_json::from_value(scenario).unwrap();
    cloud.reset(scenario, [(OLD, "old-secret"), (OTHER, "other-secret")]);
    let environment = TestEnvironment::new()
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    let key = |name: &str, id: &str, secret: &str| json!({"name": name, "mode": "AK", "access_key_id": id, "access_key_secret": secret});
    let mut role = key("role", OLD, "old-secret");
    role["mode"] = "RamRoleArn".into();
    role["ram_role_arn"] = "acs:ram::1:role/r".into();
    role["ram_session_name"] = "s".into();
    let profiles =
        [key("p", OLD, "old-secret"), role, key("stale", OLD, "wrong"), key("o", OTHER, "other-secret")];
    environment.write_config(&json!({"current": "p", "profiles": profiles}).to_string());
    (cloud, environment)
}

fn only(id: &str) -> Value {
    json!({"keys": [{"AccessKeyId": id}]})
}

/// Returns the actions that the cloud was asked for, each with the key that asked and the one that it is about.
fn asked(cloud: &FakeCloud) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let line = |request: &Value| {
        let parts = [
            &request["action"],
            &request["access-key-id"],
            &request["params"]["UserAccessKeyId"],
            &request["params"]["Status"],
        ];
        parts.map(text).join(" ").trim_end().to_owned()
    };
    cloud.requests().iter().map(line).collect()
}

fn keys(environment: &TestEnvironment) -> Vec<String> {
    let config = environment.json();
    config["profiles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|profile| profile["access_key_id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn rotate_writes_the_new_key_before_it_is_used_and_retires_the_old_one_last() {
    let (cloud, environment) = start(only(OLD));
    let said = environment.succeeds(&["configure", "rotate", "--profile", "role"]);
    assert_eq!(said, "rotated role: ***xyz -> ***001 (old key disabled)\n");
    assert_eq!(keys(&environment), [NEW, NEW, OLD, OTHER], "the pair counts, not the id alone");
    assert_eq!(
        asked(&cloud),
        [
            format!("ListAccessKeys {OLD}"),
            format!("GetCallerIdentity {OLD}"),
            format!("CreateAccessKey {OLD}"),
            format!("GetCallerIdentity {NEW}"),
            format!("UpdateAccessKey {NEW} {OLD} Inactive"),
        ]
    );
}

#[test]
fn rotate_deletes_the_old_key_as_the_user_of_the_new_one() {
    let (cloud, environment) = start(only(OLD));
    let said = environment.succeeds(&["configure", "rotate", "--delete-old"]);
    assert_eq!(said, "rotated p: ***xyz -> ***001 (old key deleted)\n");
    assert_eq!(asked(&cloud).last().unwrap(), &format!("DeleteAccessKey {NEW} {OLD}"));
}

#[test]
fn a_dry_run_of_rotate_says_what_would_be_done_and_asks_for_the_keys_alone() {
    let (cloud, environment) = start(only(OLD));
    let before = environment.config();
    let said = environment.succeeds(&["configure", "rotate", "--dry-run", "--delete-old"]);
    let expected = "would rotate p: ***xyz\n  1. create an access key\n  2. write it into: p, role\n  3. check it with GetCallerIdentity\n  4. delete ***xyz\n";
    assert_eq!(said, expected);
    assert_eq!((asked(&cloud), environment.config()), (vec![format!("ListAccessKeys {OLD}")], before));
}

#[test]
fn rotate_names_the_second_key_of_a_user_with_its_state_and_who_uses_it() {
    let second = json!({"AccessKeyId": OTHER, "Status": "Inactive", "CreateDate": "2024-03-05T12:00:00Z"});
    let (cloud, environment) = start(json!({"keys": [{"AccessKeyId": OLD}, second]}));
    for arguments in [&["configure", "rotate"] as &[&str], &["configure", "rotate", "--dry-run"]] {
        let said = environment.fails(arguments, 1, "");
        let expected = format!(
            "ERROR: the user of profile 'p' can have no further access key: beside its own, ***xyz, there is {OTHER} (Inactive, created 2024-03-05T12:00:00Z, in use by o). Delete the other one at https://ram.console.aliyun.com if nothing needs it any more, and rotate again; nothing was changed\n"
        );
        assert_eq!(said, expected);
    }
    assert_eq!(asked(&cloud), [format!("ListAccessKeys {OLD}"), format!("ListAccessKeys {OLD}")]);
}

#[test]
fn rotate_takes_everything_back_where_the_new_key_is_refused() {
    let identity = json!({"AccountId": "1", "PrincipalId": "2", "UserId": "2", "Arn": "acs:ram::1:user/u"});
    let refusal = json!({"status": 403, "body": {"Code": "NoPermission", "Message": "no"}});
    let calls = json!([{ "body": identity }, refusal]);
    let (cloud, environment) = start(json!({"keys": [{"AccessKeyId": OLD}], "GetCallerIdentity": calls}));
    let before = keys(&environment);
    let said = environment.fails(&["configure", "rotate"], 1, "NoPermission");
    assert!(said.starts_with("ERROR: the access key was not rotated, and all is as before: "), "{said}");
    assert_eq!(keys(&environment), before);
    assert_eq!(asked(&cloud).last().unwrap(), &format!("DeleteAccessKey {OLD} {NEW}"));
}

#[test]
fn rotate_says_what_is_left_to_do_where_the_old_key_stays() {
    let refusal = json!({"status": 403, "body": {"Code": "NoPermission", "Message": "no"}});
    for (flag, action, verb) in
        [("--delete-old=false", "UpdateAccessKey", "disable"), ("--delete-old", "DeleteAccessKey", "delete")]
    {
        let (_cloud, environment) = start(json!({"keys": [{"AccessKeyId": OLD}], action: refusal}));
        let arguments: Vec<_> =
            ["configure", "rotate", flag].into_iter().filter(|word| !word.ends_with("false")).collect();
        let said = environment.fails(&arguments, 1, "NoPermission");
        let beginning = format!(
            "ERROR: the new access key ***001 is in use and works, but the old one {OLD} could not be {verb}d; what is left is to {verb} it at https://ram.console.aliyun.com: "
        );
        assert!(said.starts_with(&beginning), "{said}");
        assert_eq!(keys(&environment), [NEW, NEW, OLD, OTHER]);
    }
}

#[test]
fn rotate_leaves_a_session_key_alone_even_in_a_mode_of_users_keys() {
    let (cloud, environment) = start(only(OLD));
    let mut config = environment.json();
    config["profiles"][1]["sts_token"] = "t".into();
    environment.write_config(&config.to_string());
    let said = environment.fails(&["configure", "rotate", "--profile", "role"], 1, "");
    let expected = "ERROR: profile 'role' (mode 'RamRoleArn') holds no access key of a user, which could be rotated; name one that does with --profile, of the mode AK or RamRoleArn\n";
    assert_eq!((said.as_str(), asked(&cloud)), (expected, Vec::new()));
}

#[test]
fn rotate_takes_the_key_of_the_file_and_no_other() {
    let (cloud, environment) = start(only(OLD));
    let environment = environment
        .var("ALIBABA_CLOUD_ACCESS_KEY_ID", OTHER)
        .var("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "other-secret");
    environment.succeeds(&["configure", "rotate"]);
    assert!(asked(&cloud).iter().all(|line| !line.contains(OTHER)), "{:?}", asked(&cloud));
}

#[test]
fn rotate_makes_no_key_where_the_answers_are_of_no_use() {
    for (action, answer) in [
        ("ListAccessKeys", Answer::ok(json!({"AccessKeys": {"AccessKey": []}}))),
        ("ListAccessKeys", Answer::ok(json!([]))),
        ("GetCallerIdentity", Answer::ok(json!({}))),
        ("CreateAccessKey", Answer::ok(json!({"AccessKey": {"AccessKeyId": NEW}}))),
        ("CreateAccessKey", Answer::dropped()),
    ] {
        let (cloud, environment) = start(only(OLD));
        cloud.reset(fake_cloud::Overrides::none().answer(action, answer), [(OLD, "old-secret")]);
        let before = environment.config();
        environment.fails(&["configure", "rotate"], 1, "");
        assert_eq!(environment.config(), before, "{action}");
    }
}
