//! Credentials in the forms that other programs read, read by these programs.

#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::environment::TestEnvironment;
use crate::support::shells::shell;

/// Values that a shell would act on if it could.
const HOSTILE: &[&str] = &[
    "a'b$(id)`id`\"\\!*; x",
    "'",
    "''",
    "\\",
    "\\'",
    "ends with a backslash\\",
    "one\ntwo\r\nthree\n\n",
    " blanks \t ",
    "%d\\n~ &|<>#{a,b}[c]?",
    "-n",
    "gehéim-密钥-🔑",
    "\u{1b}[31m\u{7f}\u{1}",
    "\u{2018}typographic\u{2019}",
    "$HOME ${HOME} $((1+1)) %PATH% !!",
];

fn sts_profile(secret: &str, token: &str) -> Value {
    json!({"name": "default", "mode": "StsToken", "access_key_id": "STS.id", "access_key_secret": secret,
        "sts_token": token, "region_id": "cn-hangzhou", "output_format": "json", "language": "en"})
}

fn environment(profile: &Value) -> TestEnvironment {
    let environment = TestEnvironment::new();
    environment.write_config(&json!({"current": "default", "profiles": [profile]}).to_string());
    environment
}

/// Runs a line of a shell, in which `$ALIYUN` is the program, and returns what it prints.
fn said(environment: &TestEnvironment, shell: &Path, line: &str, before: &[&str]) -> String {
    let output = Command::new(shell)
        .args(["-c", line])
        .env_clear()
        .envs(environment.variables())
        .envs(before.iter().map(|name| (name, "stood there before")))
        .env("ALIYUN", env!("CARGO_BIN_EXE_aliyun"))
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
    String::from_utf8(output.stdout).unwrap()
}

/// Lets a shell take the variables over, and compares them byte for byte.
fn takes_over(shell_name: &str, line: &str) {
    let Some(shell) = shell(shell_name) else { return };
    let print = r#"printf '%s|%s|%s|' "$ALIBABA_CLOUD_ACCESS_KEY_ID" "$ALIBABA_CLOUD_ACCESS_KEY_SECRET" "$ALIBABA_CLOUD_SECURITY_TOKEN""#;
    for secret in HOSTILE {
        let token = format!("{secret}{secret}");
        let environment = environment(&sts_profile(secret, &token));
        let said = said(&environment, &shell, &format!("{line}; {print}"), &[]);
        assert_eq!(said, format!("STS.id|{secret}|{token}|"), "{shell_name}");
    }
}

/// Lets a shell take the variables of a key without a token over, where other values stood in all of them.
fn takes_away(shell_name: &str, line: &str) {
    let Some(shell) = shell(shell_name) else { return };
    let environment = TestEnvironment::with_profiles(&["dev"]);
    let before = [
        "ALIBABA_CLOUD_SECURITY_TOKEN",
        "ALIBABA_CLOUD_BEARER_TOKEN",
        "ALICLOUD_SECURITY_TOKEN",
        "ALICLOUD_REGION",
        "OSS_SESSION_TOKEN",
        "OSS_ACCESS_KEY_ID",
    ];
    let said = said(&environment, &shell, &format!("{line}; env"), &before);
    let mut variables: Vec<_> = said
        .lines()
        .filter(|line| ["ALIBABA", "ALICLOUD", "OSS_"].iter().any(|one| line.starts_with(one)))
        .collect();
    variables.sort_unstable();
    assert_eq!(
        variables,
        [
            "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIdev",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET=exampleSecret",
            "ALIBABA_CLOUD_REGION_ID=cn-hangzhou",
            "ALICLOUD_ACCESS_KEY=LTAIdev",
            "ALICLOUD_REGION=cn-hangzhou",
            "ALICLOUD_SECRET_KEY=exampleSecret",
            "OSS_ACCESS_KEY_ID=LTAIdev",
            "OSS_ACCESS_KEY_SECRET=exampleSecret",
            "OSS_REGION=cn-hangzhou",
        ],
        "{shell_name}"
    );
}

#[test]
fn every_shell_takes_hostile_values_for_plain_text() {
    let eval = r#"eval "$("$ALIYUN" configure export-credentials --format env)""#;
    ["sh", "bash", "dash", "zsh"].iter().for_each(|shell| takes_over(shell, eval));
    takes_over("zsh", &format!("setopt rc_quotes ksh_glob; {eval}"));
    takes_over("bash", &format!("set -o posix -H; {eval}"));
    takes_over("fish", "$ALIYUN configure export-credentials --format fish | source");
}

