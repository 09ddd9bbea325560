//! Commands that look after profiles.

use crate::support::environment::TestEnvironment;

const CHAIN: &str = r#"{"current":"a","profiles":[
    {"name":"a","mode":"AK","access_key_id":"i","access_key_secret":"s","region_id":"r","x":[1]},
    {"name":"b","mode":"ChainableRamRoleArn","source_profile":"a","ram_role_arn":"arn","ram_session_name":"n","region_id":"r"},
    {"name":"a","mode":"AK"}],"z":1}"#;

fn environment() -> TestEnvironment {
    let environment = TestEnvironment::new();
    environment.write_config(CHAIN);
    environment
}

#[test]
fn rename_takes_along_every_profile_of_the_name_and_all_that_names_it() {
    let environment = environment();
    environment.succeeds(&["configure", "rename", "--profile", "a", "--to", "c d"]);
    let config = environment.config();
    assert_eq!(config.matches("\"name\": \"c d\"").count(), 2, "{config}");
    assert!(
        config.contains("\"source_profile\": \"c d\"") && config.contains("\"current\": \"c d\""),
        "{config}"
    );
    assert!(config.contains("\"x\": [1]") && config.contains("\"z\": 1"), "{config}");
}

#[test]
fn a_name_that_cannot_be_taken_leaves_the_file_as_it_is() {
    for command in ["rename", "copy"] {
        for (to, said) in [
            ("b", "there is a profile `b` already"),
            ("a", "there is a profile `a` already"),
            ("x\u{7f}y", "control characters"),
            ("", "the new name of the profile is empty"),
        ] {
            let environment = environment();
            let to = format!("--to={to}");
            environment.fails(&["configure", command, "--profile", "a", &to], 1, said);
            assert_eq!(environment.config(), CHAIN);
        }
        environment().fails(
            &["configure", command, "--profile", "nobody", "--to", "x"],
            1,
            "profile nobody not found",
        );
        environment().fails(&["configure", command, "--to", "x"], 1, "missing --profile <profileName>");
    }
}

#[test]
fn unset_removes_all_that_is_named_or_nothing() {
    let environment = environment();
    for (settings, code, said) in [
        (&["language", "nothing"][..], 1, "there is no setting `nothing`; choices: "),
        (&["language", "access-key-id"], 1, "profile 'a' cannot do without access-key-id"),
        (&["region"], 1, "profile 'a' cannot do without region"),
        (&["mode"], 1, "profile 'a' cannot do without mode"),
        (&[], 2, "SETTING"),
    ] {
        environment.fails(&[&["configure", "unset"], settings].concat(), code, said);
        assert_eq!(environment.config(), CHAIN);
    }
}

#[test]
fn what_unset_offers_for_pasting_runs_nothing_else() {
    let environment = TestEnvironment::new();
    environment.write_config(
        r#"{"current":"a;id","profiles":[{"name":"a;id","mode":"AK","access_key_id":"i","access_key_secret":"s","region_id":"r"}]}"#,
    );
    let remedy = "`aliyun configure delete --profile 'a;id'` removes the profile";
    environment.fails(&["configure", "unset", "mode"], 1, remedy);
}

