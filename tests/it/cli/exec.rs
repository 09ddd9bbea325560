//! Programs that act as a profile.

#![cfg(unix)]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::environment::{Run, TestEnvironment, ak_profile, run_of};

const EXEC: [&str; 3] = ["configure", "exec", "--"];

/// Runs a line of a shell under `exec`.
fn shell(environment: &TestEnvironment, options: &[&str], line: &str) -> Run {
    let arguments = [&["configure", "exec"], options, &["--", "/bin/sh", "-c", line]].concat();
    run_of(environment.command(&arguments).output().unwrap())
}

/// Returns the variables that a program finds, without those that a shell sets by itself.
fn variables(environment: &TestEnvironment, options: &[&str]) -> Vec<String> {
    let run = shell(environment, options, "env");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let is_own = |line: &&str| {
        !["PWD=", "_=", "SHLVL=", "OLDPWD=", "HOME=", "USERPROFILE=", "LLVM_"]
            .iter()
            .any(|own| line.starts_with(own))
    };
    let mut lines: Vec<_> = run.stdout.lines().filter(is_own).map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

fn handed_over(name: &str) -> Vec<String> {
    let key = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_REGION_ID"),
        ("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_REGION"),
        ("OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET", "OSS_REGION"),
    ];
    let of_key = key.map(|(id, secret, region)| {
        [format!("{id}=LTAI{name}"), format!("{secret}=exampleSecret"), format!("{region}=cn-hangzhou")]
    });
    let mut lines = of_key.concat();
    lines.push("ALIBABA_CLOUD_IGNORE_PROFILE=TRUE".to_owned());
    lines.sort_unstable();
    lines
}

#[test]
fn the_environment_has_the_profile_and_nobody_else() {
    let environment = TestEnvironment::with_profiles(&["current", "other"]);
    assert_eq!(variables(&environment, &["--profile", "other"]), handed_over("other"));
    assert_eq!(variables(&environment, &[]), handed_over("current"));
    let others = [
        "ACCESS_KEY_ID",
        "ACCESS_KEY_SECRET",
        "SECURITY_TOKEN",
        "ALIBABACLOUD_ACCESS_KEY_ID",
        "ALICLOUD_SECURITY_TOKEN",
        "ALIBABA_CLOUD_SECURITY_TOKEN",
        "OSS_SESSION_TOKEN",
        "ALIBABA_CLOUD_ROLE_ARN",
        "ALIBABACLOUD_EXTERNAL_ID",
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
        "ALIBABACLOUD_OIDC_PROVIDER_ARN",
        "ALIBABA_CLOUD_BEARER_TOKEN",
        "ALIBABA_CLOUD_CREDENTIALS_URI",
        "ALIBABA_CLOUD_CREDENTIALS_FILE",
        "ALIBABA_CLOUD_ECS_METADATA",
        "ALICLOUD_ASSUME_ROLE_ARN",
        "ALICLOUD_SHARED_CREDENTIALS_FILE",
        "OSSUTIL_CONFIG_FILE",
        "ALICLOUD_REGION_ID",
        "REGION",
    ];
    let environment = others.iter().fold(environment, |environment, name| environment.var(name, "other"));
    let environment = environment.var("ALIBABA_CLOUD_PROFILE", "other").var("KEPT", "kept");
    let mut expected = [handed_over("current"), vec!["KEPT=kept".to_owned()]].concat();
    expected.sort_unstable();
    assert_eq!(variables(&environment, &["-p", "current"]), expected);
}

#[test]
fn a_bearer_token_leads_no_sdk_to_another_profile() {
    let environment = TestEnvironment::new();
    environment.write_config(
        r#"{"current":"k","profiles":[{"name":"k","mode":"AK","access_key_id":"i","access_key_secret":"s"},{"name":"b","mode":"BearerToken","bearer_token":"t"}]}"#,
    );
    let expected = [
        "ALIBABA_CLOUD_BEARER_TOKEN=t",
        "ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true",
        "ALIBABA_CLOUD_CREDENTIALS_FILE=/dev/null",
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true",
        "ALIBABA_CLOUD_IGNORE_PROFILE=TRUE",
    ];
    assert_eq!(variables(&environment, &["--profile", "b"]), expected);
    environment.fails(
        &["configure", "exec", "--profile", "b", "--serve", "--", "/bin/sh"],
        1,
        "a bearer token cannot be handed over with --serve, which hands on access keys alone; leave it out",
    );
}

