//! How fast the program starts and what the library costs: `cargo bench`, `cargo bench -- --runs 100`.
//!
//! Whole processes are told as ratios to an empty Rust program that is built here and run in turn with them,
//! since times differ from machine to machine and ratios hardly do. What runs in process is told in
//! microseconds. All figures are medians; nothing is asserted.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring program of its own"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aliyun_configure::{ConfigStore, CredentialResolver, FakeHost};
use fake_cloud::{FakeCloud, Listeners, Overrides};
use serde_json::json;
use tempfile::TempDir;

/// Commands by the number of profiles in the file that they find.
const PROCESSES: &[(usize, &[&str])] = &[
    (3, &["version"]),
    (3, &["configure", "--help"]),
    (3, &["configure", "list"]),
    (3, &["configure", "get", "region"]),
    (3, &["configure", "set", "--region", "cn-beijing"]),
    (1_000, &["configure", "list"]),
    (1_000, &["configure", "get", "region"]),
    (1_000, &["configure", "set", "--region", "cn-beijing"]),
    (10_000, &["configure", "list"]),
    (10_000, &["configure", "get", "region"]),
    (10_000, &["configure", "set", "--region", "cn-beijing"]),
];

fn main() {
    let runs = runs_asked_for();
    let work = TempDir::new().unwrap();
    let floor = build_floor(work.path());
    println!("| command | profiles | times an empty program |\n|---|---|---|");
    for (profiles, arguments) in PROCESSES {
        let home = home_with(*profiles);
        let program = Path::new(env!("CARGO_BIN_EXE_aliyun"));
        let ratio = ratio(&floor, program, arguments, home.path(), runs);
        println!("| `aliyun {}` | {profiles} | {ratio:.2} |", arguments.join(" "));
    }
    println!("\n| in process | profiles | µs |\n|---|---|---|");
    for profiles in [3, 1_000, 10_000] {
        let home = home_with(profiles);
        let host = FakeHost::new().with_home(home.path());
        let store = ConfigStore::open(&host).unwrap();
        let read = micros(runs, || drop(store.load().unwrap()));
        let write = micros(runs, || store.update(|config| config.switch("p0")).unwrap());
        println!("| read the file | {profiles} | {read:.0} |\n| change the file | {profiles} | {write:.0} |");
    }
    println!("| assume a role at the fake cloud | 1 | {:.0} |", assume_role(runs));
}

fn runs_asked_for() -> usize {
    let arguments: Vec<_> = std::env::args().collect();
    let asked = arguments.iter().skip_while(|argument| *argument != "--runs").nth(1);
    asked.map_or(40, |runs| runs.parse().unwrap())
}

fn build_floor(work: &Path) -> PathBuf {
    let (source, program) = (work.join("floor.rs"), work.join("floor"));
    fs::write(&source, "fn main() {}\n").unwrap();
    let flags = ["-C", "opt-level=3", "-C", "strip=symbols", "-o"];
    let status = Command::new("rustc").args(flags).arg(&program).arg(&source).status().unwrap();
    assert!(status.success(), "rustc cannot build an empty program");
    program
}

fn home_with(profiles: usize) -> TempDir {
    let home = TempDir::new().unwrap();
    let profiles: Vec<_> = (0..profiles)
        .map(|number| {
            json!({
                "name": format!("p{number}"), "mode": "AK", "access_key_id": format!("LTAI{number:08}"),
                "access_key_secret": "s".repeat(30), "region_id": "cn-hangzhou", "output_format": "json",
                "language": "en",
            })
        })
        .collect();
    fs::create_dir(home.path().join(".aliyun")).unwrap();
    let config = json!({"current": "p0", "profiles": profiles, "meta_path": ""});
    fs::write(home.path().join(".aliyun/config.json"), config.to_string()).unwrap();
    home
}

/// Runs two programs in turn, and gives how many times longer the second one takes.
fn ratio(floor: &Path, program: &Path, arguments: &[&str], home: &Path, runs: usize) -> f64 {
    let (mut floors, mut times) = (Vec::new(), Vec::new());
    for _ in 0..runs + 3 {
        floors.push(once(floor, &[], home));
        times.push(once(program, arguments, home));
    }
    // The first runs fill the caches of the system.
    median(floors.split_off(3), times.split_off(3))
}

fn median(mut floors: Vec<Duration>, mut times: Vec<Duration>) -> f64 {
    floors.sort_unstable();
    times.sort_unstable();
    let middle = |times: &[Duration]| times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64);
    middle(&times) / middle(&floors)
}

fn once(program: &Path, arguments: &[&str], home: &Path) -> Duration {
    let start = Instant::now();
    let mut command = Command::new(program);
    command.args(arguments).env_clear().env("HOME", home).env("PATH", "/usr/bin:/bin");
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.success(), "{arguments:?}: {status}");
    start.elapsed()
}

fn micros(runs: usize, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<_> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Times the whole way from a config file to an assumed role, on a connection that is kept.
fn assume_role(runs: usize) -> f64 {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    cloud.reset(Overrides::none(), [("LTAI5tExampleKey0001", "exampleSecret0001")]);
    let home = TempDir::new().unwrap();
    let host = FakeHost::new()
        .with_home(home.path())
        .with_now(1_700_000_000)
        .with_var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .with_var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    let profile = json!({
        "name": "p", "mode": "RamRoleArn", "access_key_id": "LTAI5tExampleKey0001",
        "access_key_secret": "exampleSecret0001", "ram_role_arn": "acs:ram::1:role/r",
        "ram_session_name": "s", "region_id": "cn-hangzhou",
    });
    let file = home.path().join("config.json");
    let text = json!({"current": "p", "profiles": [profile]}).to_string();
    fs::write(&file, &text).unwrap();
    let resolver = CredentialResolver::new(&host, ConfigStore::open_path(&host, &file));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    micros(runs, || {
        // The session of the run before is kept in the file; without it another one is asked for.
        fs::write(&file, &text).unwrap();
        drop(runtime.block_on(resolver.resolve()).unwrap());
    })
}
