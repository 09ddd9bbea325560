//! Signed calls of a cloud over TLS, beside `curl`.

use std::fs;
use std::path::Path;
use std::process::Command;

use aliyun_configure::{ConfigStore, CredentialResolver, FakeHost};
use fake_cloud::{FakeCloud, Listeners, Overrides};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::micros;
use crate::processes::{command, ratio};

const KEY: (&str, &str) = ("LTAI5tExampleKey0001", "exampleSecret0001");
const STS: &str = "https://sts.cn-hangzhou.aliyuncs.com/";

/// Prints how long a call takes, from the start of the process to its end, as a multiple of `curl`'s time for as many
/// requests to the same server. `curl` sends headers of the same size and computes no signature.
pub(crate) fn print_ratios(runs: usize) {
    if Command::new("curl").arg("--version").output().is_err() {
        return println!("skipped: there is no curl here");
    }
    let cloud = cloud();
    let role = profile("RamRoleArn", json!({"ram_role_arn": "acs:ram::1:role/r", "ram_session_name": "s"}));
    for (requests, profile) in [(1, profile("AK", json!({}))), (2, role)] {
        let home = TempDir::new().unwrap();
        fs::create_dir(home.path().join(".aliyun")).unwrap();
        let ours = || {
            // The session of the run before is kept in the file; without it another one is asked for.
            fs::write(home.path().join(".aliyun/config.json"), &profile).unwrap();
            let program = Path::new(env!("CARGO_BIN_EXE_aliyun"));
            reaching(&cloud, command(program, &["sts", "GetCallerIdentity"], home.path()))
        };
        let times = ratio(runs, || curl(&cloud, requests, home.path()), ours);
        println!("| `aliyun sts GetCallerIdentity` | {requests} | {times:.2} |");
    }
}

fn cloud() -> FakeCloud {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    cloud.reset(Overrides::none(), [KEY]);
    cloud
}

/// Returns a config file with one profile, which has these members beside its key.
fn profile(mode: &str, members: Value) -> String {
    let mut profile = json!({
        "name": "p", "mode": mode, "access_key_id": KEY.0, "access_key_secret": KEY.1, "region_id": "cn-hangzhou",
    });
    profile.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    json!({"current": "p", "profiles": [profile]}).to_string()
}

fn reaching(cloud: &FakeCloud, mut command: Command) -> Command {
    command.env("HTTPS_PROXY", cloud.proxy_url().unwrap()).env("SSL_CERT_FILE", cloud.ca_file());
    command
}

/// Returns a `curl` that sends as many requests, all on one connection.
fn curl(cloud: &FakeCloud, requests: usize, home: &Path) -> Command {
    let signature =
        format!("Authorization: ACS3-HMAC-SHA256 Credential={},Signature={}", KEY.0, "0".repeat(64));
    let one = [
        "--request",
        "POST",
        "--output",
        "/dev/null",
        "--http1.1",
        "--header",
        signature.as_str(),
        "--header",
        "x-acs-action: GetCallerIdentity",
        "--header",
        "x-acs-version: 2015-04-01",
        "--header",
        "x-acs-date: 2024-01-02T03:04:05Z",
        "--header",
        "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef",
        STS,
    ];
    let mut arguments = vec!["--silent"];
    arguments.extend(vec![one.as_slice(); requests].join(&"--next"));
    reaching(cloud, command(Path::new("curl"), &arguments, home))
}

/// Times the whole way from a config file to an assumed role, on a connection that is kept, in microseconds.
pub(crate) fn assume_role(runs: usize) -> f64 {
    let cloud = cloud();
    let home = TempDir::new().unwrap();
    let host = FakeHost::new()
        .with_home(home.path())
        .with_now(1_700_000_000)
        .with_var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .with_var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    let file = home.path().join("config.json");
    let text = profile("RamRoleArn", json!({"ram_role_arn": "acs:ram::1:role/r", "ram_session_name": "s"}));
    fs::write(&file, &text).unwrap();
    let resolver = CredentialResolver::new(&host, ConfigStore::open_path(&host, &file));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    micros(runs, || {
        // The session of the run before is kept in the file; without it another one is asked for.
        fs::write(&file, &text).unwrap();
        drop(runtime.block_on(resolver.resolve()).unwrap());
    })
}
