//! The settings beside the config file.

use std::fs;
use std::path::Path;

use snapbox::{IntoData, assert_data_eq, str};

use crate::support::environment::TestEnvironment;

#[test]
fn config_path_means_the_folder_of_that_file() {
    let environment = TestEnvironment::new();
    let path = environment.home().join("new/folder/config.json");
    let path = path.to_str().unwrap();
    for group in ["ai-mode", "safety-policy"] {
        environment.succeeds(&["configure", group, "enable", "--config-path", path]);
        let written = environment.home().join(format!("new/folder/{group}.json"));
        assert!(fs::read_to_string(written).unwrap().contains("\"enabled\": true"));
    }
    let shown = environment.succeeds(&["configure", "ai-mode", "--config-path", path]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let file = Path::new(shown["config_file"].as_str().unwrap());
    assert_eq!(file, environment.home().join("new/folder/ai-mode.json"));
    assert!(!environment.home().join(".aliyun").exists());
}

#[test]
fn plugin_settings_are_those_of_the_user_and_take_no_config_path() {
    let environment = TestEnvironment::new();
    let about = "invalid flag --config-path; available flags: --help";
    environment.fails(&["configure", "plugin-settings", "show", "--config-path", "x"], 2, about);
    environment.fails(&["--config-path", "x", "configure", "plugin-settings"], 2, about);
}

#[test]
fn ossutil_keeps_its_numbers_and_is_put_in_order() {
    let environment = TestEnvironment::new();
    let json = r#"{"z":12345678901234567890,"a":{"d":1e5,"c":"<é>"}}"#;
    environment.succeeds(&["configure", "ai-mode", "set-ossutil", "--ossutil", json]);
    let file = environment.home().join(".aliyun/ai-mode.json");
    assert_data_eq!(
        fs::read_to_string(&file).unwrap(),
        str![[r#"
{
	"enabled": false,
	"ossutil": {
		"a": {
			"c": "\u003cé\u003e",
			"d": 1e5
		},
		"z": 12345678901234567890
	}
}
"#]]
        .raw()
    );
    environment.succeeds(&["configure", "ai-mode", "set-ossutil", "--ossutil", "null"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "{\n\t\"enabled\": false\n}");
}

#[test]
fn json_that_is_none_is_refused_without_its_text() {
    let environment = TestEnvironment::new();
    for json in ["{hidden", "hidden", "{\"a\":1} hidden"] {
        let set = ["configure", "ai-mode", "set-ossutil", "--ossutil", json];
        let said = environment.fails(&set, 1, "invalid JSON for --ossutil: ");
        assert!(!said.contains("hidden"), "{said}");
    }
    assert!(!environment.home().join(".aliyun").exists());
}

#[test]
fn a_broken_settings_file_is_named_and_stays() {
    let environment = TestEnvironment::new();
    fs::create_dir(environment.home().join(".aliyun")).unwrap();
    for (group, change) in [("ai-mode", "enable"), ("safety-policy", "disable"), ("plugin-settings", "clear")]
    {
        let file = environment.home().join(format!(".aliyun/{group}.json"));
        fs::write(&file, "{\"hidden\"").unwrap();
        for command in ["show", change] {
            let said = environment.fails(&["configure", group, command], 1, &format!("{group}.json"));
            assert!(said.contains("line 1 column 9") && !said.contains("hidden"), "{said}");
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), "{\"hidden\"");
    }
}

#[cfg(unix)]
#[test]
fn settings_files_are_private_and_their_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let environment = TestEnvironment::new();
    environment.succeeds(&["configure", "ai-mode", "enable"]);
    let mode = |name: &str| fs::metadata(environment.home().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(".aliyun"), mode(".aliyun/ai-mode.json")), (0o700, 0o600));
    symlink("../policy.json", environment.home().join(".aliyun/safety-policy.json")).unwrap();
    environment.succeeds(&["configure", "safety-policy", "enable"]);
    assert!(environment.home().join(".aliyun/safety-policy.json").is_symlink());
    assert_eq!(mode("policy.json"), 0o600);
}

#[test]
fn parallel_changes_all_last() {
    let environment = TestEnvironment::new();
    std::thread::scope(|scope| {
        for number in 0..16 {
            let environment = &environment;
            scope.spawn(move || {
                let pattern = format!("p{number}:*");
                let add = ["configure", "safety-policy", "add", "--action", "deny", "--pattern", &pattern];
                environment.succeeds(&add);
            });
        }
    });
    let listed = environment.succeeds(&["configure", "safety-policy", "list"]);
    assert_eq!(listed.matches("-> deny").count(), 16, "{listed}");
}
