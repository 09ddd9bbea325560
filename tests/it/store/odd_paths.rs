//! Paths that lead to no file, to something else, to too much, or that are no text.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::symlink;

use crate::support::environment::{Run, TestEnvironment, run_of};
use crate::support::files::names;
use crate::support::namespace::in_namespace;
use crate::support::strace::{can_trace, traced};

const SET: &[&str] = &["configure", "set", "--access-key-id=i", "--access-key-secret=s", "--region=r"];

fn set_at(environment: &TestEnvironment, path: &OsStr) -> Run {
    let mut command = environment.command(SET);
    run_of(command.arg("--config-path").arg(path).write_stdin("").output().unwrap())
}

#[test]
fn what_is_no_file_is_an_error_with_no_lock_file_beside_it() {
    let environment = TestEnvironment::new();
    let folder = environment.home().join("folder");
    fs::create_dir(&folder).unwrap();
    let fifo = environment.home().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    for (path, about) in [
        (folder.as_os_str(), "folder: "),
        (OsStr::new("/"), "/: "),
        (OsStr::new("/dev/null"), "/dev/null: not a regular file"),
        (OsStr::new("/dev/zero"), "/dev/zero: not a regular file"),
        (fifo.as_os_str(), "pipe: not a regular file"),
        (OsStr::new("."), "."),
        (OsStr::new("folder/.."), ".."),
    ] {
        let run = set_at(&environment, path);
        assert_eq!(run.code, 1, "{path:?}: {run:?}");
        assert!(run.stderr.contains(about), "{path:?}: {run:?}");
        assert_eq!(names(environment.home()), ["folder", "pipe"], "{path:?}");
        assert!(names(&folder).is_empty(), "{path:?}");
        for beside in ["/.lock", "/dev/null.lock", "/dev/zero.lock"] {
            assert!(!std::path::Path::new(beside).exists(), "{path:?}: {beside}");
        }
    }
}

#[test]
fn a_pipe_is_read_where_somebody_writes_to_it_and_waited_for_no_longer_than_a_cut_file_where_nobody_does() {
    let environment = TestEnvironment::with_profiles(&["p"]);
    let script = "mkfifo pipe; aliyun configure get region --config-path pipe; echo $?
        (sleep 0.2; cat .aliyun/config.json) | aliyun configure get region --config-path /dev/stdin";
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args(["-c", script]).current_dir(environment.home()).env_clear().envs(environment.variables());
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_aliyun")).parent().unwrap();
    let run = run_of(shell.env("PATH", format!("{}:/usr/bin:/bin", folder.display())).output().unwrap());
    assert_eq!(run.stdout, "1\ncn-hangzhou\n", "{run:?}");
    assert!(run.stderr.contains("pipe"), "{run:?}");
}

