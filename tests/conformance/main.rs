//! The conformance cases: the program is run as its users run it, in a home folder, an environment
//! and a cloud of the case's own, and what it says, leaves and asks for is compared.
//!
//! ```text
//! cargo test --test conformance                      all cases
//! cargo test --test conformance -- set/RamRole -v    some, with differences
//! cargo test --test conformance -- --list            their names
//! cargo test --test conformance -- --json OUT        and the result of each case as JSON
//! cargo test --test conformance -- --renew-waiting   takes off the waiting list what passes now
//! CONFORMANCE_BINARY=path cargo test --test conformance
//!                                                    against another build, the static one say
//! ```
//!
//! A case that fails while work is to be done stands in `waiting.txt`; it fails the run when it passes,
//! so that the list can only shrink.
//!
//! Cases that speak to the cloud need Linux, `unshare`, `mount` and `ip`, and root or user
//! namespaces; elsewhere they are skipped by name, and so are those about modes, links and terminals
//! where there is no Unix. Nothing leaves the machine.

#![allow(clippy::disallowed_methods, reason = "the runner starts programs and lays out their environment")]

mod args;
#[cfg(unix)]
mod browser;
mod case;
mod compare;
mod home;
#[cfg(unix)]
mod namespace;
#[cfg(unix)]
mod pty;
mod report;
mod runner;
mod shell;
mod subset;
mod terminal;
mod text;
mod waiting;

use std::{
    env,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use args::Args;
use case::Case;
use compare::{Difference, compare};
use report::{Report, Verdict};
use runner::Runner;
use waiting::Waiting;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    start().unwrap_or_else(|error| {
        // If stderr is gone too, the exit code must do.
        let _ = writeln!(io::stderr(), "conformance: {error}");
        ExitCode::from(2)
    })
}

fn start() -> Outcome<ExitCode> {
    #[cfg(unix)]
    if env::args().nth(1).as_deref() == Some(browser::FLAG) {
        let page = env::args().nth(2).ok_or("no page to open")?;
        browser::open(&page)?;
        return Ok(ExitCode::SUCCESS);
    }
    let args = Args::parse(env::args().skip(1))?;
    let cases = case::load()?;
    if args.list { list(&args, &cases) } else { run_in_place(&args, &cases) }
}

fn list(args: &Args, cases: &[Case]) -> Outcome<ExitCode> {
    for case in cases.iter().filter(|case| args.select(case)) {
        writeln!(io::stdout(), "{}: test", case.full_name())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the cases in a namespace, where there is one.
#[cfg(unix)]
fn run_in_place(args: &Args, cases: &[Case]) -> Outcome<ExitCode> {
    use namespace::Stage;
    match Stage::current() {
        Stage::Outer => namespace::run_inner(),
        Stage::Inner { without_network } => {
            namespace::leave_terminal()?;
            run_all(args, cases, without_network.as_deref())
        }
    }
}

#[cfg(not(unix))]
fn run_in_place(args: &Args, cases: &[Case]) -> Outcome<ExitCode> {
    run_all(args, cases, Some("the names of the cloud lead to this machine in a namespace of Linux alone"))
}

fn run_all(args: &Args, cases: &[Case], without_network: Option<&str>) -> Outcome<ExitCode> {
    let binary = env::var_os("CONFORMANCE_BINARY")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_aliyun")), PathBuf::from);
    let runner = Runner::new(&binary, without_network.is_none())?;
    let mut report = Report::new(io::stdout().lock(), args.verbose, Waiting::load()?);
    for case in cases.iter().filter(|case| args.select(case)) {
        let verdict = match why_not(case, without_network, report.waits(case)) {
            Some(reason) => Verdict::Skipped(reason),
            None => Verdict::Ran(run(&runner, case)),
        };
        report.add(case, verdict)?;
    }
    if let Some(path) = &args.json {
        report.write_json(path)?;
    }
    if args.select_all() {
        report.look_for_names_of_no_case(cases);
    }
    if args.renew_waiting {
        report.renew_waiting()?;
    }
    let code = if report.finish()? { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    Ok(code)
}

/// Says why a case cannot be run here, if it cannot.
fn why_not(case: &Case, without_network: Option<&str>, is_waiting: bool) -> Option<String> {
    // What is being worked on is looked at on one kind of system alone.
    if cfg!(not(unix)) && is_waiting {
        return Some("it waits for work".to_owned());
    }
    if cfg!(not(unix))
        && let Some(what) = case.needs_unix()
    {
        return Some(format!("it is about {what}"));
    }
    without_network.filter(|_| case.needs_network()).map(str::to_owned)
}

/// A case that cannot be run at all is one that fails.
fn run(runner: &Runner, case: &Case) -> Vec<Difference> {
    let ran = runner.run(case).and_then(|got| compare(case, &got));
    ran.unwrap_or_else(|error| vec![Difference::new("cannot be run", "", error.to_string())])
}