#[test]
fn names_of_profiles_stand_on_a_line_each_whatever_they_hold() {
    let environment = TestEnvironment::new();
    environment.write_config(r#"{"current":"a","profiles":[{"name":"a\nb"},{"name":"c"}]}"#);
    let run = environment.run_with(&["configure", "list", "-o", "names"], "");
    assert_eq!(run.stdout, "a b\nc\n");
}

#[test]
fn logout_cleans_the_file_though_the_site_cannot_be_reached() {
    let environment = TestEnvironment::new().var("HTTPS_PROXY", "http://127.0.0.1:9");
    environment.write_config(
        r#"{"current":"o","profiles":[{"name":"o","mode":"OAuth","region_id":"r","access_key_id":"STS.x","access_key_secret":"zqSECRET1","sts_token":"zqSECRET2","sts_expiration":4070908800,"oauth_access_token":"zqSECRET3","oauth_refresh_token":"zqSECRET4","oauth_access_token_expire":9,"oauth_site_type":"CN","x":1}]}"#,
    );
    let run = environment.run_with(&["configure", "logout"], "");
    assert_eq!((run.code, run.stdout.as_str()), (0, "logged out o\n"));
    assert!(
        run.stderr.starts_with("WARNING: the login of profile 'o' is removed here, but not revoked: "),
        "{}",
        run.stderr
    );
    let config = environment.config();
    assert!(
        !config.contains("zqSECRET") && !config.contains("STS.x") && !run.stderr.contains("zqSECRET"),
        "{config}"
    );
    assert!(config.contains("\"oauth_site_type\": \"CN\"") && config.contains("\"x\": 1"), "{config}");
    let again = environment.run_with(&["configure", "logout", "--all"], "");
    assert_eq!(
        (again.code, again.stdout.as_str(), again.stderr.as_str()),
        (0, "", "There is no login to end.\n")
    );
    environment.fails(&["configure", "logout", "--all", "--profile", "o"], 1, "--all");
}

const CURRENT: &str = r#"{"current":"a","profiles":[{"name":"a","mode":"AK","access_key_id":"i","access_key_secret":"s","region_id":"r","language":"en"}],"meta_path":""}"#;

#[test]
fn import_refuses_what_is_hostile_and_names_its_line_but_nothing_of_it() {
    let environment = TestEnvironment::new();
    environment.write_config(CURRENT);
    let many = "AccessKey ID,AccessKey Secret\n".to_owned() + &"LTAI5tzqSECRET,zqSECRET\n".repeat(10_000);
    let head = "User Name,AccessKey ID,AccessKey Secret\n";
    for (text, said) in [
        (format!("{head}u,\"LTAI5t\nx\",zqSECRET\n"), "line 2"),
        (format!("{head}=cmd|zqSECRET,LTAI5tx,zqSECRET\n"), "line 2"),
        (format!("{head}u,@zqSECRET(1),zqSECRET\n"), "line 2"),
        (format!("{head}u,LTAI5tx,\"zqSECRET\u{7}\"\n"), "line 2"),
        (format!("{head}u,LTAI5tx,zqSECRET\nv,LTAI5ty\n"), "line 3"),
        (format!("{head}u,LTAI5tx,zqSECRET\n\0\n"), "line 3 holds a NUL"),
        (format!("{head}u,LTAI5tx,zqSECRET\nu,LTAI5ty,zqSECRET\n"), "line 3: a second profile"),
        (many, "more than 1000 rows"),
        (
            "[s]\ntype = sts\naccess_key_id = LTAI5tx\naccess_key_secret = zqSECRET\n".to_owned(),
            "section [s]: security_token is missing",
        ),
        (
            "[s]\ntype = magic\naccess_key_id = zqSECRET\n".to_owned(),
            "section [s]: no mode here has its type",
        ),
        ("[s]\ntype = sts\nzqSECRET\n".to_owned(), "line 3"),
        ("{\"profiles\": zqSECRET}".to_owned(), "line 1"),
        ("zqSECRET".to_owned(), "--from"),
    ] {
        let run = environment.run_with(&["configure", "import", "-", "--profile", "x"], &text);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{said}");
        assert!(run.stderr.contains(said) && !run.stderr.contains("zqSECRET"), "{said}: {}", run.stderr);
        assert_eq!(environment.config(), CURRENT);
    }
}

#[test]
fn import_into_no_file_makes_the_first_profile_current() {
    let environment = TestEnvironment::new();
    let text = "AccessKey ID,AccessKey Secret\nLTAI5tx,s\n";
    environment
        .run_with(&["configure", "import", "-", "--profile", "default", "--region", "cn-beijing"], text);
    let config = environment.config();
    assert!(
        config.contains("\"current\": \"default\"") && config.matches("\"name\"").count() == 1,
        "{config}"
    );
    let list = environment.run_with(&["configure", "list", "-o", "json"], "");
    assert!(list.stdout.contains("\"valid\": true") && list.stdout.contains("cn-beijing"), "{}", list.stdout);
}

#[test]
fn a_dry_import_beside_older_profiles_writes_nothing_at_all() {
    let environment = TestEnvironment::new();
    std::fs::create_dir(environment.home().join(".aliyuncli")).unwrap();
    let older = "[default]\naliyun_access_key_id = i\naliyun_access_key_secret = s\n";
    std::fs::write(environment.home().join(".aliyuncli/credentials"), older).unwrap();
    let text = "AccessKey ID,AccessKey Secret\nLTAI5tx,s\n";
    let run = environment.run_with(&["configure", "import", "-", "--profile", "x", "--dry-run"], text);
    assert_eq!((run.code, run.stdout.as_str()), (0, "would import x (AK)\n"), "{}", run.stderr);
    assert!(!environment.home().join(".aliyun").exists());
}

/// What import says of the environment, and the profile that it makes of it, without the members that each has.
fn imported_from(variables: &[(&str, &str)]) -> (String, serde_json::Value) {
    let environment = TestEnvironment::new();
    environment.write_config(CURRENT);
    let environment =
        variables.iter().fold(environment, |environment, (name, value)| environment.var(name, value));
    let said = environment.succeeds(&["configure", "import", "--from", "env", "--profile", "x"]);
    let mut profile = environment.json()["profiles"][1].take();
    for name in ["name", "mode", "region_id", "output_format", "language"] {
        profile.as_object_mut().unwrap().remove(name);
    }
    (said, profile)
}

#[test]
fn import_takes_over_whatever_mode_the_environment_holds() {
    let role = [
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "provider"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "file"),
        ("ALIBABA_CLOUD_ROLE_ARN", "role"),
    ];
    let of_pod = |name: &str| serde_json::json!({"ram_role_arn": "role", "ram_session_name": name, "oidc_provider_arn": "provider", "oidc_token_file": "file"});
    assert_eq!(imported_from(&role), ("imported x (OIDC)\n".to_owned(), of_pod("aliyun-configure")));
    let named = [&role[..], &[("ALIBABA_CLOUD_ROLE_SESSION_NAME", "pod")]].concat();
    assert_eq!(imported_from(&named), ("imported x (OIDC)\n".to_owned(), of_pod("pod")));
    let key = [
        ("ALICLOUD_ACCESS_KEY_ID", "i"),
        ("ALICLOUD_ACCESS_KEY_SECRET", "s"),
        ("ALIBABACLOUD_ROLE_ARN", "role"),
    ];
    let of_key = serde_json::json!({"access_key_id": "i", "access_key_secret": "s", "ram_role_arn": "role", "ram_session_name": "aliyun-configure"});
    assert_eq!(imported_from(&key), ("imported x (RamRoleArn)\n".to_owned(), of_key));
    for (variable, mode, field) in [
        ("ALIBABA_CLOUD_CREDENTIALS_URI", "CredentialsURI", "credentials_uri"),
        ("ALICLOUD_CREDENTIALS_URI", "CredentialsURI", "credentials_uri"),
        ("ALIBABA_CLOUD_ECS_METADATA", "EcsRamRole", "ram_role_name"),
        ("ALIBABA_CLOUD_BEARER_TOKEN", "BearerToken", "bearer_token"),
    ] {
        let said = format!("imported x ({mode})\n");
        assert_eq!(
            imported_from(&[(variable, "value")]),
            (said, serde_json::json!({field: "value"})),
            "{variable}"
        );
    }
}

