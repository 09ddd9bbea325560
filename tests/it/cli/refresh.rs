//! Many processes that find one login over at the same time.

use std::process::{Command, Stdio};
use std::time::Duration;

use fake_cloud::{Answer, FakeCloud, Listeners, Overrides};
use serde_json::json;

use crate::support::environment::{TestEnvironment, run_of};

#[test]
fn of_twenty_that_find_a_login_over_one_renews_it_and_all_go_on() {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    // A refresh token serves once: whoever sends it a second time is refused.
    let fresh = json!({"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": 3600});
    let once = Overrides::none()
        .answer("POST /v1/token", Answer::ok(fresh).delay(Duration::from_millis(300)))
        .answer("POST /v1/token", Answer::status(400).body(json!({"error": "invalid_grant"})));
    cloud.reset(once, [("unused", "unused")]);
    let environment = TestEnvironment::new();
    let profile = json!({
        "name": "p", "mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": "access-1",
        "oauth_refresh_token": "refresh-1", "oauth_access_token_expire": 1000, "region_id": "cn-hangzhou",
    });
    environment.write_config(&json!({"current": "p", "profiles": [profile]}).to_string());
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_aliyun"))
            .args(["sts", "get-caller-identity"])
            .env_clear()
            .envs(environment.variables())
            .env("HTTPS_PROXY", cloud.proxy_url().unwrap())
            .env("SSL_CERT_FILE", cloud.ca_file())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let storm: Vec<_> = (0..20).map(|_| start()).collect();
    for process in storm {
        let run = run_of(process.wait_with_output().unwrap());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        assert!(run.stdout.contains("\"IdentityType\""), "{}", run.stdout);
    }
    let refreshes = cloud.requests().iter().filter(|request| request["path"] == "/v1/token").count();
    assert_eq!(refreshes, 1);
    let stored = &environment.json()["profiles"][0];
    assert_eq!(stored["oauth_refresh_token"], "refresh-2");
    assert_eq!(stored["access_key_id"], "STS.oauth");
}