#[test]
fn a_profile_that_is_asked_for_is_never_another_one() {
    let environment =
        TestEnvironment::with_profiles(&["current", "other"]).var("ALIBABA_CLOUD_IGNORE_PROFILE", "TRUE");
    let said = "profile 'other' cannot be used while ALIBABA_CLOUD_IGNORE_PROFILE makes the config file count for nothing";
    for command in [
        &["exec", "--", "/bin/sh"] as &[&str],
        &["exec", "--serve", "--", "/bin/sh"],
        &["export-credentials"],
    ] {
        environment.fails(&[&["configure", "--profile", "other"], command].concat(), 1, said);
    }
}

#[test]
fn the_program_takes_this_ones_place() {
    let environment = TestEnvironment::with_profiles(&["dev"]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_aliyun"));
    command.args(EXEC).args(["/bin/sh", "-c", "echo $$; echo $0"]).env_clear().envs(environment.variables());
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    let process = child.id();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{process}\n/bin/sh\n"));
}

#[test]
fn what_cannot_be_run_is_told_as_a_shell_tells_it_and_nothing_is_asked() {
    let environment = TestEnvironment::with_profiles(&["dev"]).var("PATH", "/usr/bin:/bin");
    let plain = environment.home().join("plain");
    fs::write(&plain, "#!/bin/sh\n").unwrap();
    let path = plain.to_str().unwrap();
    let fails =
        |command: &str, code, about: &str| environment.fails(&[&EXEC[..], &[command]].concat(), code, about);
    fails("no-such-program", 127, "cannot run no-such-program: ");
    fails("/no/such/program", 127, "cannot run /no/such/program: ");
    fails("", 127, "cannot run ");
    fails(path, 126, &format!("cannot run {path}: "));
    fails("/", 126, "cannot run /: ");
    fs::set_permissions(&plain, PermissionsExt::from_mode(0o755)).unwrap();
    assert_eq!(environment.run(&[&EXEC[..], &[path]].concat()).code, 0);
    for arguments in
        [&["configure", "exec"] as &[_], &["configure", "exec", "--"], &["configure", "exec", "true"]]
    {
        environment.fails(arguments, 2, "there is no program to run: it stands behind --");
    }
}

#[test]
fn no_program_is_found_in_the_current_folder_whatever_its_name_is() {
    let environment = TestEnvironment::with_profiles(&["dev"]).var("PATH", ".::/usr/bin:/bin");
    for name in [b"planted".as_slice(), b"plant\xffed"] {
        let name = std::ffi::OsStr::from_bytes(name);
        fs::write(environment.home().join(name), "#!/bin/sh\n").unwrap();
        fs::set_permissions(environment.home().join(name), PermissionsExt::from_mode(0o755)).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_aliyun"));
        command.env_clear().envs(environment.variables());
        let status = command.args(EXEC).arg(name).current_dir(environment.home()).status().unwrap();
        assert_eq!(status.code(), Some(127), "{}", name.display());
    }
}

#[test]
fn without_credentials_nothing_runs() {
    let environment = TestEnvironment::new().var("PATH", "/usr/bin:/bin");
    let made = environment.home().join("made");
    let touch = [&EXEC[..], &["touch", made.to_str().unwrap()]].concat();
    environment.fails(&touch, 3, "default is not configure yet");
    environment.write_config(
        &serde_json::json!({"current": "a", "profiles": [
        {"name": "a", "mode": "Anonymous", "region_id": "r"}, ak_profile("b")]})
        .to_string(),
    );
    environment.fails(&touch, 1, "anonymous mode has no credentials to hand over");
    environment.fails(
        &["configure", "exec", "-p", "c", "--", "touch", made.to_str().unwrap()],
        3,
        "unknown profile c",
    );
    assert!(!made.exists());
}

/// Runs a line of Python with `get(url, host)` under `exec --serve`.
fn python(environment: &TestEnvironment, options: &[&str], line: &str) -> Run {
    const GET: &str = "import os, sys, json, http.client\nfrom urllib.parse import urlsplit\naddress = urlsplit(os.environ['ALIBABA_CLOUD_CREDENTIALS_URI'])\ndef get(path=address.path, host='127.0.0.1', method='GET'):\n    c = http.client.HTTPConnection('127.0.0.1', address.port)\n    c.request(method, path, headers={'Host': host})\n    r = c.getresponse()\n    return r.status, r.read().decode()\n";
    let script = format!("{GET}{line}");
    let arguments = [&["configure", "exec", "--serve"], options, &["--", "python3", "-c", &script]].concat();
    run_of(environment.command(&arguments).env("PATH", "/usr/local/bin:/usr/bin:/bin").output().unwrap())
}

#[test]
fn a_served_address_answers_for_the_profile_alone_and_only_to_who_knows_it() {
    let environment = TestEnvironment::with_profiles(&["current", "other"]);
    let run = python(
        &environment,
        &["-p", "other"],
        "print(get()[1], end='')\nprint([get(*a)[0] for a in [('/',), (address.path + '/',), (address.path + '?a',), (address.path, 'evil.example'), (address.path, 'localhost'), (address.path, '127.0.0.1', 'POST')]])",
    );
    let expected = "{\"Code\":\"Success\",\"AccessKeyId\":\"LTAIother\",\"AccessKeySecret\":\"exampleSecret\"}\n[404, 404, 404, 404, 200, 404]\n";
    assert_eq!((run.code, run.stderr.as_str(), run.stdout.as_str()), (0, "", expected));
}

#[test]
fn a_served_program_finds_no_secret_in_its_environment_nor_in_any_process_list() {
    let environment = TestEnvironment::with_profiles(&["dev"]).var("ALICLOUD_SECRET_KEY", "exampleSecret");
    let list = "print(dict(os.environ))\nfor p in os.listdir('/proc'):\n    try: print(open(f'/proc/{p}/cmdline').read())\n    except OSError: pass\n";
    let run = python(&environment, &[], list);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        !run.stdout.contains("exampleSecret") && run.stdout.contains("'ALIBABACLOUD_PROFILE': 'dev'"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_served_program_s_end_is_the_end() {
    let environment = TestEnvironment::with_profiles(&["dev"]);
    let run = python(&environment, &[], "print(address.port)\nsys.exit(42)");
    assert_eq!(run.code, 42, "{}", run.stderr);
    let port: u16 = run.stdout.trim().parse().unwrap();
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    assert_eq!(shell(&environment, &["--serve"], "kill -9 $$").code, 137);
    environment.fails(
        &["configure", "exec", "--serve", "--", "/no/such/program"],
        127,
        "cannot run /no/such/program",
    );
    environment.fails(&["configure", "exec", "--serve", "-p", "x", "--", "/bin/sh"], 3, "unknown profile x");
}

#[test]
fn signals_are_passed_on_to_a_served_program() {
    use std::io::{BufRead, BufReader};
    let environment = TestEnvironment::with_profiles(&["dev"]);
    for (signal, name) in [("INT", 2), ("TERM", 15), ("HUP", 1), ("QUIT", 3)] {
        let script = format!("trap 'exit {}' {signal}; echo ready; while :; do sleep 0.05; done", 40 + name);
        let program = env!("CARGO_BIN_EXE_aliyun");
        // A shell cannot trap what was ignored before it, as SIGINT is where the tests run in the background.
        let mut command = if cfg!(target_os = "linux") {
            let mut command = std::process::Command::new("env");
            command.args(["--default-signal", program]);
            command
        } else {
            std::process::Command::new(program)
        };
        command.args(["configure", "exec", "--serve", "--", "/bin/sh", "-c", &script]);
        command.env_clear().envs(environment.variables()).env("PATH", "/usr/bin:/bin");
        // A group of its own, as no terminal would send the signal to the program as well.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut ready).unwrap();
        assert_eq!(ready, "ready\n");
        let process = child.id().to_string();
        assert!(
            std::process::Command::new("kill").args(["-s", signal, &process]).status().unwrap().success()
        );
        assert_eq!(child.wait().unwrap().code(), Some(40 + name), "{signal}");
    }
}
