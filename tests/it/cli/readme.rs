//! The examples for a shell in both READMEs, run one after the other against the fake cloud as they stand.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

use fake_cloud::{FakeCloud, Listeners, Overrides};
use regex::Regex;

use crate::support::environment::{TestEnvironment, run_of};

const READMES: [&str; 2] = [include_str!("../../../README.md"), include_str!("../../../README.zh-CN.md")];

/// Returns the examples that call the installed program; those of cargo are for a checkout.
fn examples(readme: &str) -> Vec<String> {
    let block = Regex::new(r"(?s)```sh\n(.*?)```").unwrap();
    let all = block.captures_iter(readme).map(|found| found[1].to_owned());
    all.filter(|example| !example.starts_with("cargo ")).collect()
}

/// Makes a home with what the examples take for granted: the program on the search path, a secret in a file, and a
/// `terraform` that tells who it acts as.
fn home(cloud: &FakeCloud) -> TestEnvironment {
    let environment = TestEnvironment::new()
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap())
        .var("ID", "LTAI5tReadme");
    let bin = environment.home().join("bin");
    fs::create_dir(&bin).unwrap();
    symlink(env!("CARGO_BIN_EXE_aliyun"), bin.join("aliyun")).unwrap();
    let terraform = bin.join("terraform");
    fs::write(&terraform, "#!/bin/sh\necho \"$ALICLOUD_ACCESS_KEY $ALICLOUD_REGION: $*\"\n").unwrap();
    fs::set_permissions(&terraform, PermissionsExt::from_mode(0o755)).unwrap();
    fs::write(environment.home().join("secret.txt"), "readmeSecret\n").unwrap();
    environment
}

/// Runs an example in a shell, and returns what it prints, and says nothing else.
fn prints(environment: &TestEnvironment, script: &str) -> String {
    let path = format!("{}:/usr/bin:/bin", environment.home().join("bin").display());
    let mut shell = Command::new("/bin/sh");
    shell.args(["-ec", script]).env_clear().envs(environment.variables()).env("PATH", path);
    let run = run_of(shell.current_dir(environment.home()).stdin(Stdio::null()).output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{script}");
    run.stdout
}

#[test]
fn the_examples_of_the_readmes_do_what_is_said_of_them() {
    for readme in READMES {
        let [scripts, hand_over, check] = &examples(readme)[..] else { panic!("{:#?}", examples(readme)) };
        let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
        cloud.reset(Overrides::none(), [("LTAI5tReadme", "readmeSecret")]);
        let environment = home(&cloud);
        let said = prints(&environment, &format!("{scripts}echo \"$region $account\""));
        assert_eq!(said, "cn-hangzhou 1234567890123456\n");
        assert_eq!(prints(&environment, hand_over), "LTAI5tReadme cn-hangzhou: plan\n");
        let before = environment.config();
        let said = prints(&environment, check);
        assert!(said.contains("acs:ram::1234567890123456:user/tester"), "{said}");
        assert!(said.contains("region_id = cn-hangzhou (profile)"), "{said}");
        assert_eq!(environment.config(), before);
    }
}
