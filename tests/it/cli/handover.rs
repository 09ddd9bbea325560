//! Calls to other products go to another `aliyun`.

#![cfg(unix)]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use crate::support::environment::{Run, TestEnvironment, run_of};

const OURS: &str = env!("CARGO_BIN_EXE_aliyun");

const HINT: &str = "\nCalls to other products need the Alibaba Cloud CLI: put its `aliyun` behind this one in PATH, or set ALIYUN_CLI to its path\n";

/// Says what it was given, and ends with code 7.
const OTHER: &str = "#!/bin/sh\nprintf '<%s>' other \"$@\"\ncat\necho said >&2\nexit 7\n";

/// Makes a folder that holds a program `aliyun`.
fn folder(environment: &TestEnvironment, name: &str, script: &str) -> PathBuf {
    let folder = environment.home().join(name);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("aliyun"), script).unwrap();
    fs::set_permissions(folder.join("aliyun"), PermissionsExt::from_mode(0o755)).unwrap();
    folder
}

/// Makes a folder in which `aliyun` is a link to the program under test.
fn our_folder(environment: &TestEnvironment, name: &str) -> PathBuf {
    let folder = environment.home().join(name);
    fs::create_dir(&folder).unwrap();
    symlink(OURS, folder.join("aliyun")).unwrap();
    folder
}

fn run(environment: &TestEnvironment, path: &[&PathBuf], arguments: &[&str]) -> Run {
    let path = std::env::join_paths(
        path.iter().map(|path| path.as_path()).chain(["/usr/bin".as_ref(), "/bin".as_ref()]),
    );
    run_of(environment.command(arguments).env("PATH", path.unwrap()).write_stdin("input").output().unwrap())
}

fn handed_over(arguments: &[&str]) -> Run {
    let words: String = arguments.iter().map(|word| format!("<{word}>")).collect();
    Run { code: 7, stdout: format!("<other>{words}input"), stderr: "said\n".to_owned() }
}

#[test]
fn a_call_to_another_product_is_handed_over_unchanged() {
    let environment = TestEnvironment::new();
    let (ours, other) = (our_folder(&environment, "ours"), folder(&environment, "other", OTHER));
    for arguments in [
        &["ecs", "DescribeInstances", "--InstanceId", "i 1", "--", "-x"] as &[&str],
        &["--profile", "p", "oss", "ls", "--help"],
        &["help", "ecs"],
        &["--output", "cols=a", "ecs", "DescribeRegions"],
        &["sts", "AssumeRole", "--RoleArn", "x"],
        &["configur"],
        &["--force", "ecs", "X", "--Key", "version"],
        &["--force", "ecs", "X", "--Key", "configure", "list"],
        &["--force", "--Key", "k", "ecs", "X", "sts"],
        &["--force=yes", "ecs", "configure"],
        &["--profile", "configure", "--force", "ecs", "X", "help"],
    ] {
        assert_eq!(run(&environment, &[&ours, &other], arguments), handed_over(arguments));
        assert_eq!(run(&environment, &[&other], arguments), handed_over(arguments));
    }
}

#[test]
fn arguments_that_are_no_text_are_handed_over_unchanged() {
    let environment = TestEnvironment::new();
    let (ours, other) = (our_folder(&environment, "ours"), folder(&environment, "other", OTHER));
    let path = std::env::join_paths([&ours, &other].into_iter().chain([&PathBuf::from("/bin")])).unwrap();
    let odd = std::ffi::OsStr::from_bytes(b"a\xff");
    let output = environment.command(&["oss", "ls"]).arg(odd).env("PATH", path).output().unwrap();
    assert_eq!(output.stdout, b"<other><oss><ls><a\xff>");
}

#[test]
fn a_named_program_wins_over_the_search_path() {
    let named = TestEnvironment::new();
    let other = folder(&named, "other", OTHER);
    let named = named.var("ALIYUN_CLI", other.join("aliyun").to_str().unwrap());
    assert_eq!(run(&named, &[], &["ecs"]), handed_over(&["ecs"]));
    let bare = TestEnvironment::new().var("ALIYUN_CLI", "aliyun-go");
    let other = folder(&bare, "other", OTHER);
    fs::rename(other.join("aliyun"), other.join("aliyun-go")).unwrap();
    assert_eq!(run(&bare, &[&other], &["ecs"]), handed_over(&["ecs"]));
    let missing = TestEnvironment::new().var("ALIYUN_CLI", "/nowhere/aliyun");
    let said = run(&missing, &[], &["ecs"]);
    assert_eq!(said.code, 1);
    assert!(said.stderr.starts_with("ERROR: cannot run /nowhere/aliyun: "), "{}", said.stderr);
}

