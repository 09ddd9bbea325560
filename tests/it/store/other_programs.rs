//! Other programs that lock the config and rewrite it in place, as the SDKs for Java and Node.js do.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::environment::TestEnvironment;
use crate::support::skip::skip;
use crate::support::strace::can_trace;

/// Opens the file, locks it by an fcntl record lock, says so, reads it, waits for a line, cuts the file, writes half
/// of it, waits for another line, writes the rest, and releases the lock.
const AS_JAVA_DOES: &str = r#"
import fcntl, json, sys
with open(sys.argv[1], "r+") as file:
    print("opened", flush=True)
    fcntl.lockf(file, fcntl.LOCK_EX)
    print("locked", flush=True)
    config = json.load(file)
    config["java"] = "was here"
    text = json.dumps(config)
    sys.stdin.readline()
    file.seek(0)
    file.truncate()
    file.write(text[:len(text) // 2])
    file.flush()
    print("half", flush=True)
    sys.stdin.readline()
    file.write(text[len(text) // 2:])
"#;

struct Java(Child, BufReader<std::process::ChildStdout>);

impl Java {
    fn start(test: &str, environment: &TestEnvironment) -> Option<Self> {
        let mut command = Command::new("python3");
        command.args(["-c", AS_JAVA_DOES]).arg(environment.config_path());
        match command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() {
            Ok(mut child) => {
                let said = BufReader::new(child.stdout.take().unwrap());
                Some(Self(child, said))
            }
            Err(error) => {
                skip(test, &format!("python3: {error}"));
                None
            }
        }
    }

    fn says(&mut self, expected: &str) {
        let mut line = String::new();
        self.1.read_line(&mut line).unwrap();
        assert_eq!(line.trim_end(), expected);
    }

    fn go_on(&mut self) {
        self.0.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    fn ends(mut self) {
        assert!(self.0.wait().unwrap().success());
    }
}

fn set(environment: &TestEnvironment, name: &str) -> assert_cmd::Command {
    environment.command(&[
        "configure",
        "set",
        "--profile",
        name,
        "--access-key-id=i",
        "--access-key-secret=s",
        "--region=r",
    ])
}

#[test]
fn beside_a_program_that_locks_and_rewrites_as_java_does_twenty_writers_lose_nothing() {
    let environment = TestEnvironment::with_profiles(&["p"]);
    let Some(mut java) = Java::start("as_java_does", &environment) else { return };
    java.says("opened");
    java.says("locked");
    thread::scope(|scope| {
        let writers: Vec<_> = (0..20)
            .map(|number| {
                let mut command = set(&environment, &format!("w{number}"));
                scope.spawn(move || command.output().unwrap())
            })
            .collect();
        thread::sleep(Duration::from_millis(300));
        assert!(writers.iter().all(|writer| !writer.is_finished()), "a writer did not wait for the lock");
        java.go_on();
        java.says("half");
        let reader = scope.spawn(|| environment.run(&["configure", "list"]));
        thread::sleep(Duration::from_millis(100));
        java.go_on();
        java.ends();
        let read = reader.join().unwrap();
        assert_eq!((read.code, read.stderr.as_str()), (0, ""), "a reader took the half for the whole");
        for writer in writers {
            let output = writer.join().unwrap();
            assert!(output.status.success(), "{output:?}");
        }
    });
    let json = environment.json();
    assert_eq!(json["java"], "was here");
    assert_eq!(json["profiles"].as_array().unwrap().len(), 21);
}

#[test]
fn a_program_that_waits_for_the_lock_goes_on_with_the_file_that_it_has_opened() {
    let environment = TestEnvironment::with_profiles(&["p"]);
    if !can_trace("a_program_that_waits") {
        return;
    }
    // The writer takes its time while it holds the lock.
    let mut writer = Command::new("strace");
    writer.args(["-f", "-q", "-o", "/dev/null", "-e", "inject=fsync:delay_enter=1500000:when=1"]);
    let set = set(&environment, "w");
    writer.arg(set.get_program()).args(set.get_args()).env_clear().envs(environment.variables());
    let mut writer = writer.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").spawn().unwrap();
    let new = environment.home().join(".aliyun/config.json.new");
    while !new.exists() {
        assert!(writer.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(5));
    }
    let java = Java::start("a_program_that_waits", &environment);
    let written = writer.wait().unwrap();
    let Some(mut java) = java else { return };
    java.says("opened");
    assert!(written.success());
    java.says("locked");
    java.go_on();
    java.says("half");
    java.go_on();
    java.ends();
    let json = environment.json();
    assert_eq!((&json["java"], &json["profiles"][1]["name"]), (&"was here".into(), &"w".into()));
}

#[test]
fn a_file_that_another_program_has_emptied_is_read_again() {
    let environment = TestEnvironment::with_profiles(&["p"]);
    let text = environment.config();
    for part in [0, text.len() / 2] {
        fs::write(environment.config_path(), &text[..part]).unwrap();
        thread::scope(|scope| {
            let reader = scope.spawn(|| environment.run(&["configure", "list"]));
            let writer = scope.spawn(|| set(&environment, "w").output().unwrap());
            thread::sleep(Duration::from_millis(200));
            fs::write(environment.config_path(), &text).unwrap();
            let read = reader.join().unwrap();
            assert_eq!((read.code, read.stderr.as_str()), (0, ""));
            assert!(writer.join().unwrap().status.success());
        });
        assert_eq!(environment.json()["profiles"].as_array().unwrap().len(), 2);
    }
    fs::write(environment.config_path(), "").unwrap();
    environment.fails(&["configure", "list"], 1, "EOF while parsing");
    assert_eq!(environment.config(), "");
}
