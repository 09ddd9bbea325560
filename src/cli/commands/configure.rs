use super::current;
use super::report;
use super::sts::safety;
use crate::cli::args::profile_flags::PersistentFlags;
use crate::cli::runtime::wait;
use crate::config::Config;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::config::store::{ConfigStore, Loaded, Origin};
use crate::credentials::overlay::{Overrides, fill_from_environment};
use crate::credentials::resolver::CredentialResolver;
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::http;
use crate::language::Language;
use crate::modes::{self, Dialogue, Mode, Question};
use crate::prompt::{self, Check, Prompt, Query, Terminal};
use crate::sts::{Client, VPC_REGIONS, session_endpoint};

const REGION: Question = Question::new(Field::RegionId, "Default Region Id").choices(VPC_REGIONS);

/// The arguments of `configure`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    flags: PersistentFlags,
}

/// Asks for everything a profile needs, saves it, and checks it with a call (behaviour, section 5).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let flags = &arguments.flags;
    let store = flags.target.store(host)?;
    let Loaded { config, origin } = store.load_with_origin()?;
    let before = config.profile_or_new(flags.target.profile().unwrap_or_else(|| current(&config)));
    let overrides = flags.overrides(host)?;
    let (name, mode) = (before.name(), asked_mode(&overrides, &before));
    if flags.target.profile().is_none() {
        warn_of_change(host, &before, &mode, overrides.typed_mode())?;
    }
    host.out(&format!("Configuring profile '{name}' in '{mode}' authenticate mode...\n"))?;
    let mode = interactive(&mode)?;
    let mut after = before.clone();
    after.set_text(Field::Mode, mode.name());
    overrides.copy(mode.flag_fields(), &mut after);
    let http = flags.http(host)?;
    // What a new profile beside others starts with is not stored anywhere, so it is asked for.
    let is_new = origin != Origin::BuiltIn && config.profile(before.name()).is_none();
    let once = mode.asks_common_once() && !is_new;
    // What is typed from here on is not left for the shell, even if no question asks for it.
    let mut prompt = prompt::open(host)?;
    let language = config.language();
    let mut dialogue = Dialogue { host, prompt: &mut *prompt, http: &http, profile: &mut after, language };
    ask(&mut dialogue, mode, once)?;
    let config = save(host, &store, &before, &after)?;
    if !mode.is_checked() {
        return host.out(report::DONE);
    }
    if host.is_terminal(Stream::Stderr) {
        host.write(Stream::Stderr, "Checking...\n")?;
    }
    let outcome =
        match safety::check(&flags.target.settings(host)?, &[safety::CALLER], false, config.language(), host)
        {
            Ok(()) => check(host, store.clone(), http, &after, &config)?,
            Err(refused) => Err(Failure::from(refused)),
        };
    match outcome {
        Ok(()) => host.out(report::DONE),
        Err(failure) => tell(host, &failure).and_then(|()| offer_old_values(host, &store, &before, &after)),
    }
}

/// Returns the name of the mode: that of the flag, else that of the profile, else the default one.
fn asked_mode(overrides: &Overrides, profile: &Profile) -> String {
    let asked = overrides.mode().filter(|mode| !mode.is_empty());
    let stored = Some(profile.mode()).filter(|mode| !mode.is_empty());
    asked.or(stored).unwrap_or(modes::DEFAULT.name()).to_owned()
}

/// Warns, on a terminal, where a profile that is not named is about to get another mode. What the reference says
/// of a mode typed in another case is said as it says it.
fn warn_of_change(host: &dyn Host, profile: &Profile, mode: &str, typed: &str) -> Result<()> {
    let name = profile.name();
    let warning = |from: &str, to: &str| {
        format!(
            "Warning: You are changing the authentication type of profile '{name}' from '{from}' to '{to}'\n"
        )
    };
    let stored = profile.mode();
    if !typed.is_empty() && typed != mode {
        host.out(&warning(mode, typed))?;
    } else if !stored.is_empty() && stored != mode && host.is_terminal(Stream::Stderr) {
        host.write(Stream::Stderr, &warning(stored, mode))?;
    }
    Ok(())
}

/// Finds a mode that has questions.
fn interactive(name: &str) -> Result<&'static dyn Mode> {
    modes::by_name(name)
        .filter(|mode| mode.questions().is_some())
        .ok_or_else(|| Error::InvalidInput(format!("unexcepted authenticate mode: {name}")))
}

fn ask(dialogue: &mut Dialogue<'_>, mode: &dyn Mode, once: bool) -> Result<()> {
    wait(mode.configure(dialogue))?;
    ask_common(dialogue, once)?;
    dialogue.prompt.finish();
    Ok(())
}

