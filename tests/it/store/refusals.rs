//! Folders that refuse: full ones and read-only ones, in mount namespaces, since they refuse root as well.

use std::fs;

use crate::support::environment::TestEnvironment;
use crate::support::files::names;
use crate::support::namespace::{in_namespace, said};

const SWITCH: &str = r#""$1" configure switch --profile p1"#;

#[test]
fn a_full_disk_leaves_the_old_config_and_no_litter() {
    let many: Vec<_> = (0..200).map(|number| format!("p{number}")).collect();
    let environment = TestEnvironment::with_profiles(&many.iter().map(String::as_str).collect::<Vec<_>>());
    let size = fs::metadata(environment.config_path()).unwrap().len();
    // There is room for the config, the lock file, and half of another config.
    let script = format!(
        "mount -t tmpfs -o size={} tmpfs .\ncd \"$PWD\"\ncp ../config.json .\nstatus=0\n{SWITCH} || status=$?\nmkdir ../after && cp -r . ../after/\nexit $status",
        size + size / 2 + 8192,
    );
    fs::copy(environment.config_path(), environment.home().join("config.json")).unwrap();
    let Some(output) = in_namespace("a_full_disk", &environment, &script) else { return };
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("config.json: No space left on device"), "{said}");
    let after = environment.home().join("after");
    assert_eq!(fs::read_to_string(after.join("config.json")).unwrap(), environment.config());
    assert_eq!(names(&after), ["config.json", "config.json.lock"]);
}

#[test]
fn a_read_only_folder_is_an_error_for_writers_alone() {
    let environment = TestEnvironment::with_profiles(&["p0", "p1"]);
    let before = environment.config();
    let script =
        format!("mount --bind . .\nmount -o remount,bind,ro .\ncd \"$PWD\"\n\"$1\" configure list\n{SWITCH}");
    let Some(output) = in_namespace("a_read_only_folder", &environment, &script) else { return };
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("config.json: Read-only file system"), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("p0 * "), "{output:?}");
    assert_eq!(environment.config(), before);
    assert_eq!(names(&environment.home().join(".aliyun")), ["config.json"]);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let environment = TestEnvironment::with_profiles(&["p0", "p1"]);
    let script = "mount --bind . .\nmount -o remount,bind,ro .\ncd \"$PWD\"\n\"$1\" configure set --config-path new/config.json --access-key-id i --access-key-secret s --region r";
    let Some(output) = in_namespace("a_folder_that_cannot_be_made", &environment, script) else { return };
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(said(&output).contains("new/config.json: Read-only file system"), "{output:?}");
}

#[test]
fn a_link_out_of_a_read_only_folder_is_followed_to_where_it_leads() {
    let environment = TestEnvironment::with_profiles(&["p0", "p1"]);
    let real = environment.home().join("real.json");
    fs::rename(environment.config_path(), &real).unwrap();
    std::os::unix::fs::symlink("../real.json", environment.config_path()).unwrap();
    let script = format!("mount --bind . .\nmount -o remount,bind,ro .\ncd \"$PWD\"\n{SWITCH}");
    let Some(output) = in_namespace("a_link_out_of_a_read_only_folder", &environment, &script) else {
        return;
    };
    assert!(output.status.success(), "{output:?}");
    assert!(fs::symlink_metadata(environment.config_path()).unwrap().is_symlink());
    assert!(fs::read_to_string(real).unwrap().contains("\"current\": \"p1\""));
}