#[test]
fn every_shell_loses_what_the_profile_does_not_have() {
    let eval = r#"eval "$("$ALIYUN" configure export-credentials --for all --format env)""#;
    ["sh", "bash", "dash", "zsh"].iter().for_each(|shell| takes_away(shell, eval));
    takes_away("fish", "$ALIYUN configure export-credentials --for all --format fish | source");
}

#[test]
fn json_holds_every_value() {
    for secret in HOSTILE {
        let environment = environment(&sts_profile(secret, "t\0t"));
        let parsed = |format: &str| -> Value {
            let said = environment.succeeds(&["configure", "export-credentials", "--format", format]);
            assert_eq!(said.matches('\n').count(), 1, "{said}");
            serde_json::from_str(&said).unwrap()
        };
        assert_eq!(
            parsed("process"),
            json!({"mode": "StsToken", "access_key_id": "STS.id", "access_key_secret": secret, "sts_token": "t\0t"})
        );
        assert_eq!(
            parsed("uri"),
            json!({"Code": "Success", "AccessKeyId": "STS.id", "AccessKeySecret": secret, "SecurityToken": "t\0t"})
        );
    }
}

#[test]
fn what_a_format_cannot_hold_is_named_and_nothing_is_printed() {
    let environment = environment(&sts_profile("hunter2\nhunter3\0", "t\""));
    for (format, about) in [
        ("env-file", "ALIBABA_CLOUD_ACCESS_KEY_SECRET holds a NUL character"),
        ("env", "--format env cannot hold"),
        ("fish", "--format fish cannot hold"),
        ("powershell", "--format powershell cannot hold"),
        ("cmd", "--format cmd cannot hold"),
        ("github", "--format github cannot hold"),
        ("ini", "the value of access_key_secret holds characters"),
    ] {
        let said = environment.fails(&["configure", "export-credentials", "--format", format], 1, about);
        assert!(!said.contains("hunter"), "{said}");
    }
}

#[test]
fn the_file_of_a_github_step_keeps_what_it_has_and_is_nobody_elses() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    let environment = TestEnvironment::with_profiles(&["dev"]).var("GITHUB_ENV", "env");
    let file = environment.home().join("env");
    for _ in 0..2 {
        let said = environment.succeeds(&["configure", "export-credentials", "--format=github"]);
        assert_eq!(said, "::add-mask::exampleSecret\n");
    }
    let once = "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIdev\nALIBABA_CLOUD_ACCESS_KEY_SECRET=exampleSecret\nALIBABA_CLOUD_REGION_ID=cn-hangzhou\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), once.repeat(2));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    fs::write(&file, "OPEN=1").unwrap();
    environment.succeeds(&["configure", "export-credentials", "--format=github"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("OPEN=1\n{once}"));
    fs::remove_file(&file).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    environment.fails(&["configure", "export-credentials", "--format=github"], 1, "it is no regular file");
    let nowhere = TestEnvironment::with_profiles(&["dev"]).var("GITHUB_ENV", "missing/env");
    let said = nowhere.fails(&["configure", "export-credentials", "--format=github"], 1, "missing/env");
    assert!(!said.contains("exampleSecret"), "{said}");
}

#[cfg(unix)]
#[test]
fn the_end_that_a_helper_tells_is_handed_on() {
    let key = r#""mode":"StsToken","access_key_id":"i","access_key_secret":"s","sts_token":"t""#;
    for (told, handed_on) in [
        (r#","expiration":"2099-01-01T08:00:00+08:00""#, r#","expiration":"2099-01-01T00:00:00Z""#),
        (r#","expiration":"soon""#, ""),
        (r#","expiration":5"#, ""),
        ("", ""),
    ] {
        let helper = format!("/bin/echo '{{{key}{told}}}'");
        let environment = environment(&json!({"name": "default", "mode": "External", "region_id": "r",
            "process_command": helper}));
        let printed = environment.succeeds(&["configure", "export-credentials"]);
        assert_eq!(printed, format!("{{{key}{handed_on}}}\n"), "{told}");
    }
}
