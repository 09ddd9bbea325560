//! Files whose place no other can take: mounted ones, those in a sticky folder, and those that nobody may change.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::environment::TestEnvironment;
use crate::support::files::names;
use crate::support::namespace::{in_namespace, said};
use crate::support::strace::can_trace;

/// Mounts a file of its own as the config; what is written into it is seen outside, in `real.json`.
const MOUNT: &str = "mount --bind ../real.json config.json\n";
const SWITCH: &str = r#""$1" configure switch --profile p1 >/dev/null"#;

/// Makes a home folder with an empty config, and `real.json` beside the folder of that.
fn mounted() -> TestEnvironment {
    let environment = TestEnvironment::with_profiles(&["p0", "p1"]);
    fs::rename(environment.config_path(), environment.home().join("real.json")).unwrap();
    fs::write(environment.config_path(), "").unwrap();
    environment
}

fn real(environment: &TestEnvironment) -> String {
    fs::read_to_string(environment.home().join("real.json")).unwrap()
}

fn left(environment: &TestEnvironment) -> Vec<String> {
    names(&environment.home().join(".aliyun"))
}

#[test]
fn a_config_that_is_mounted_as_a_file_is_written_in_place() {
    let environment = mounted();
    fs::set_permissions(environment.home().join("real.json"), PermissionsExt::from_mode(0o644)).unwrap();
    let Some(output) = in_namespace("a_mounted_config", &environment, &format!("{MOUNT}{SWITCH}")) else {
        return;
    };
    assert!(output.status.success(), "{output:?}");
    let whole = TestEnvironment::with_profiles(&["p0", "p1"]);
    whole.succeeds(&["configure", "switch", "--profile", "p1"]);
    assert_eq!(real(&environment), whole.config());
    let mode = fs::metadata(environment.home().join("real.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(left(&environment), ["config.json", "config.json.lock"]);
}

#[test]
fn a_mounted_config_that_cannot_be_written_stays() {
    let environment = mounted();
    let before = real(&environment);
    let script = format!("{MOUNT}mount -o remount,bind,ro config.json\n{SWITCH}");
    let Some(output) = in_namespace("a_mounted_read_only_config", &environment, &script) else { return };
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(said(&output).contains("config.json: Read-only file system"), "{output:?}");
    assert_eq!(real(&environment), before);
    assert_eq!(left(&environment), ["config.json", "config.json.lock"]);
}

#[test]
fn a_mounted_config_on_a_full_disk_keeps_what_it_held() {
    let environment = mounted();
    let size = 4096 + real(&environment).len();
    let padded = format!("{}{}", real(&environment), " ".repeat(4096 - real(&environment).len() - 1));
    fs::write(environment.home().join("real.json"), &padded).unwrap();
    let script = format!(
        "mkdir ../small && mount -t tmpfs -o size={size} tmpfs ../small && cp ../real.json ../small/\n\
         mount --bind ../small/real.json config.json\n\
         key=$(head -c 20000 /dev/zero | tr '\\0' a)\nstatus=0\n\
         \"$1\" configure set --profile p1 --access-key-id \"$key\" || status=$?\n\
         cp config.json ../after.json\nexit $status"
    );
    let Some(output) = in_namespace("a_mounted_config_on_a_full_disk", &environment, &script) else { return };
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(said(&output).contains("config.json: No space left on device"), "{output:?}");
    assert_eq!(fs::read_to_string(environment.home().join("after.json")).unwrap(), padded);
    assert_eq!(left(&environment), ["config.json", "config.json.lock"]);
}

#[test]
fn a_crash_at_any_call_of_a_write_in_place_is_repaired_by_the_next_reader() {
    if !can_trace("a_crash_in_place") {
        return;
    }
    let environment = mounted();
    let old = real(&environment);
    let trace = format!("{MOUNT}strace -f -q -o ../trace {SWITCH}");
    if in_namespace("a_crash_in_place", &environment, &trace).is_none() {
        return;
    }
    let new = real(&environment);
    assert_ne!(new, old);
    let calls = fs::read_to_string(environment.home().join("trace")).unwrap();
    let mut torn = 0;
    for call in ["ftruncate", "write", "fsync", "rename", "unlink", "openat", "flock", "fchmod", "lseek"] {
        let count = calls.lines().filter(|line| line.contains(&format!(" {call}("))).count();
        for (at, fault) in (1..=count).flat_map(|at| [(at, "signal=KILL"), (at, "error=EIO")]) {
            let environment = mounted();
            let script = format!(
                "{MOUNT}strace -f -q -o ../trace -e inject={call}:{fault}:when={at} {SWITCH} || true\n\
                 cp config.json ../torn.json\n\
                 \"$1\" configure list >../listed\ncp config.json ../repaired.json\n{SWITCH}"
            );
            let output = in_namespace("a_crash_in_place", &environment, &script).unwrap();
            assert!(output.status.success(), "{call} {at} {fault}: {output:?}");
            let read = |name: &str| fs::read_to_string(environment.home().join(name)).unwrap();
            let repaired = read("repaired.json");
            assert!(repaired == old || repaired == new, "{call} {at} {fault}: {repaired}");
            let is_new = read("listed").contains("p1 *");
            assert_eq!(
                is_new,
                repaired == new,
                "{call} {at} {fault}: what was listed is not what was repaired"
            );
            assert_eq!(real(&environment), new, "{call} {at} {fault}");
            assert_eq!(left(&environment), ["config.json", "config.json.lock"], "{call} {at} {fault}");
            torn += usize::from(read("torn.json") != old && read("torn.json") != new);
        }
    }
    assert!(torn > 1, "only {torn} crashes left a file that had to be repaired");
}

#[test]
fn what_was_left_of_a_write_in_place_counts_no_more_once_another_program_wrote_the_file() {
    let environment = TestEnvironment::with_profiles(&["p0", "p1"]);
    let left_over = TestEnvironment::with_profiles(&["p1", "p0"]);
    fs::write(environment.home().join(".aliyun/config.json.rewrite"), left_over.config()).unwrap();
    assert!(environment.succeeds(&["configure", "list"]).contains("p0 *"));
    environment.succeeds(&["configure", "switch", "--profile", "p0"]);
    assert_eq!(environment.json()["current"], "p0");
    assert_eq!(left(&environment), ["config.json", "config.json.lock"]);
}

#[test]
fn a_file_in_a_sticky_folder_of_another_user_is_written_in_place_where_it_may_be() {
    let environment = TestEnvironment::with_profiles(&["p0", "p1"]);
    if !rustix::process::geteuid().is_root() {
        crate::support::skip::skip("a_sticky_folder", "only root can act as two users");
        return;
    }
    let folder = environment.home().join(".aliyun");
    fs::set_permissions(environment.home(), PermissionsExt::from_mode(0o755)).unwrap();
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o1777)).unwrap();
    for (mode, code) in [(0o666, 0), (0o644, 1)] {
        let before = environment.config();
        fs::set_permissions(environment.config_path(), PermissionsExt::from_mode(mode)).unwrap();
        let script = format!(
            "setpriv --reuid 4711 --regid 4711 --clear-groups \"$1\" configure switch --profile p{}",
            1 - code
        );
        let Some(output) = in_namespace("a_sticky_folder", &environment, &script) else { return };
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert_eq!(environment.config() != before, code == 0);
        assert_eq!(left(&environment), ["config.json", "config.json.lock"]);
    }
    assert_eq!(environment.json()["current"], "p1");
}

#[test]
fn an_immutable_file_stays_and_is_an_error() {
    let environment = TestEnvironment::with_profiles(&["p0", "p1"]);
    let before = environment.config();
    let chattr =
        |how: &str| std::process::Command::new("chattr").arg(how).arg(environment.config_path()).output();
    if !chattr("+i").is_ok_and(|output| output.status.success()) {
        crate::support::skip::skip("an_immutable_file", "chattr +i is not allowed here");
        return;
    }
    let run = environment.run(&["configure", "switch", "--profile", "p1"]);
    chattr("-i").unwrap();
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("config.json: Operation not permitted"), "{run:?}");
    assert_eq!(environment.config(), before);
    assert_eq!(left(&environment), ["config.json", "config.json.lock"]);
}
