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
//! namespaces; elsewhere they are skipped by name. Nothing leaves the machine.

#![allow(clippy::disallowed_methods, reason = "the runner starts programs and lays out their environment")]

#[cfg(unix)]
mod args;
#[cfg(unix)]
mod browser;
#[cfg(unix)]
mod case;
#[cfg(unix)]
mod compare;
#[cfg(unix)]
mod home;
#[cfg(unix)]
mod namespace;
#[cfg(unix)]
mod report;
#[cfg(unix)]
mod runner;
#[cfg(unix)]
mod shell;
#[cfg(unix)]
mod subset;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod text;
#[cfg(unix)]
mod waiting;

use std::{
    io::{self, Write},
    process::ExitCode,
};

#[cfg(unix)]
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[cfg(unix)]
fn main() -> ExitCode {
    unix::start().unwrap_or_else(|error| {
        // If stderr is gone too, the exit code must do.
        let _ = writeln!(io::stderr(), "conformance: {error}");
        ExitCode::from(2)
    })
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    let said = writeln!(io::stdout(), "SKIP all cases: they need Unix\n0 passed, 0 failed, 0 skipped");
    if said.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(unix)]
mod unix {
    use std::{
        env,
        io::{self, Write},
        path::PathBuf,
        process::ExitCode,
    };

    use crate::{
        Outcome,
        args::Args,
        browser,
        case::{self, Case},
        compare::{Difference, compare},
        namespace::{self, Stage},
        report::{Report, Verdict},
        runner::Runner,
        waiting::Waiting,
    };

    pub(super) fn start() -> Outcome<ExitCode> {
        let mut words = env::args().skip(1);
        if env::args().nth(1).as_deref() == Some(browser::FLAG) {
            let page = words.nth(1).ok_or("no page to open")?;
            browser::open(&page)?;
            return Ok(ExitCode::SUCCESS);
        }
        let args = Args::parse(words)?;
        let cases = case::load()?;
        if args.list {
            return list(&args, &cases);
        }
        match Stage::current() {
            Stage::Outer => namespace::run_inner(),
            Stage::Inner { without_network } => {
                namespace::leave_terminal()?;
                run_all(&args, &cases, without_network)
            }
        }
    }

    fn list(args: &Args, cases: &[Case]) -> Outcome<ExitCode> {
        for case in cases.iter().filter(|case| args.select(case)) {
            writeln!(io::stdout(), "{}: test", case.full_name())?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn run_all(args: &Args, cases: &[Case], without_network: Option<String>) -> Outcome<ExitCode> {
        let binary = env::var_os("CONFORMANCE_BINARY")
            .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_aliyun")), PathBuf::from);
        let runner = Runner::new(&binary, without_network.is_none())?;
        let mut report = Report::new(io::stdout().lock(), args.verbose, Waiting::load()?);
        for case in cases.iter().filter(|case| args.select(case)) {
            let verdict = match &without_network {
                Some(reason) if case.needs_network() => Verdict::Skipped(reason.clone()),
                _ => Verdict::Ran(run(&runner, case)),
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

    /// A case that cannot be run at all is one that fails.
    fn run(runner: &Runner, case: &Case) -> Vec<Difference> {
        let ran = runner.run(case).and_then(|got| compare(case, &got));
        ran.unwrap_or_else(|error| vec![Difference::new("cannot be run", "", error.to_string())])
    }
}
