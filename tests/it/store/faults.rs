//! A writer at each of whose system calls something goes wrong: an error, or the end of the process.

use std::collections::BTreeMap;
use std::fs;
use std::process::Output;

use crate::support::environment::TestEnvironment;
use crate::support::strace::{can_trace, trace, traced};

/// The calls that reach the file system; the names differ from machine to machine.
const CALLS: &[&str] = &[
    "chmod",
    "close",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "fcntl",
    "fdatasync",
    "flock",
    "fstat",
    "fsync",
    "ftruncate",
    "link",
    "linkat",
    "lseek",
    "lstat",
    "mkdir",
    "mkdirat",
    "newfstatat",
    "open",
    "openat",
    "openat2",
    "pread64",
    "read",
    "readlink",
    "readlinkat",
    "rename",
    "renameat",
    "renameat2",
    "stat",
    "statx",
    "unlink",
    "unlinkat",
    "write",
    "writev",
];

const FAULTS: &[&str] = &["error=ENOSPC", "error=EIO", "error=EINTR", "signal=KILL"];

const SET: &[&str] =
    &["configure", "set", "--profile=new", "--access-key-id=i", "--access-key-secret=s", "--region=r"];

/// Counts the calls of a trace by name.
fn count_calls(trace: &str) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for line in trace.lines() {
        let call = line.split_whitespace().find_map(|word| word.split_once('(')).map(|(name, _)| name);
        if let Some(name) = CALLS.iter().find(|name| call == Some(name)) {
            *counts.entry(*name).or_default() += 1;
        }
    }
    counts
}

fn config(environment: &TestEnvironment) -> Option<String> {
    fs::read_to_string(environment.config_path()).ok()
}

/// Runs a writer with a fault at every call, and once more without; `prepare` makes the home folder.
///
/// What the file holds after a fault must be what it held before, what the writer was to make of it, or what
/// `between` makes of it, byte for byte.
fn fail_everywhere(test: &str, prepare: &dyn Fn(&TestEnvironment), between: &[&str]) {
    if !can_trace(test) {
        return;
    }
    let prepared = || {
        let environment = TestEnvironment::new();
        prepare(&environment);
        environment
    };
    let environment = prepared();
    let mut old = vec![config(&environment)];
    if !between.is_empty() {
        environment.succeeds(between);
        old.push(config(&environment));
    }
    let environment = prepared();
    let plain = traced(&environment, &[], SET);
    assert!(plain.status.success(), "{plain:?}");
    let new = config(&environment);
    let counts = count_calls(&fs::read_to_string(trace(&environment)).unwrap());
    assert!(["openat", "write", "flock"].iter().all(|name| counts.contains_key(name)), "{counts:?}");
    let mut failed = 0;
    for (call, count) in counts {
        for (at, fault) in (1..=count).flat_map(|at| FAULTS.iter().map(move |fault| (at, fault))) {
            let environment = prepared();
            let injection = format!("inject={call}:{fault}:when={at}");
            let output = traced(&environment, &["-e", &injection], SET);
            check(&environment, &output, (&old, &new), &injection);
            failed += usize::from(!output.status.success());
        }
    }
    assert!(failed > 50, "only {failed} writers failed");
}

fn check(
    environment: &TestEnvironment,
    output: &Output,
    (old, new): (&[Option<String>], &Option<String>),
    injection: &str,
) {
    let (said, after) = (String::from_utf8_lossy(&output.stderr), config(environment));
    assert!(!said.contains("panicked"), "{injection}: {said}");
    assert!(after == *new || old.contains(&after), "{injection}: {said}: {after:?}");
    assert!(after == *new || !output.status.success(), "{injection}: reported as done, and is not");
    if output.status.code() == Some(1) {
        assert!(said.starts_with("ERROR: ") && said.contains("/.aliyun"), "{injection}: {said}");
    }
    environment.succeeds(SET);
    assert_eq!(config(environment), *new, "{injection}: the next writer");
    let folder = fs::read_dir(environment.home().join(".aliyun")).unwrap();
    let mut left: Vec<_> = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    left.sort_unstable();
    assert_eq!(left, ["config.json", "config.json.lock"], "{injection}");
}

#[test]
fn a_fault_at_any_call_leaves_the_old_config_or_the_new_one() {
    let prepare = |environment: &TestEnvironment| {
        let other = TestEnvironment::with_profiles(&["default", "a"]);
        environment.write_config(&other.config());
    };
    fail_everywhere("a_fault_at_any_call", &prepare, &[]);
}

#[test]
fn a_fault_at_any_call_leaves_no_config_or_the_first_one() {
    fail_everywhere("a_fault_at_the_first_write", &|_| {}, &[]);
}

#[test]
fn a_fault_at_any_call_leaves_what_was_taken_over_from_the_older_files() {
    let prepare = |environment: &TestEnvironment| {
        let folder = environment.home().join(".aliyuncli");
        fs::create_dir(&folder).unwrap();
        let text = "[default]\naliyun_access_key_id = i\naliyun_access_key_secret = s\n";
        fs::write(folder.join("credentials"), text).unwrap();
    };
    fail_everywhere("a_fault_while_older_files_are_taken_over", &prepare, &["configure", "list"]);
}
