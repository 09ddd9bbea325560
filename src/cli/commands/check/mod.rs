//! `configure check`: why a profile works or does not (beyond, section 4). Nothing is written.

mod environment;
mod file;
mod finding;
mod live;
mod mode;
mod subject;
mod tools;

use super::sts::safety;
use crate::cli::args::profile_flags::PersistentFlags;
use crate::cli::runtime::wait;
use crate::config::Config;
use crate::config::store::ConfigStore;
use crate::credentials::resolver::CredentialResolver;
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::language::Language;
use crate::texts::flags;
use finding::{About, Level, Report};
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
    let (report, language) = match load(arguments, host) {
        Ok((store, config)) => (report(arguments, &store, &config, host)?, config.language()),
        Err(error) => {
            let language = Language::of(host);
            (Report { findings: file::unusable(&error, language), ..Report::default() }, language)
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

fn load(arguments: &Arguments, host: &dyn Host) -> Result<(ConfigStore, Config)> {
    let store = arguments.flags.target.store(host)?.without_saving();
    let config = store.load_existing()?;
    Ok((store, config))
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
    let subject = |profile| Subject::new(host, config, profile, &overrides, language);
    let subjects: Vec<_> = profiles.into_iter().map(subject).collect();
    subjects.iter().for_each(|subject| look_at(subject, &mut report));
    if arguments.live {
        let resolver = CredentialResolver::new(host, store.clone()).with_http(arguments.flags.http(host)?);
        let settings = arguments.flags.target.settings(host)?;
        let permitted = safety::check(&settings, &[safety::CALLER], false, language, host);
        if let Err(error) = permitted.and_then(|()| wait(call(&subjects, &resolver, &mut report))) {
            let about = About { area: "live", profile: None, language };
            report.findings.push(about.told(Level::Error, &error.to_string()));
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

async fn call(
    subjects: &[Subject<'_>],
    resolver: &CredentialResolver<'_>,
    report: &mut Report,
) -> Result<()> {
    for subject in subjects {
        let (findings, identity) = live::call(subject, resolver).await;
        report.findings.extend(findings);
        report.identity = report.identity.take().or(identity);
    }
    Ok(())
}
