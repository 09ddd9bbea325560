//! Whole processes, timed in turn with others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

/// Builds an empty program: what the system takes to start anything at all.
pub(crate) fn build_floor(work: &Path) -> PathBuf {
    let (source, program) = (work.join("floor.rs"), work.join("floor"));
    fs::write(&source, "fn main() {}\n").unwrap();
    let flags = ["-C", "opt-level=3", "-C", "strip=symbols", "-o"];
    let status = Command::new("rustc").args(flags).arg(&program).arg(&source).status().unwrap();
    assert!(status.success(), "rustc cannot build an empty program");
    program
}

/// Makes a home with a config file of this many profiles.
pub(crate) fn home_with(profiles: usize) -> TempDir {
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

/// Returns a command with nothing in its environment but this home and the system's programs.
pub(crate) fn command(program: &Path, arguments: &[&str], home: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().env("HOME", home).env("PATH", "/usr/bin:/bin");
    command
}

/// Runs two commands in turn, and returns how many times longer the second one takes.
pub(crate) fn ratio(runs: usize, base: impl Fn() -> Command, other: impl Fn() -> Command) -> f64 {
    let (mut bases, mut others) = (Vec::new(), Vec::new());
    for _ in 0..runs + 3 {
        bases.push(time(base()));
        others.push(time(other()));
    }
    // The first runs fill the caches of the system.
    median(others.split_off(3)) / median(bases.split_off(3))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
}

fn time(mut command: Command) -> Duration {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().unwrap();
    let time = start.elapsed();
    assert!(status.success(), "{command:?}: {status}");
    time
}
