use crate::support::environment::TestEnvironment;

#[test]
fn get_prints_settings_in_the_order_asked_and_masks_keys() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    assert_eq!(
        environment.succeeds(&["configure", "get", "access-key-secret", "nothing", "mode", "retry-count"]),
        "access-key-secret=**********ret\nmode=AK\nretry-count=\n\n"
    );
    assert_eq!(environment.succeeds(&["configure", "get", "region"]), "cn-hangzhou\n");
}

#[test]
fn get_without_a_file_says_how_to_make_one() {
    let environment = TestEnvironment::new();
    environment.fails(&["configure", "get"], 1, "Run `aliyun configure` to set up");
    let custom = ["configure", "get", "--config-path", "none.json"];
    environment.fails(&custom, 1, "config path input does not exist: none.json");
}

#[test]
fn a_profile_of_the_environment_that_is_not_there_is_an_empty_one() {
    let environment = TestEnvironment::with_profiles(&["default"]).var("ALIBABA_CLOUD_PROFILE", "zz");
    assert_eq!(
        environment.succeeds(&["configure", "get"]),
        "{\n\t\"name\": \"zz\",\n\t\"mode\": \"\"\n}\n\n"
    );
}

#[test]
fn list_needs_a_file() {
    let environment = TestEnvironment::new();
    let file = environment.config_path();
    let said = environment.fails(&["configure", "list"], 1, "");
    assert_eq!(
        said,
        format!("ERROR: load configure failed: stat {}: no such file or directory\n", file.display())
    );
    assert!(!file.exists());
}

#[test]
fn control_characters_of_a_name_do_not_reach_the_terminal() {
    let environment = TestEnvironment::with_profiles(&["a\u{1b}[31m\n\tb"]);
    let table = environment.succeeds(&["configure", "list"]);
    assert!(table.contains("a [31m  b *"), "{table}");
}

#[test]
fn version_is_that_of_the_interface_and_the_flag_tells_our_own() {
    let environment = TestEnvironment::new();
    environment.write_config("broken");
    assert_eq!(environment.succeeds(&["version"]), "3.4.11\n");
    let own = format!("aliyun-configure {} (compatible with aliyun 3.4.11)\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(environment.succeeds(&["--version"]), own);
    assert!(environment.succeeds(&["configure", "--help"]).contains("\nCommands:\n"));
    assert!(environment.succeeds(&[]).contains("configure"));
}

#[test]
fn delete_takes_every_profile_of_a_name() {
    let environment = TestEnvironment::with_profiles(&["a", "b", "a"]);
    environment.succeeds(&["configure", "delete", "--profile", "a"]);
    assert_eq!(environment.json()["current"], "b");
    assert_eq!(environment.json()["profiles"].as_array().unwrap().len(), 1);
    environment.succeeds(&["configure", "delete", "--profile", "b"]);
    assert_eq!(environment.json()["current"], "default");
    assert_eq!(environment.json()["profiles"], serde_json::json!([]));
}
