//! `configure check`: what it finds, whatever state the file is in.

use std::ffi::OsString;
use std::fs;

use aliyun_configure::{FakeHost, Stream, cli};
use fake_cloud::{FakeCloud, Listeners, Overrides};
use serde_json::{Value, json};

use crate::support::environment::{Run, TestEnvironment};

const CHECK: &[&str] = &["configure", "check"];

fn with_profile(profile: &Value) -> TestEnvironment {
    let environment = TestEnvironment::new();
    let config = json!({"current": "p", "profiles": [profile], "meta_path": ""});
    environment.write_config(&config.to_string());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(environment.config_path(), fs::Permissions::from_mode(0o600)).unwrap();
    }
    environment
}

fn ak() -> Value {
    json!({"name": "p", "mode": "AK", "access_key_id": "LTAIexample", "access_key_secret": "exampleSecret",
        "region_id": "cn-hangzhou", "output_format": "json", "language": "en"})
}

/// Returns the findings of a level, each as its area and message, and the remedy.
fn findings(environment: &TestEnvironment, arguments: &[&str], level: &str) -> Vec<String> {
    let run = environment.run(&[CHECK, &["--output", "json"], arguments].concat());
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let found = report["findings"].as_array().unwrap();
    let has_error = found.iter().any(|finding| finding["level"] == "error");
    assert_eq!((run.code, run.stderr.as_str()), (i32::from(has_error), ""), "{}", run.stdout);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let line = |finding: &Value| {
        let parts = ["area", "message", "remedy"].map(|name| text(&finding[name]));
        parts.join(" | ")
    };
    found.iter().filter(|finding| finding["level"] == level).map(line).collect()
}

#[test]
fn check_explains_a_profile_that_works_a_line_a_finding() {
    let environment = with_profile(&ak());
    let said =
        environment.succeeds(CHECK).replace(environment.config_path().to_str().unwrap(), "config.json");
    let (tools, rest): (Vec<_>, Vec<_>) = said.lines().partition(|line| line.contains("  tools  "));
    let expected = [
        "ok       file         config.json is read",
        "ok       profile      p: the profile is p (current)",
        "ok       mode         p: p has all that the mode AK needs",
        "value    p: mode = AK (profile)",
        "value    p: access_key_id = ***ple (profile)",
        "value    p: access_key_secret = ***ret (profile)",
        "value    p: region_id = cn-hangzhou (profile)",
        "value    p: output_format = json (profile)",
        "value    p: language = en (profile)",
    ];
    assert_eq!(rest, expected);
    assert_eq!(tools.len(), 12);
    assert!(tools.contains(&"ok       tools        p: ossutil does not read it (mode AK)"), "{tools:?}");
}

#[test]
fn check_speaks_the_language_of_the_profile() {
    let mut profile = ak();
    profile["language"] = "zh".into();
    let said = with_profile(&profile).succeeds(CHECK);
    assert!(said.contains("ok       profile      p: 使用的配置集是 p（current）\n"), "{said}");
}