#[test]
fn a_path_that_is_no_text_is_the_one_that_is_written_and_read() {
    let environment = TestEnvironment::new();
    let path = OsString::from_vec(b"of \xff.json".to_vec());
    assert_eq!(set_at(&environment, &path).code, 0);
    let mut listed = environment.command(&["configure", "list", "--config-path"]);
    assert!(listed.arg(&path).output().unwrap().status.success());
    let mut there: Vec<_> =
        fs::read_dir(environment.home()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    there.sort_unstable();
    assert_eq!(
        there.iter().map(|name| name.as_bytes()).collect::<Vec<_>>(),
        [b"of \xff.json".as_slice(), b"of \xff.json.lock".as_slice()]
    );
}

#[test]
fn a_file_that_is_too_large_is_an_error() {
    let environment = TestEnvironment::with_profiles(&["p"]);
    let text = environment.config();
    let file = fs::File::options().append(true).open(environment.config_path()).unwrap();
    file.set_len((64 << 20) + 1).unwrap();
    environment.fails(&["configure", "list"], 1, "config.json cannot be used: larger than 64 MiB");
    let run = set_at(&environment, environment.config_path().as_os_str());
    assert_eq!((run.code, file.metadata().unwrap().len()), (1, (64 << 20) + 1), "{run:?}");
    file.set_len(text.len().try_into().unwrap()).unwrap();
    environment.succeeds(&["configure", "list"]);
    environment.fails(&["configure", "list", "--config-path=/dev/zero"], 1, "larger than 64 MiB");
}

#[test]
fn a_file_of_the_older_command_line_that_is_too_large_is_an_error() {
    let environment = TestEnvironment::new();
    let credentials = environment.home().join(".aliyuncli/credentials");
    fs::create_dir(credentials.parent().unwrap()).unwrap();
    fs::File::create(&credentials).unwrap().set_len((64 << 20) + 1).unwrap();
    environment.fails(&["configure", "list"], 1, "credentials cannot be used: larger than 64 MiB");
    assert!(!environment.home().join(".aliyun").exists());
}

#[test]
fn more_profiles_than_memory_has_room_for_are_an_error() {
    let environment = TestEnvironment::new();
    for (count, is_too_many) in [(1000, false), (200_001, true)] {
        environment
            .write_config(&format!(r#"{{"current":"p","profiles":[{}{{}}]}}"#, "{},".repeat(count - 1)));
        let before = environment.config();
        if is_too_many {
            environment.fails(
                &["configure", "list"],
                1,
                "no more than 200000 profiles can be read at line 1",
            );
            assert_eq!(environment.run(SET).code, 1);
            assert_eq!(environment.config(), before);
        } else {
            assert_eq!(environment.succeeds(&["configure", "list"]).lines().count(), 2 + count);
        }
    }
}

#[test]
fn a_secret_file_without_end_is_an_error() {
    let environment = TestEnvironment::new();
    let set = ["configure", "set", "--access-key-id=i", "--region=r", "--access-key-secret", "@/dev/zero"];
    environment.fails(
        &set,
        1,
        "--access-key-secret: cannot read the file /dev/zero: it is larger than 1 MiB",
    );
    assert!(!environment.home().join(".aliyun").exists());
}

#[test]
fn one_long_name_does_not_make_a_table_without_bound() {
    let environment = TestEnvironment::new();
    let mut profiles: Vec<_> =
        (0..1000).map(|number| format!(r#"{{"name":"p{number}","mode":"AK"}}"#)).collect();
    profiles.push(format!(r#"{{"name":"{}","mode":"AK"}}"#, "x".repeat(1 << 20)));
    environment.write_config(&format!(r#"{{"current":"p1","profiles":[{}]}}"#, profiles.join(",")));
    environment.fails(&["configure", "list"], 1, "the table would have more than 64 million characters");
}

#[test]
fn a_link_that_leads_nowhere_is_not_taken_for_no_settings() {
    for name in ["safety-policy.json", "ai-mode.json"] {
        let environment = TestEnvironment::with_profiles(&["p"]);
        let path = environment.home().join(".aliyun").join(name);
        symlink("nowhere.json", &path).unwrap();
        let command = name.strip_suffix(".json").unwrap();
        environment.fails(
            &["configure", command, "show"],
            1,
            &format!("{name}: a symbolic link that leads to no file"),
        );
        // A change makes the file that is missing.
        environment.succeeds(&["configure", command, "enable"]);
        environment.succeeds(&["configure", command, "show"]);
    }
    let environment = TestEnvironment::with_profiles(&["p"]);
    symlink("nowhere.json", environment.home().join(".aliyun/safety-policy.json")).unwrap();
    environment.fails(&["sts", "GetCallerIdentity"], 1, "a symbolic link that leads to no file");
}

#[test]
fn a_read_only_home_with_profiles_of_the_older_command_line_can_be_read_from() {
    let environment = TestEnvironment::new();
    fs::create_dir(environment.home().join(".aliyun")).unwrap();
    fs::create_dir(environment.home().join(".aliyuncli")).unwrap();
    let text = "[default]\naliyun_access_key_id = LTAIold\naliyun_access_key_secret = s\n";
    fs::write(environment.home().join(".aliyuncli/credentials"), text).unwrap();
    let script = "mount --bind .. ..\nmount -o remount,bind,ro ..\ncd \"$HOME\"\n\"$1\" configure list\n\"$1\" configure get access-key-id";
    let Some(output) = in_namespace("a_read_only_home", &environment, script) else { return };
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("default * | AK:***old") && said.contains("access-key-id=****old\n"), "{said}");
    assert!(names(&environment.home().join(".aliyun")).is_empty());
}

#[test]
fn without_home_the_home_of_the_account_counts() {
    let environment = TestEnvironment::with_profiles(&["p"]);
    let script = "home=$(getent passwd \"$(id -u)\" | cut -d: -f6)\nreal=$HOME\nunset HOME\nmount --bind \"$real\" \"$home\"\n\"$1\" configure list\nHOME= \"$1\" configure list";
    let Some(output) = in_namespace("without_home", &environment, script) else { return };
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().matches("p *").count(), 2);
}

#[test]
fn a_folder_that_cannot_be_synced_is_no_error_once_the_file_is_in_place() {
    if !can_trace("a_folder_that_cannot_be_synced") {
        return;
    }
    for (code, succeeds) in [("EINVAL", true), ("EOPNOTSUPP", true), ("EIO", false)] {
        let environment = TestEnvironment::with_profiles(&["p"]);
        // The first is the file's, the second the folder's.
        let output = traced(&environment, &["-e", &format!("inject=fsync:error={code}:when=2")], SET);
        assert_eq!(output.status.success(), succeeds, "{code}: {output:?}");
        assert_eq!(environment.json()["profiles"][0]["access_key_id"], "i", "{code}");
    }
}
