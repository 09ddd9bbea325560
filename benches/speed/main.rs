//! How fast the program is and what the library costs: `cargo bench`, `cargo bench -- --runs 100`.
//!
//! Whole processes are told as ratios to an empty Rust program, and calls of the cloud as ratios to `curl`, which run in
//! turn with them, since times differ from machine to machine and ratios hardly do. `--against PROGRAM` measures another
//! implementation of the same commands beside them. What runs in process is told in microseconds. All figures are
//! medians; nothing is asserted.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring program of its own"
)]

mod call;
mod processes;

use std::path::{Path, PathBuf};
use std::time::Instant;

use aliyun_configure::{ConfigStore, FakeHost};
use tempfile::TempDir;

use processes::{build_floor, command, home_with, ratio};

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
    let runs = argument("--runs").map_or(40, |runs| runs.parse().unwrap());
    let other = argument("--against").map(PathBuf::from);
    processes(runs, other.as_deref());
    println!("\n| call over TLS | requests | times curl |\n|---|---|---|");
    call::print_ratios(runs);
    println!("\n| in process | profiles | µs |\n|---|---|---|");
    in_process(runs);
    println!("| assume a role at the fake cloud | 1 | {:.0} |", call::assume_role(runs));
}

fn argument(flag: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != flag).nth(1)
}

fn processes(runs: usize, other: Option<&Path>) {
    let work = TempDir::new().unwrap();
    let floor = build_floor(work.path());
    let program = Path::new(env!("CARGO_BIN_EXE_aliyun"));
    println!(
        "| command | profiles | times an empty program | the other's time to this one's |\n|---|---|---|---|"
    );
    for (profiles, arguments) in PROCESSES {
        let home = home_with(*profiles);
        let run = |program: &Path, arguments| command(program, arguments, home.path());
        let floors = ratio(runs, || run(&floor, &[]), || run(program, arguments));
        let others = other.map(|other| ratio(runs, || run(program, arguments), || run(other, arguments)));
        let others = others.map_or("-".to_owned(), |times| format!("{times:.1}"));
        println!("| `aliyun {}` | {profiles} | {floors:.2} | {others} |", arguments.join(" "));
    }
}

fn in_process(runs: usize) {
    for profiles in [3, 1_000, 10_000] {
        let home = home_with(profiles);
        let host = FakeHost::new().with_home(home.path());
        let store = ConfigStore::open(&host).unwrap();
        let read = micros(runs, || drop(store.load().unwrap()));
        let write = micros(runs, || store.update(|config| config.switch("p0")).unwrap());
        println!("| read the file | {profiles} | {read:.0} |\n| change the file | {profiles} | {write:.0} |");
    }
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