#[test]
fn check_fails_for_nothing_that_it_is_there_to_explain() {
    let fits = |run: &Run| run.code == 1 && run.stderr.is_empty() && run.stdout.starts_with("error ");
    let run = TestEnvironment::new().run(CHECK);
    assert!(fits(&run) && run.stdout.ends_with("; mend it with: aliyun configure\n"), "{run:?}");
    for text in ["", "{", "[]", r#"{"profiles": 1}"#, "\u{0}", r#"{"profiles": [{"access_key_secret": 7}]}"#]
    {
        let environment = TestEnvironment::new();
        environment.write_config(text);
        let run = environment.run(CHECK);
        assert!(fits(&run) && run.stdout.contains("config.json"), "{text}: {run:?}");
        assert_eq!(environment.config(), text);
    }
    let environment = TestEnvironment::new();
    fs::create_dir_all(environment.config_path()).unwrap();
    assert!(fits(&environment.run(CHECK)));
}

#[test]
fn check_explains_that_there_is_no_home() {
    let host = FakeHost::new();
    let code = cli::main(["configure", "check"].map(OsString::from).into(), &host);
    let said = "error    file         no home folder: set HOME, or name the file with --config-path\n";
    assert_eq!(
        (code, host.written(Stream::Stdout), host.written(Stream::Stderr)),
        (1, said.into(), String::new())
    );
}

#[test]
fn check_names_what_it_does_not_know_at_the_top_of_the_file_and_in_profiles() {
    let mut profile = ak();
    profile["later"] = "x".into();
    let environment = with_profile(&profile);
    let mut config = environment.json();
    config["plugins"] = json!({"secret": "exampleSecret"});
    config["later_here"] = json!(1);
    environment.write_config(&config.to_string());
    let said = "file | this version does not know these fields, and keeps them as they are";
    let expected = [format!("{said}: later_here, plugins | "), format!("{said}: later | ")];
    assert_eq!(findings(&environment, &[], "warning"), expected);
}

#[test]
fn check_says_why_two_programs_act_as_two_users() {
    let environment = with_profile(&ak())
        .var("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIother")
        .var("ALICLOUD_ACCESS_KEY_ID", "LTAIexample")
        .var("REGION", "cn-beijing")
        .var("ALIBABA_CLOUD_PROFILE", "p");
    let expected = [
        "environment | REGION is set, but counts for nothing: there is a stronger value for region_id | ",
        "environment | ALIBABA_CLOUD_ACCESS_KEY_ID is set to something else: every SDK that looks there before the config file acts as somebody else | unset ALIBABA_CLOUD_ACCESS_KEY_ID",
    ];
    assert_eq!(findings(&environment, &[], "warning"), expected);
    let fine = findings(&environment, &[], "ok").join("\n");
    assert!(fine.contains("ALICLOUD_ACCESS_KEY_ID is set, but counts for nothing"), "{fine}");
    assert!(fine.contains("the profile is p (environment ALIBABA_CLOUD_PROFILE)"), "{fine}");
}

#[test]
fn check_recognises_a_file_that_an_sdk_wrote_back_and_says_what_it_lost() {
    let environment = TestEnvironment::new();
    let profiles = [
        json!({"name": "p", "mode": "OAuth", "oauth_site_type": "CN", "region_id": "r"}),
        json!({"name": "rsa", "mode": "RsaKeyPair"}),
    ];
    environment.write_config(&json!({"current": "p", "profiles": profiles}).to_string());
    let found = findings(&environment, &[], "warning");
    let lost: Vec<_> = found.iter().filter(|line| line.contains("wrote it back")).collect();
    let said = "file | the file looks as if an SDK or Terraform wrote it back, which drops settings; this profile lacks";
    assert_eq!(
        lost,
        [
            &format!("{said}: output_format, language | aliyun configure --profile p"),
            &format!(
                "{said}: private_key, key_pair_name, region_id, output_format, language | aliyun configure --profile rsa"
            ),
        ]
    );
    assert!(findings(&with_profile(&ak()), &[], "warning").is_empty());
}

#[test]
fn check_tells_a_login_that_is_over_from_a_session_that_lasts() {
    let sso = |token_end: i64, session_end: i64| {
        json!({"name": "p", "mode": "CloudSSO", "region_id": "r", "language": "en", "output_format": "json",
            "cloud_sso_sign_in_url": "https://signin-cn-shanghai.alibabacloudsso.com/a/login",
            "cloud_sso_account_id": "1", "cloud_sso_access_config": "a", "access_token": "t",
            "cloud_sso_access_token_expire": token_end, "access_key_id": "STS.i", "access_key_secret": "s",
            "sts_token": "t", "sts_expiration": session_end})
    };
    let (past, future) = (1000, 4_070_908_800);
    let over = "mode | the login of p is over, or was never completed | aliyun configure --profile p";
    let count = |profile: &Value, level: &str| {
        findings(&with_profile(profile), &[], level).iter().filter(|line| *line == over).count()
    };
    assert_eq!([count(&sso(past, past), "error"), count(&sso(past, future), "warning")], [1, 1]);
    let fine = findings(&with_profile(&sso(future, past)), &[], "ok").join("\n");
    assert!(fine.contains("the login or token lasts until 2099-01-01T00:00:00Z"), "{fine}");
    assert!(
        fine.contains("the cached session ended at 1970-01-01T00:16:40Z; the next call renews it"),
        "{fine}"
    );
}

#[test]
fn check_finds_a_token_file_whose_token_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    // The claims are {"exp":1000}.
    fs::write(&file, "e30.eyJleHAiOjEwMDB9.c2ln").unwrap();
    let profile = json!({"name": "p", "mode": "OIDC", "oidc_provider_arn": "a", "ram_role_arn": "r",
        "oidc_token_file": file, "ram_session_name": "s", "region_id": "r"});
    let path = file.display();
    let expected = format!("mode | the token in {path} expired at 1970-01-01T00:16:40Z | ");
    assert_eq!(findings(&with_profile(&profile), &[], "error"), [expected]);
}

