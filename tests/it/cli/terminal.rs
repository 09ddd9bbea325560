//! Prompts on a real pseudo-terminal.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::environment::TestEnvironment;
use crate::support::screen::Screen;

#[test]
fn a_secret_is_not_echoed_and_the_other_answers_are() {
    let environment = TestEnvironment::new();
    let screen = Screen::start(&environment, &["configure"]);
    screen.wait_for("Access Key Id []: ");
    // What is shown of the keys is the program's own.
    assert!(!screen.echoes());
    screen.type_keys("LTAIexample\r");
    screen.wait_for("Access Key Secret []: ");
    screen.type_keys("exampleSecret\r");
    screen.wait_for("Default Region Id []: ");
    screen.type_keys("cn-hangzhou\r");
    screen.wait_for("Default Language [zh|en] en: ");
    screen.type_keys("\r");
    let (status, shown) = screen.end();
    assert!(status.success());
    assert!(shown.contains("LTAIexample\r\n") && !shown.contains("exampleSecret"), "{shown}");
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "exampleSecret");
}

#[test]
fn a_secret_that_a_flag_asks_for_is_not_echoed() {
    let environment = TestEnvironment::new();
    let flags = ["--access-key-id", "i", "--access-key-secret", "-", "--region", "r"];
    let screen = Screen::start(&environment, &[&["configure", "set"], flags.as_slice()].concat());
    screen.wait_for("--access-key-secret: ");
    screen.type_keys("exampleSecret\r");
    let (status, shown) = screen.end();
    assert!(status.success() && !shown.contains("exampleSecret"), "{shown}");
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "exampleSecret");
}

#[test]
fn what_is_typed_ahead_is_not_lost() {
    let environment = TestEnvironment::new();
    let screen = Screen::start(&environment, &["configure"]);
    screen.wait_for("Access Key Id []: ");
    screen.type_keys("id\rexampleSecret\rcn-hangzhou\rzh\r");
    let (status, _) = screen.end();
    assert!(status.success());
    let profile = &environment.json()["profiles"][0];
    assert_eq!(
        (&profile["access_key_secret"], &profile["language"]),
        (&"exampleSecret".into(), &"zh".into())
    );
}

#[test]
fn the_end_of_input_at_a_prompt_saves_nothing() {
    let environment = TestEnvironment::new();
    let screen = Screen::start(&environment, &["configure"]);
    screen.wait_for("Access Key Id []: ");
    screen.type_keys("\u{4}");
    let (status, shown) = screen.end();
    assert_eq!(status.code(), Some(1));
    assert!(shown.contains("input ended at the question \"Access Key Id\""), "{shown}");
    assert!(!environment.config_path().exists());
}

#[test]
fn a_change_of_mode_is_pointed_out() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let screen = Screen::start(&environment, &["configure", "--mode", "EcsRamRole"]);
    screen.wait_for(
        "Warning: You are changing the authentication type of profile 'default' from 'AK' to 'EcsRamRole'",
    );
    screen.wait_for("Ecs Ram Role []: ");
    screen.type_keys("\u{3}");
    screen.end();
}

#[test]
fn what_others_can_get_at_is_pointed_out() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let get = || {
        let screen = Screen::start(&environment, &["configure", "get", "region"]);
        let (status, shown) = screen.end();
        assert!(status.success());
        shown
    };
    let set_mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let (config, folder) = (environment.config_path(), environment.home().join(".aliyun"));
    set_mode(&config, 0o600);
    set_mode(&folder, 0o755);
    assert!(!get().contains("WARNING"));
    set_mode(&config, 0o640);
    set_mode(&folder, 0o775);
    let shown = get();
    assert!(
        shown.contains("config.json has mode 0640") && shown.contains(".aliyun has mode 0775"),
        "{shown}"
    );
    assert_eq!(environment.run(&["configure", "get", "region"]).stderr, "");
}

#[test]
fn errors_are_red_on_a_terminal_only() {
    let environment = TestEnvironment::new();
    let (_, shown) = Screen::start(&environment, &["configure", "foo"]).end();
    assert!(shown.contains("\u{1b}[1;31mERROR: 'foo' is not a valid command\r\n\u{1b}[0m"), "{shown:?}");
    assert!(!environment.run(&["configure", "foo"]).stderr.contains('\u{1b}'));
}

