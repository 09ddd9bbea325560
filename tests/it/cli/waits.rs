//! What somebody at a terminal is told while the program waits, and after a check that failed.

#![cfg(unix)]

use std::fs::File;
use std::time::Duration;

use fake_cloud::{Answer, FakeCloud, Json, Listeners, Overrides};
use serde_json::json;

use crate::support::environment::TestEnvironment;
use crate::support::screen::Screen;

const CALL: [&str; 2] = ["sts", "GetCallerIdentity"];

#[test]
fn a_slow_helper_and_a_slow_server_are_named_at_a_terminal_only() {
    let environment = TestEnvironment::new();
    let helper = json!({"name": "p", "mode": "External", "process_command": "sleep 2", "region_id": "r"});
    environment.write_config(&json!({"current": "p", "profiles": [helper]}).to_string());
    let (_, shown) = Screen::start(&environment, &CALL).end();
    assert_eq!(shown.matches("Waiting for the helper sleep ...").count(), 1, "{shown}");
    assert!(!environment.run(&CALL).stderr.contains("Waiting"));
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let environment = TestEnvironment::with_profiles(&["default"])
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    let slow = Answer::ok(Json::object([])).delay(Duration::from_secs(2));
    cloud.reset(Overrides::none().answer("GetCallerIdentity", slow), [("LTAIdefault", "exampleSecret")]);
    let (_, shown) = Screen::start(&environment, &CALL).end();
    assert_eq!(shown.matches("Waiting for sts.aliyuncs.com ...").count(), 1, "{shown}");
}

#[test]
fn a_locked_file_is_named_at_a_terminal() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let lock = File::open(environment.config_path()).unwrap();
    lock.lock().unwrap();
    let screen = Screen::start(&environment, &["configure", "switch", "--profile", "default"]);
    screen.wait_for(&format!("Waiting for {}, which ", environment.config_path().display()));
    drop(lock);
    let (status, shown) = screen.end();
    assert!(status.success() && shown.contains("The default profile is `default` now."), "{shown}");
}

#[test]
fn a_refresh_by_another_program_is_named_at_a_terminal() {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let fresh = json!({"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": 3600});
    let slow = Answer::ok(fresh).delay(Duration::from_secs(6));
    cloud.reset(Overrides::none().answer("POST /v1/token", slow), [("", "")]);
    let environment = TestEnvironment::new()
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    let profile = json!({
        "name": "p", "mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": "access-1",
        "oauth_refresh_token": "refresh-1", "oauth_access_token_expire": 1000, "region_id": "cn-hangzhou",
    });
    environment.write_config(&json!({"current": "p", "profiles": [profile]}).to_string());
    let both = [(); 2].map(|()| Screen::start(&environment, &CALL));
    let mut waits: Vec<_> = both
        .into_iter()
        .map(|screen| {
            let (status, shown) = screen.end();
            assert!(status.success(), "{shown}");
            shown.lines().find(|line| line.starts_with("Waiting for ")).unwrap_or_default().trim().to_owned()
        })
        .collect();
    waits.sort_unstable();
    assert_eq!(waits, ["Waiting for oauth.aliyun.com ...", "Waiting for the refresh by another program ..."]);
}

fn answer(screen: &Screen, answers: &[(&str, &str)]) {
    for (question, keys) in answers {
        screen.wait_for(question);
        screen.type_keys(keys);
    }
}

#[test]
fn a_check_that_fails_offers_the_old_values_again() {
    for (keys, key) in [
        ("\r", "LTAInew"),
        ("n\r", "LTAInew"),
        ("yno\r", "LTAInew"),
        ("\u{4}", "LTAInew"),
        ("y\r", "LTAIdefault"),
        ("Y\r", "LTAIdefault"),
        ("yes\r", "LTAIdefault"),
    ] {
        let environment = TestEnvironment::with_profiles(&["default"]);
        let screen = Screen::start(&environment, &["configure"]);
        let questions = [
            ("Access Key Id [", "LTAInew\r"),
            ("Access Key Secret [", "newSecret\r"),
            ("Default Region Id [", "\r"),
            ("Default Language [zh|en] ", "\r"),
            ("Put the old values of profile 'default' back? [y/N]: ", keys),
        ];
        answer(&screen, &questions);
        let (status, shown) = screen.end();
        assert!(status.success(), "{shown}");
        assert_eq!(environment.json()["profiles"][0]["access_key_id"], key, "{keys:?}: {shown}");
        assert!(shown.find("Checking...") < shown.find("!!! Configure Failed"), "{shown}");
        assert!(shown.contains("  unset HTTPS_PROXY"), "{shown}");
    }
}

#[test]
fn a_new_profile_has_no_old_values() {
    let environment = TestEnvironment::new();
    let screen = Screen::start(&environment, &["configure"]);
    let questions = [
        ("Access Key Id [", "LTAInew\r"),
        ("Access Key Secret [", "newSecret\r"),
        ("Default Region Id [", "cn-hangzhou\r"),
        ("Default Language [zh|en] ", "\r"),
    ];
    answer(&screen, &questions);
    let (_, shown) = screen.end();
    assert!(shown.contains("Checking...") && !shown.contains("old values"), "{shown}");
}