#[test]
fn nothing_of_this_program_is_handed_over() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let (ours, other) = (our_folder(&environment, "ours"), folder(&environment, "other", OTHER));
    for (arguments, code) in [
        (&["version"] as &[&str], 0),
        (&["configure", "list"], 0),
        (&["configure", "lst"], 2),
        (&["sts", "GetCallerIdentity", "--Foo", "x"], 2),
        (&["--Foo", "x", "configure", "list"], 2),
        (&["--Foo", "configure", "list"], 2),
        (&["--Foo=x", "--Bar", "y", "version"], 2),
        (&["configure", "ai-mode", "x"], 2),
        (&[], 0),
    ] {
        let run = run(&environment, &[&ours, &other], arguments);
        assert_eq!(run.code, code, "{arguments:?} {run:?}");
        assert!(!run.stdout.contains("<other>"), "{run:?}");
    }
}

#[test]
fn this_program_is_never_taken_for_another_one() {
    let environment = TestEnvironment::new();
    let (one, two) = (our_folder(&environment, "one"), our_folder(&environment, "two"));
    let hard = environment.home().join("hard");
    fs::create_dir(&hard).unwrap();
    // A hard link needs the same file system; where there is another one, this folder is empty.
    let _ = fs::hard_link(OURS, hard.join("aliyun"));
    let said = run(&environment, &[&one, &two, &hard], &["ecs"]);
    assert_eq!((said.code, said.stdout.as_str()), (2, ""));
    let text = format!("ERROR: 'ecs' is not a valid command or product. See `aliyun help`.\n{HINT}");
    assert_eq!(said.stderr, text);
    let named = TestEnvironment::new().var("ALIYUN_CLI", OURS);
    named.fails(&["ecs"], 2, "ALIYUN_CLI names this very program");
}

#[test]
fn a_program_that_leads_back_here_ends_in_an_error() {
    let environment = TestEnvironment::new();
    let ours = our_folder(&environment, "ours");
    let back = folder(&environment, "back", &format!("#!/bin/sh\nexec {OURS} \"$@\"\n"));
    let said = run(&environment, &[&ours, &back], &["ecs"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("and came back: ALIYUN_CLI or PATH lead from "), "{}", said.stderr);
}

#[test]
fn what_another_process_left_in_the_environment_stops_no_hand_over() {
    let other = TestEnvironment::new().var("ALIYUN_CONFIGURE_HANDED_OVER", "8");
    let folder = folder(&other, "other", "#!/bin/sh\nenv | grep ^ALIYUN_CONFIGURE_HANDED_OVER=\n");
    let left = run(&other, &[&folder], &["ecs"]).stdout;
    let left = left.trim().split_once('=').unwrap().1;
    let many = other.var("ALIYUN_CONFIGURE_HANDED_OVER", &[left; 9].join(" "));
    assert_eq!(run(&many, &[&folder], &["ecs"]).code, 0);
}

#[test]
fn a_named_program_in_the_folder_at_hand_is_not_found() {
    let environment = TestEnvironment::new().var("ALIYUN_CLI", "other");
    fs::write(environment.home().join("other"), OTHER).unwrap();
    fs::set_permissions(environment.home().join("other"), PermissionsExt::from_mode(0o755)).unwrap();
    let said = run(&environment, &[&PathBuf::new(), &PathBuf::from(".")], &["ecs"]);
    assert_eq!(said.code, 1);
    assert!(
        said.stderr.contains("cannot run other: exec: \"other\": executable file not found"),
        "{}",
        said.stderr
    );
}

#[test]
fn without_another_program_a_near_name_is_suggested() {
    let environment = TestEnvironment::new();
    for (word, near) in [("configur", "configure"), ("stss", "sts"), ("versio", "version")] {
        let said = run(&environment, &[], &[word]);
        let text = format!("ERROR: '{word}' is not a valid command or product. See `aliyun help`.\n{HINT}");
        assert_eq!((said.code, said.stderr), (2, text));
        assert_eq!(said.stdout, format!("\nDid you mean:\n  {near}\n"));
    }
    let said = run(&environment, &[], &["sts", "GetCallerIdentit"]);
    let text = format!("ERROR: 'GetCallerIdentit' is not a valid api. See `aliyun help sts`.\n{HINT}");
    assert_eq!(said.stderr, text);
    assert_eq!(said.stdout, "\nDid you mean:\n  GetCallerIdentity\n");
    environment.fails(&["--regoin", "x"], 2, "invalid flag --regoin, did you mean --region?\n");
}

#[test]
fn completion_of_other_products_is_left_to_the_other_program() {
    let environment = TestEnvironment::new().var("COMP_LINE", "aliyun ecs --re").var("COMP_POINT", "15");
    let other = folder(&environment, "other", "#!/bin/sh\necho \"$COMP_LINE $COMP_POINT\"\n");
    let said = run(&environment, &[&other], &["aliyun", "--re", "ecs"]);
    assert_eq!((said.code, said.stdout.as_str()), (0, "aliyun ecs --re 15\n"));
    let said = run(&environment, &[], &["aliyun", "--re", "ecs"]);
    assert_eq!(said, Run { code: 0, stdout: String::new(), stderr: String::new() });
}
