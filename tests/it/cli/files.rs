//! What bad files and folders lead to: one error that names them, and nothing changed.

use std::fs;

use crate::support::environment::{TestEnvironment, ak_profile};

const COMMANDS: &[&[&str]] = &[
    &["configure", "list"],
    &["configure", "get"],
    &["configure", "set", "--region", "cn-beijing"],
    &["configure", "switch", "--profile", "a"],
    &["configure", "delete", "--profile", "a"],
    &["configure"],
    &["sts", "GetCallerIdentity"],
];

#[test]
fn a_file_that_cannot_be_read_is_named_and_stays_as_it_is() {
    for text in [
        "",
        "{",
        "[]",
        "{\"current\":\"a\",\n\"profiles\":[{\"name\":\"hidden\",\"expired_seconds\":\"x\"}]}",
    ] {
        let environment = TestEnvironment::new();
        environment.write_config(text);
        for command in COMMANDS {
            let said = environment.fails(command, 1, "config.json");
            assert!(said.contains("line ") && !said.contains("hidden"), "{said}");
            assert_eq!(environment.config(), text);
        }
    }
}

#[test]
fn a_folder_or_a_file_in_the_wrong_place_is_named() {
    for command in COMMANDS {
        let environment = TestEnvironment::new();
        fs::create_dir_all(environment.config_path()).unwrap();
        environment.fails(command, 1, "config.json");
        let environment = TestEnvironment::new();
        fs::write(environment.home().join(".aliyun"), "x").unwrap();
        environment.fails(command, 1, "config.json");
        assert_eq!(fs::read_to_string(environment.home().join(".aliyun")).unwrap(), "x");
    }
}

#[test]
fn bytes_that_are_no_text_are_an_error_that_says_where() {
    let environment = TestEnvironment::new();
    fs::create_dir(environment.home().join(".aliyun")).unwrap();
    fs::write(environment.config_path(), b"{\"cur\xff").unwrap();
    environment.fails(&["configure", "list"], 1, "not UTF-8 from byte 5 on");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_home_of_the_account_either_every_command_says_what_to_set() {
    use crate::support::namespace::{in_namespace, said};
    let environment = TestEnvironment::with_profiles(&["p"]);
    let run = |command: &[&str]| {
        let nobody = "for file in /etc/passwd /etc/nsswitch.conf; do test ! -e $file || mount --bind /dev/null $file; done";
        let script = format!("{nobody}\nunset HOME\nexec \"$1\" '{}'", command.join("' '"));
        in_namespace("without_a_home", &environment, &script)
    };
    for command in COMMANDS {
        let Some(output) = run(command) else { return };
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("HOME") && said.contains("--config-path"), "{said}");
    }
    assert!(run(&["version"]).unwrap().status.success());
}

#[cfg(unix)]
#[test]
fn the_file_gets_mode_0600_and_its_folder_0700() {
    use std::os::unix::fs::PermissionsExt;
    let environment = TestEnvironment::new();
    let set = ["configure", "set", "--access-key-id", "i", "--access-key-secret", "s", "--region", "r"];
    environment.succeeds(&set);
    let mode = |path: std::path::PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(environment.config_path()), 0o600);
    assert_eq!(mode(environment.home().join(".aliyun")), 0o700);
    fs::set_permissions(environment.config_path(), PermissionsExt::from_mode(0o644)).unwrap();
    environment.succeeds(&["configure", "switch", "--profile", "default"]);
    assert_eq!(mode(environment.config_path()), 0o600);
}

#[cfg(unix)]
#[test]
fn links_stay_and_their_target_is_replaced() {
    use std::os::unix::fs::symlink;
    let environment = TestEnvironment::with_profiles(&["a", "b"]);
    let (folder, real) =
        (environment.home().join("elsewhere"), environment.home().join("elsewhere/real.json"));
    fs::create_dir(&folder).unwrap();
    fs::rename(environment.config_path(), &real).unwrap();
    symlink("../elsewhere/hop.json", environment.config_path()).unwrap();
    symlink("real.json", folder.join("hop.json")).unwrap();
    environment.succeeds(&["configure", "switch", "--profile", "b"]);
    assert!(fs::symlink_metadata(environment.config_path()).unwrap().is_symlink());
    assert!(fs::symlink_metadata(folder.join("hop.json")).unwrap().is_symlink());
    assert!(fs::read_to_string(real).unwrap().contains("\"current\": \"b\""));
}

#[cfg(unix)]
#[test]
fn a_ring_of_links_is_an_error() {
    use std::os::unix::fs::symlink;
    let environment = TestEnvironment::new();
    fs::create_dir(environment.home().join(".aliyun")).unwrap();
    symlink("config.json", environment.config_path()).unwrap();
    environment.fails(&["configure", "set", "--region", "r"], 1, "config.json");
}

#[test]
fn config_path_names_the_only_file_that_is_touched() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let before = environment.config();
    let other = environment.home().join("new/other.json");
    let path = other.to_str().unwrap();
    let set = ["configure", "set", "--config-path", path, "--access-key-id", "i", "--access-key-secret", "s"];
    environment.succeeds(&[&set, ["--region", "r", "--profile", "q"].as_slice()].concat());
    assert!(environment.succeeds(&["configure", "list", "--config-path", path]).contains("\nq * "));
    environment.succeeds(&["configure", "delete", "--profile", "q", "--config-path", path]);
    assert_eq!(environment.config(), before);
}

#[test]
fn older_profiles_are_taken_over_once() {
    let environment = TestEnvironment::new();
    let folder = environment.home().join(".aliyuncli");
    fs::create_dir(&folder).unwrap();
    let credentials = "[profile dev]\naliyun_access_key_id = i;d\naliyun_access_key_secret = s\\n#=\n[empty]\naliyun_access_key_id = x\n";
    fs::write(folder.join("credentials"), credentials).unwrap();
    fs::write(folder.join("configure"), "[profile dev]\nregion = us-west-1\n").unwrap();
    environment.succeeds(&["configure", "list"]);
    let mut dev = ak_profile("dev");
    dev.as_object_mut().unwrap().remove("language");
    dev["access_key_id"] = "i;d".into();
    dev["access_key_secret"] = "s\\n#=".into();
    dev["region_id"] = "us-west-1".into();
    let want = serde_json::json!({"current": "dev", "profiles": [dev], "meta_path": ""});
    assert_eq!(environment.json(), want);
    fs::write(folder.join("credentials"), "[broken").unwrap();
    environment.succeeds(&["configure", "list"]);
}
