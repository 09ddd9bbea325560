//! The recipes of `docs/hand-over.md`, with the tools that they are for where these can be had.

#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::environment::{Run, TestEnvironment, ak_profile, run_of};
use crate::support::skip::skip;

const ENGLISH: &str = include_str!("../../../docs/hand-over.md");
const CHINESE: &str = include_str!("../../../docs/zh-CN/hand-over.md");

/// Returns the blocks of code of a language below a heading.
fn blocks<'d>(document: &'d str, heading: &str, language: &str) -> Vec<&'d str> {
    let section = document.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    let mut blocks = Vec::new();
    for part in section.split(&format!("```{language}\n")).skip(1) {
        blocks.push(part.split("```").next().unwrap());
    }
    blocks
}

/// Makes a home with a profile `dev` that is not the current one, in which `aliyun` is on the search path, and so are
/// programs of these names that show who they act as.
fn environment(tools: &[&str]) -> TestEnvironment {
    let environment = TestEnvironment::new();
    let session = serde_json::json!({"name": "dev", "mode": "OAuth", "oauth_site_type": "CN",
        "oauth_access_token": "a", "oauth_refresh_token": "r", "oauth_access_token_expire": 4_070_908_800_i64,
        "access_key_id": "STS.dev", "access_key_secret": "devSecret", "sts_token": "devToken",
        "sts_expiration": 4_070_908_800_i64, "region_id": "cn-beijing"});
    environment.write_config(
        &serde_json::json!({"current": "other", "profiles": [ak_profile("other"), session]}).to_string(),
    );
    let bin = environment.home().join("bin");
    fs::create_dir(&bin).unwrap();
    symlink(env!("CARGO_BIN_EXE_aliyun"), bin.join("aliyun")).unwrap();
    for tool in tools {
        let path = bin.join(tool);
        fs::write(
            &path,
            "#!/bin/sh\necho \"$ALIBABA_CLOUD_ACCESS_KEY_ID $ALICLOUD_ACCESS_KEY $OSS_ACCESS_KEY_ID: $*\"\n",
        )
        .unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    environment
}

/// Runs a line of a shell where other credentials stand in the environment.
fn shell(environment: &TestEnvironment, line: &str) -> Run {
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", environment.home().join("bin").display());
    let mut command = Command::new("/bin/sh");
    command.args(["-c", line]).env_clear().envs(environment.variables()).current_dir(environment.home());
    command.envs([("ALIBABA_CLOUD_ACCESS_KEY_ID", "stray"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "stray")]);
    command.envs([("ALIBABA_CLOUD_PROFILE", "other"), ("ALICLOUD_PROFILE", "other")]);
    run_of(command.env("PATH", path).stdin(Stdio::null()).output().unwrap())
}

fn says(environment: &TestEnvironment, line: &str) -> String {
    let run = shell(environment, line);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{line}");
    run.stdout
}

#[test]
fn programs_that_read_the_environment_act_as_the_profile() {
    let environment = environment(&["terraform", "ossutil", "docker"]);
    let terraform = says(&environment, blocks(ENGLISH, "Terraform", "sh")[0]);
    assert_eq!(terraform, "STS.dev STS.dev STS.dev: plan\n");
    assert_eq!(says(&environment, blocks(ENGLISH, "ossutil", "sh")[0]), "STS.dev STS.dev STS.dev: ls\n");
    let docker = blocks(ENGLISH, "docker", "sh");
    assert!(says(&environment, docker[1]).starts_with("STS.dev "));
    says(&environment, docker[0]);
    let file = fs::read_to_string(environment.home().join("credentials.env")).unwrap();
    let expected = "ALIBABA_CLOUD_ACCESS_KEY_ID=STS.dev\nALIBABA_CLOUD_ACCESS_KEY_SECRET=devSecret\nALIBABA_CLOUD_SECURITY_TOKEN=devToken\nALIBABA_CLOUD_REGION_ID=cn-beijing\n";
    assert_eq!(file, expected);
}

#[test]
fn a_shell_and_a_makefile_act_as_the_profile() {
    let environment = environment(&[]);
    let [eval, prompt] = blocks(ENGLISH, "A shell", "sh")[..] else { panic!("two recipes") };
    let said = says(&environment, &format!("{eval}\necho $ALIBABA_CLOUD_ACCESS_KEY_ID"));
    assert_eq!(said, "STS.dev\n");
    let prompt = format!("{} -c 'echo $ACTING_AS $OSS_ACCESS_KEY_ID'", prompt.trim_end());
    assert_eq!(says(&environment, &prompt), "dev STS.dev\n");
    if Command::new("make").arg("--version").output().is_err() {
        return skip("a_shell_and_a_makefile_act_as_the_profile", "make is not installed");
    }
    fs::write(environment.home().join("Makefile"), blocks(ENGLISH, "Makefile", "make")[0]).unwrap();
    assert_eq!(says(&environment, "make deploy"), "deploying as STS.dev\n");
}

#[test]
fn a_step_of_a_build_sets_the_variables_of_the_next_ones() {
    let environment = environment(&[]).var("GITHUB_ENV", "steps");
    let step = blocks(ENGLISH, "GitHub Actions", "sh")[0].replace("--format", "--profile dev --format");
    assert_eq!(says(&environment, &step), "::add-mask::devSecret\n::add-mask::devToken\n");
    let steps = fs::read_to_string(environment.home().join("steps")).unwrap();
    assert!(steps.contains("OSS_SESSION_TOKEN=devToken\n"), "{steps}");
}

#[test]
fn a_helper_lends_a_profile_to_another() {
    let environment = environment(&[]);
    says(&environment, blocks(ENGLISH, "SDKs for Go", "sh")[1]);
    let said = says(&environment, "aliyun configure export-credentials --profile for-sdk");
    assert_eq!(said.matches("STS.dev").count(), 1, "{said}");
}

#[test]
fn both_languages_have_the_same_recipes() {
    let code = |document: &'static str| document.split("```").skip(1).step_by(2).collect::<Vec<_>>();
    assert_eq!(code(ENGLISH), code(CHINESE));
}

/// Returns where packages that are installed for tests stay from run to run.
fn packages(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Runs a program; tells whether it could be run, and ended well.
fn works(program: &Path, arguments: &[&str], folder: &Path) -> bool {
    let output = Command::new(program).args(arguments).current_dir(folder).stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.status.success())
}

/// Lets an SDK find its credentials by its default chain, handed over and served.
fn finds_the_profile(sdk: &str) {
    let environment = environment(&[]);
    for options in ["", "--serve"] {
        let said = says(&environment, &format!("aliyun configure exec --profile dev {options} -- {sdk}"));
        assert_eq!(said, "STS.dev devSecret devToken\n", "{options}");
    }
}

#[test]
fn the_sdk_for_python_finds_the_profile() {
    const TEST: &str = "the_sdk_for_python_finds_the_profile";
    let folder = packages("sdk-python");
    let python = folder.join("bin/python");
    let is_there = || works(&python, &["-c", "import alibabacloud_credentials"], Path::new("/"));
    if !is_there() {
        let made = works(Path::new("python3"), &["-m", "venv", folder.to_str().unwrap()], Path::new("/"));
        let install = ["-m", "pip", "-q", "--retries", "0", "install", "alibabacloud_credentials==1.0.12"];
        if !made || !works(&python, &install, Path::new("/")) {
            return skip(TEST, "no Python with venv, or no registry");
        }
    }
    let script = folder.join("who.py");
    fs::write(&script, "from alibabacloud_credentials.client import Client\nc = Client().get_credential()\nprint(c.access_key_id, c.access_key_secret, c.security_token)\n").unwrap();
    finds_the_profile(&format!("{} {}", python.display(), script.display()));
}

#[test]
fn the_sdk_for_node_finds_the_profile() {
    const TEST: &str = "the_sdk_for_node_finds_the_profile";
    let folder = packages("sdk-node");
    fs::create_dir_all(&folder).unwrap();
    if !folder.join("node_modules/@alicloud/credentials/package.json").exists() {
        let install = [
            "install",
            "--silent",
            "--no-save",
            "--fetch-retries=0",
            "--prefix",
            ".",
            "@alicloud/credentials@2",
        ];
        if !works(Path::new("npm"), &install, &folder) {
            return skip(TEST, "no npm, or no registry");
        }
    }
    let script = folder.join("who.js");
    fs::write(&script, "const C = require('@alicloud/credentials').default;\nnew C().getCredential().then(c => console.log(c.accessKeyId, c.accessKeySecret, c.securityToken));\n").unwrap();
    finds_the_profile(&format!("node {}", script.display()));
}
