//! `configure check`: why a profile works or does not (beyond, section 4). Nothing is written.

mod environment;
mod file;
mod finding;
mod live;
mod mode;
mod subject;
mod tools;

use crate::cli::args::profile_flags::PersistentFlags;
use crate::cli::runtime::wait;
use crate::config::Config;
use crate::config::store::ConfigStore;
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::http;
use crate::language::Language;
use crate::texts::flags;
use finding::Report;
use subject::Subject;

/// The arguments of `configure check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, help = flags::CHECK_ALL.en, conflicts_with = "profile")]
    all: bool,
    #[arg(long, help = flags::LIVE.en)]
    live: bool,
    #[arg(long, short, value_enum, default_value = "text", help = flags::CHECK_OUTPUT.en)]
    output: Output,
    #[command(flatten)]
    flags: PersistentFlags,
}

/// A form of the report.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Output {
    Text,
    Json,
}

/// Prints what was found, and fails where something does not work.
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let store = arguments.flags.target.store(host)?.without_saving();
    let (report, language) = match store.load_existing() {
        Ok(config) => (report(arguments, &store, &config, host)?, config.language()),
        Err(error) => {
            let language = Language::of(host);
            let findings = file::unusable(store.path(), &error, language);
            (Report { findings, ..Report::default() }, language)
        }
    };
    let in_colour = host.is_terminal(Stream::Stdout) && host.var("NO_COLOR").is_none();
    host.out(&match arguments.output {
        Output::Text => report.text(in_colour, language),
        Output::Json => report.json(),
    })?;
    let failed = || Error::AlreadyShown(Box::new(Error::invalid("the check found an error")));
    if report.has_error() { Err(failed()) } else { Ok(()) }
}

fn report(arguments: &Arguments, store: &ConfigStore, config: &Config, host: &dyn Host) -> Result<Report> {
    let language = config.language();
    let overrides = arguments.flags.overrides(host)?;
    let mut report = Report { findings: file::findings(store.path(), config, language), ..Report::default() };
    let profiles: Vec<_> = if arguments.all {
        config.profiles().iter().collect()
    } else {
        let (finding, profile) = subject::choose(host, config, arguments.flags.target.profile(), language);
        report.findings.push(finding);
        profile.into_iter().collect()
    };
    for profile in profiles {
        let subject = Subject::new(host, config, profile, &overrides, language);
        look_at(&subject, &mut report);
        if arguments.live {
            call(&subject, store, arguments.flags.http(host)?, &mut report)?;
        }
    }
    Ok(report)
}

fn look_at(subject: &Subject<'_>, report: &mut Report) {
    report.values.extend(subject.values());
    report.findings.extend(environment::findings(subject));
    report.findings.extend(mode::findings(subject));
    report.findings.extend(tools::findings(subject));
}

fn call(subject: &Subject<'_>, store: &ConfigStore, http: http::Client, report: &mut Report) -> Result<()> {
    let (findings, identity) = wait(async { Ok(live::call(subject, store.clone(), http).await) })?;
    report.findings.extend(findings);
    report.identity = report.identity.take().or(identity);
    Ok(())
}