/// Asks what every mode asks; with `once` only where nothing is stored.
fn ask_common(dialogue: &mut Dialogue<'_>, once: bool) -> Result<()> {
    let asks = |profile: &Profile, field| !once || profile.is_empty(field);
    if asks(dialogue.profile, Field::RegionId) {
        dialogue.ask(&REGION)?;
    }
    if asks(dialogue.profile, Field::OutputFormat) {
        let stored = dialogue.profile.text(Field::OutputFormat);
        dialogue.prompt.say(&format!("Default Output Format [{stored}]: json (Only support json)\n"))?;
        dialogue.profile.set_text(Field::OutputFormat, "json");
    }
    if asks(dialogue.profile, Field::Language) {
        ask_language(dialogue)?;
    }
    Ok(())
}

fn ask_language(dialogue: &mut Dialogue<'_>) -> Result<()> {
    let stored = dialogue.profile.text(Field::Language);
    let text = format!("Default Language [zh|en] {stored}: ");
    let check = |answer: &str| match Language::from_code(answer) {
        Some(_) => Check::Accept,
        None => Check::Again(format!("'{answer}' is no language: zh or en.")),
    };
    let answer =
        dialogue.prompt.ask(&Query::new(&text).choices(&["zh", "en"]).clearable().checked(&check))?;
    let asked = if answer.is_empty() { stored } else { answer.expose() };
    let language = Language::from_code(asked).unwrap_or(dialogue.language);
    dialogue.profile.set_text(Field::Language, language.code());
    Ok(())
}

/// Saves what the answers changed, and makes the profile the current one.
fn save(host: &dyn Host, store: &ConfigStore, before: &Profile, after: &Profile) -> Result<Config> {
    let name = after.name();
    host.out(&format!("Saving profile[{name}] ..."))?;
    let config = store.update(|config| {
        let mut profile = config.profile_or_new(name);
        profile.apply_changes(before, after);
        config.put(profile);
        config.switch(name)?;
        Ok(config.clone())
    })?;
    host.out("Done.\n")?;
    Ok(config)
}

/// Says why a profile does not work, and at a terminal how to mend it.
fn tell(host: &dyn Host, failure: &Failure) -> Result<()> {
    host.out(&report::failed(&failure.shown))?;
    match &failure.remedy {
        Some(remedy) if host.is_terminal(Stream::Stderr) => {
            Ok(host.write(Stream::Stderr, &format!("{remedy}\n"))?)
        }
        _ => Ok(()),
    }
}

/// Lets somebody at a terminal put back what a profile held before its new values did not work.
fn offer_old_values(host: &dyn Host, store: &ConfigStore, before: &Profile, after: &Profile) -> Result<()> {
    let is_replaced = !before.mode().is_empty() && before.differs_from(after);
    if !is_replaced || !host.is_terminal(Stream::Stdin) || !host.is_terminal(Stream::Stderr) {
        return Ok(());
    }
    let name = after.name();
    let question = format!("Put the old values of profile '{name}' back? [y/N]: ");
    let answer = Terminal::new(host)?.shown_on(Stream::Stderr).ask(&Query::new(&question));
    // The end of the input is a no like any other.
    if !answer.is_ok_and(|answer| matches!(answer.expose(), "y" | "Y" | "yes")) {
        return Ok(());
    }
    store.update(|config| {
        let mut profile = config.profile_or_new(name);
        profile.apply_changes(after, before);
        config.put(profile);
        Ok(())
    })?;
    Ok(host.write(Stream::Stderr, &format!("Profile '{name}' has its old values again.\n"))?)
}

/// Why a profile does not work.
struct Failure {
    /// The error as standard output shows it.
    shown: String,
    remedy: Option<String>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { shown: error.to_string(), remedy: error.remedy() }
    }
}

/// Calls GetCallerIdentity as the new profile, or says why that failed. A profile that does not work stays saved,
/// and that is no error, as scripts know it.
fn check(
    host: &dyn Host,
    store: ConfigStore,
    http: http::Client,
    profile: &Profile,
    config: &Config,
) -> Result<std::result::Result<(), Failure>> {
    let resolver = CredentialResolver::new(host, store).with_http(http);
    wait(async { Ok(call(host, &resolver, profile, config).await) })
}

async fn call(
    host: &dyn Host,
    resolver: &CredentialResolver<'_>,
    profile: &Profile,
    config: &Config,
) -> std::result::Result<(), Failure> {
    let mut profile = profile.clone();
    fill_from_environment(&mut profile, host);
    let credentials = resolver.obtain_of(&profile, config).await?;
    let access_key = super::sts::signing_access_key(credentials, &profile)?;
    let client = Client::new(host, resolver.http(), session_endpoint(&profile)?, &access_key);
    client
        .call("GetCallerIdentity", &[], &[])
        .await
        .map(drop)
        .map_err(|error| Failure { shown: report::of_call(&error), remedy: error.remedy() })
}