#[test]
fn import_refuses_control_characters_of_every_source() {
    let config = |field: &str| format!(r#"{{"profiles":[{{"name":"p","mode":"AK","{field}":"a\nb"}}]}}"#);
    let environment = TestEnvironment::new().var("ALIBABA_CLOUD_BEARER_TOKEN", "a\u{7}b");
    environment.write_config(CURRENT);
    for (source, text, said) in [
        (
            "-",
            config("ram_role_name"),
            "-: profile `p`: the value of ram_role_name holds control characters\n",
        ),
        (
            "-",
            config("access_key_secret"),
            "-: profile `p`: the value of access_key_secret holds control characters\n",
        ),
        (
            "--from=env",
            String::new(),
            "the environment: the value of bearer_token holds control characters\n",
        ),
    ] {
        let run = environment.run_with(&["configure", "import", source, "--profile", "x"], &text);
        assert_eq!((run.code, run.stderr), (1, format!("ERROR: {said}")));
        assert_eq!(environment.config(), CURRENT);
    }
    let pem = environment.run_with(&["configure", "import", "-"], &config("private_key"));
    assert_eq!((pem.code, pem.stdout.as_str()), (0, "imported p (AK)\n"), "{}", pem.stderr);
}

#[test]
fn imported_profiles_go_on_naming_one_another() {
    let environment = TestEnvironment::new();
    environment.write_config(CURRENT);
    let config = r#"{"profiles":[{"name":"a","mode":"AK"},{"name":"b","mode":"ChainableRamRoleArn","source_profile":"a"},{"name":"c","mode":"ChainableRamRoleArn","source_profile":"elsewhere"}]}"#;
    let run = environment.run_with(&["configure", "import", "-", "--prefix", "x-"], config);
    assert_eq!(
        run.stdout,
        "imported x-a (AK)\nimported x-b (ChainableRamRoleArn)\nimported x-c (ChainableRamRoleArn)\n"
    );
    let config = environment.json();
    let sources = [2, 3].map(|at| config["profiles"][at]["source_profile"].as_str().unwrap().to_owned());
    assert_eq!(sources, ["x-a", "elsewhere"]);
}
