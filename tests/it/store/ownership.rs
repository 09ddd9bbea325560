//! Whose files are, and who may read them: under `sudo`, and under every umask.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use crate::support::environment::TestEnvironment;
use crate::support::files::{copy_program, names};
use crate::support::namespace::in_namespace;
use crate::support::skip::skip;

const SET: &str = r#""$1" configure set --access-key-id i --access-key-secret s --region r"#;

#[test]
fn what_root_writes_in_the_home_of_another_user_is_that_users() {
    if !rustix::process::geteuid().is_root() {
        skip("what_root_writes", "only root can act for another user");
        return;
    }
    let environment = TestEnvironment::new();
    chown(environment.home(), Some(4711), Some(4712)).unwrap();
    let set = ["configure", "set", "--access-key-id", "i", "--access-key-secret", "s", "--region", "r"];
    environment.succeeds(&set);
    let folder = environment.home().join(".aliyun");
    let owner = |path: &std::path::Path| {
        let metadata = fs::metadata(path).unwrap();
        (metadata.uid(), metadata.gid())
    };
    assert_eq!(owner(&folder), (4711, 4712));
    for name in names(&folder) {
        assert_eq!(owner(&folder.join(&name)), (4711, 4712), "{name}");
    }
    // The owner of the file counts, not that of the folder.
    chown(environment.config_path(), Some(4713), Some(4714)).unwrap();
    environment.succeeds(&set);
    assert_eq!(owner(&environment.config_path()), (4713, 4714));
}

#[test]
fn no_umask_decides_who_may_read_what_is_written() {
    for umask in ["000", "177", "277", "777"] {
        let environment = TestEnvironment::new();
        fs::create_dir(environment.home().join(".aliyun")).unwrap();
        // What the file was open to before is not what it is open to after.
        let script = format!(
            "rmdir ../.aliyun\ncd ..\numask {umask}\n{SET}\nchmod 0644 .aliyun/config.json\n{SET}\n\"$1\" configure ai-mode enable"
        );
        let Some(output) = in_namespace("no_umask", &environment, &script) else { return };
        assert!(output.status.success(), "{umask}: {output:?}");
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        let folder = environment.home().join(".aliyun");
        assert_eq!(mode(&folder), 0o700, "{umask}");
        for name in names(&folder) {
            assert_eq!(mode(&folder.join(&name)), 0o600, "{umask}: {name}");
        }
    }
}

#[test]
fn a_user_other_than_root_is_bound_by_no_umask_either() {
    if !rustix::process::geteuid().is_root() {
        skip("a_user_under_a_umask", "only root can act as another user");
        return;
    }
    for umask in ["277", "777"] {
        let environment = TestEnvironment::new();
        fs::create_dir(environment.home().join(".aliyun")).unwrap();
        chown(environment.home(), Some(4711), Some(4711)).unwrap();
        let binary = environment.home().join("aliyun");
        copy_program(&binary);
        fs::set_permissions(&binary, PermissionsExt::from_mode(0o755)).unwrap();
        let script = format!(
            "rmdir ../.aliyun\ncd ..\numask {umask}\nfor number in 1 2; do\nsetpriv --reuid 4711 --regid 4711 --clear-groups ./aliyun configure set --access-key-id i --access-key-secret s --region r\ndone"
        );
        let Some(output) = in_namespace("a_user_under_a_umask", &environment, &script) else { return };
        assert!(output.status.success(), "{umask}: {output:?}");
        let mode = fs::metadata(environment.config_path()).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, 0o600, "{umask}");
    }
}