#[test]
fn check_finds_a_key_file_that_is_not_there_and_what_a_source_lacks() {
    let key = json!({"name": "p", "mode": "RsaKeyPair", "private_key": "/no/such/key", "key_pair_name": "k",
        "region_id": "r"});
    // Systems say it in words of their own.
    let cause = fs::File::open("/no/such/key").unwrap_err();
    let expected = format!(
        "mode | InvalidPath: Can not open PrivateKeyFile, the file that private_key names: {cause} | "
    );
    assert_eq!(findings(&with_profile(&key), &[], "error"), [expected]);
    let environment = TestEnvironment::new();
    let config = json!({"current": "p", "profiles": [
        {"name": "p", "mode": "ChainableRamRoleArn", "source_profile": "o", "ram_role_arn": "a",
            "ram_session_name": "s", "region_id": "r", "output_format": "json", "language": "en"},
        {"name": "o", "mode": "OAuth", "oauth_site_type": "CN", "region_id": "r", "output_format": "json",
            "language": "en"},
    ]});
    environment.write_config(&config.to_string());
    let expected = "mode | the login of o is over, or was never completed | aliyun configure --mode OAuth --oauth-site-type CN --profile o";
    assert_eq!(findings(&environment, &[], "error"), [expected]);
}

#[test]
fn what_mends_a_mode_is_a_mode_that_there_is() {
    for (mode, command) in [
        ("ak", "aliyun configure --profile p --mode AK"),
        ("magic", "aliyun configure --profile p --mode MODE"),
        ("", "aliyun configure --profile p"),
    ] {
        let profile = json!({"name": "p", "mode": mode, "region_id": "r"});
        let [error] = findings(&with_profile(&profile), &[], "error").try_into().unwrap();
        assert_eq!(error.rsplit_once(" | ").unwrap().1, command);
    }
}

#[test]
fn check_names_the_role_of_a_pod_that_sdks_prefer() {
    let role = [
        ("ALIBABA_CLOUD_ROLE_ARN", "role"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "provider"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "file"),
    ];
    let of = |variables: &[(&str, &str)]| {
        let set = |environment: TestEnvironment, (name, value): &(&str, &str)| environment.var(name, value);
        findings(&variables.iter().fold(with_profile(&ak()), set), &[], "warning")
    };
    let named = of(&role);
    assert_eq!(named.len(), 3, "{named:?}");
    for (name, _) in role {
        let expected = format!("environment | {name} is set to something else: every SDK");
        assert!(named.iter().any(|line| line.starts_with(&expected)), "{named:?}");
    }
    assert!(of(&role[..2]).is_empty());
}

#[test]
fn a_live_check_says_who_one_is_and_renews_nothing() {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    cloud.reset(Overrides::none(), [("LTAIexample", "exampleSecret")]);
    let in_cloud = |profile: &Value| {
        with_profile(profile)
            .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
            .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap())
    };
    let fine = findings(&in_cloud(&ak()), &["--live"], "ok").join("\n");
    assert!(
        fine.contains("live | the service knows it as acs:ram::1234567890123456:user/tester, and"),
        "{fine}"
    );
    assert!(fine.contains("live | this clock differs from the service's by "), "{fine}");
    cloud.reset(Overrides::none(), [("LTAIexample", "exampleSecret")]);
    let login = json!({"name": "p", "mode": "OAuth", "oauth_site_type": "CN", "region_id": "r",
        "language": "en", "oauth_refresh_token": "refresh"});
    let environment = in_cloud(&login);
    let before = environment.config();
    let found = findings(&environment, &["--live"], "warning");
    let expected = "live | a call would renew the session, which changes the config file, so none was made | aliyun sts GetCallerIdentity --profile p";
    assert_eq!(found, [expected]);
    assert_eq!((environment.config(), cloud.requests()), (before, Vec::new()));
}

#[test]
fn a_live_check_without_a_network_is_an_error_that_names_the_service() {
    let environment = with_profile(&ak()).var("HTTPS_PROXY", "http://127.0.0.1:9");
    let found = findings(&environment, &["--live"], "error");
    assert!(found.len() == 1 && found[0].starts_with("live | cannot reach sts.aliyuncs.com: "), "{found:?}");
}