#[test]
fn a_confirmation_is_asked_for_on_a_terminal_and_only_yes_passes() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let add = ["configure", "safety-policy", "add", "--pattern", "*", "--action", "confirm"];
    environment.succeeds(&add);
    environment.succeeds(&["configure", "safety-policy", "enable"]);
    for (keys, said) in [
        ("yes\r", "cannot reach sts.aliyuncs.com"),
        ("y\r", "operation cancelled by user"),
        ("\u{4}", "operation cancelled by user"),
    ] {
        let screen = Screen::start(&environment, &["sts", "GetCallerIdentity"]);
        screen.wait_for("Type 'yes' to proceed, anything else to cancel: ");
        screen.type_keys(keys);
        let (status, shown) = screen.end();
        assert_eq!(status.code(), Some(1));
        assert!(shown.contains(said), "{shown}");
    }
}

#[test]
fn what_a_terminal_obeys_is_shown_there_and_left_as_it_is_in_a_pipe() {
    let environment = TestEnvironment::new();
    let name = "it's\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\r";
    let profile = serde_json::json!({"name": name, "mode": "", "region_id": "r"});
    environment.write_config(&serde_json::json!({"current": name, "profiles": [profile]}).to_string());
    fs::set_permissions(environment.config_path(), fs::Permissions::from_mode(0o600)).unwrap();
    let shown_name = r"it's\x1b]0;x\x07\x9b31m\u{202e}\x0d";
    let (_, shown) = Screen::start(&environment, &["configure", "get", "profile"]).end();
    assert_eq!(shown, format!("profile={shown_name}\r\n\r\n"));
    assert_eq!(environment.succeeds(&["configure", "get", "profile"]), format!("profile={name}\n\n"));
    let (_, shown) = Screen::start(&environment, &["sts", "GetCallerIdentity"]).end();
    let quoted = format!("'{}'", shown_name.replace('\'', r"'\''"));
    assert!(shown.contains(&format!("run `aliyun configure --profile {quoted}` first")), "{shown}");
    assert!(!shown.contains(['\u{7}', '\u{9b}', '\u{202e}']), "{shown:?}");
}

#[test]
fn a_profile_that_the_environment_names_is_pointed_out_where_another_one_is_changed() {
    let environment =
        TestEnvironment::with_profiles(&["default", "work"]).var("ALIBABA_CLOUD_PROFILE", "work");
    let set = ["configure", "set", "--profile", "default", "--region", "cn-beijing"];
    let switch = ["configure", "switch", "--profile", "default"];
    let delete = ["configure", "delete", "--profile", "default"];
    for arguments in [&set[..], &switch, &delete] {
        let (status, shown) = Screen::start(&environment, arguments).end();
        let warning = "WARNING: ALIBABA_CLOUD_PROFILE names the profile 'work', which calls use whatever this command does to 'default'; to do without: unset ALIBABA_CLOUD_PROFILE\r\n";
        assert!(status.success() && shown.contains(warning), "{shown}");
    }
    let (_, shown) = Screen::start(&environment, &["configure", "switch", "--profile", "work"]).end();
    assert!(!shown.contains("ALIBABA_CLOUD_PROFILE"), "{shown}");
    assert_eq!(
        environment
            .run(&["configure", "set", "--profile", "new", "--mode", "Anonymous", "--region", "r"])
            .stderr,
        ""
    );
}

#[test]
fn a_mistyped_region_and_language_are_asked_about_once() {
    let environment = TestEnvironment::new();
    let screen = Screen::start(&environment, &["configure"]);
    for (question, keys) in [
        ("Access Key Id []: ", "i\r"),
        ("Access Key Secret []: ", "s\r"),
        ("Default Region Id []: ", "cn-hangzu\r"),
        ("Did you mean cn-hangzhou? Enter keeps it.\r\nDefault Region Id []: ", "\r"),
        ("Default Language [zh|en] en: ", "de\r"),
        ("'de' is no language: zh or en.\r\nDefault Language [zh|en] en: ", "zh\r"),
    ] {
        screen.wait_for(question);
        screen.type_keys(keys);
    }
    assert!(screen.end().0.success());
    let profile = &environment.json()["profiles"][0];
    assert_eq!((&profile["region_id"], &profile["language"]), (&"cn-hangzu".into(), &"zh".into()));
}
