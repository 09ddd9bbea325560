//! Takes profiles over from the files and variables of other programs (beyond, section 3).

mod config;
mod csv;
mod env;
mod ini;
mod ossutil;

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::args::profile_flags::Target;
use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::config::{Config, DEFAULT_PROFILE};
use crate::error::{Error, Result, StorageFailure};
use crate::host::Host;
use crate::secret::{Secret, SecretBuffer};
use crate::storage::BYTE_ORDER_MARK;
use crate::texts::flags;

/// The largest source that is read, in bytes.
const MAX_SIZE: usize = 64 << 20;
/// The most profiles that are taken over at once.
const MAX_PROFILES: usize = 1000;
/// The name under which a role is assumed where the source gives none, since a mode here needs one.
const SESSION_NAME: &str = "aliyun-configure";

/// The arguments of `configure import`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    target: Target,
    #[arg(value_name = "FILE", help = flags::IMPORT_FILE.en)]
    file: Option<PathBuf>,
    #[arg(long, value_enum, help = flags::IMPORT_FROM.en)]
    from: Option<Source>,
    #[arg(long, help = flags::REGION.en)]
    region: Option<String>,
    #[arg(long, default_value = "", hide_default_value = true, help = flags::IMPORT_PREFIX.en)]
    prefix: String,
    #[arg(long, help = flags::OVERWRITE.en)]
    overwrite: bool,
    #[arg(long, help = flags::DRY_RUN.en)]
    dry_run: bool,
}

/// Where profiles come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Source {
    Csv,
    Ini,
    Ossutil,
    Config,
    Env,
}

/// A profile that a source holds.
#[derive(Debug)]
struct Found {
    profile: Profile,
    /// Where it stands, for errors.
    place: String,
}

impl Found {
    /// Makes a profile of a name, which is empty where the source has none.
    fn new(name: &str, mode: &str, place: String) -> Self {
        let mut profile = Profile::new(name);
        profile.set_text(Field::Mode, mode);
        Self { profile, place }
    }

    /// Sets a field.
    fn set(&mut self, field: Field, value: &str) {
        self.profile.set_text(field, value);
    }

    /// Checks that it holds no value that no profile holds (behaviour, section 6.16).
    fn check(&self) -> std::result::Result<(), String> {
        let is_fit = |field: Field| {
            let text = match self.profile.get(field) {
                Some(Value::Text(text)) => text.as_str(),
                Some(Value::Secret(secret)) => secret.expose(),
                _ => "",
            };
            let may_break = field == Field::PrivateKey;
            text.chars().all(|sign| !sign.is_control() || may_break && matches!(sign, '\r' | '\n'))
        };
        match Field::ALL.iter().find(|field| **field != Field::Name && !is_fit(**field)) {
            Some(field) => {
                Err(format!("{}: the value of {} holds control characters", self.place, field.json()))
            }
            None => Ok(()),
        }
    }
}

/// Takes profiles over.
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let mut found = read(arguments, host)?;
    name(&mut found, arguments)?;
    let done = if arguments.dry_run { "would import" } else { "imported" };
    let lines =
        found.iter().map(|Found { profile, .. }| format!("{done} {} ({})\n", profile.name(), profile.mode()));
    let lines: String = lines.collect();
    let store = arguments.target.store(host)?;
    let change = |config: &mut Config| put(config, found, arguments);
    if arguments.dry_run {
        store.rehearse(change)?
    } else {
        store.update(change)?
    };
    host.out(&lines)
}

fn read(arguments: &Arguments, host: &dyn Host) -> Result<Vec<Found>> {
    if arguments.from == Some(Source::Env) {
        return match &arguments.file {
            Some(_) => Err(Error::invalid("--from env reads no file")),
            None => {
                let found = env::read(host)?;
                found.check().map_err(Error::invalid)?;
                Ok(vec![found])
            }
        };
    }
    let path = arguments.file.as_ref().ok_or_else(|| Error::invalid("missing FILE, or --from env"))?;
    let text = text(path.as_os_str(), host)?;
    let text = text.expose();
    let found = parse(text, arguments.from);
    found.map_err(|what| Error::invalid(format!("{}: {what}", path.display())))
}

/// Reads the profiles of a text, or says what is wrong with it and where; the text is not repeated.
fn parse(text: &str, from: Option<Source>) -> std::result::Result<Vec<Found>, String> {
    let found = match from.or_else(|| detect(text)) {
        Some(Source::Csv) => csv::read(text),
        Some(Source::Ini) => ini::read(text),
        Some(Source::Ossutil) => ossutil::read(text),
        Some(Source::Config) => config::read(text),
        Some(Source::Env) | None => {
            Err("neither csv, ini, ossutil nor config can be told from the contents; say which with --from"
                .to_owned())
        }
    };
    match found? {
        found if found.is_empty() => Err("there is no profile in it".to_owned()),
        found if found.len() > MAX_PROFILES => {
            Err(format!("there are more than {MAX_PROFILES} profiles in it"))
        }
        found => {
            found.iter().try_for_each(Found::check)?;
            Ok(found)
        }
    }
}

/// Reads a text as `import` does, and returns what is said of it where it holds no profiles.
#[cfg(fuzzing)]
pub(crate) fn fuzz(text: &str) -> std::result::Result<usize, String> {
    parse(text, None).map(|found| found.len())
}

/// Reads a file, or standard input for `-`.
fn text(path: &OsStr, host: &dyn Host) -> Result<Secret> {
    let is_input = path == "-";
    let failed = |error: io::Error| match is_input {
        true => Error::from(error),
        false => StorageFailure::Unreadable(error).at(Path::new(path)),
    };
    let reader =
        if is_input { host.input() } else { std::fs::File::open(path).map(|file| Box::new(file) as _) };
    let mut buffer = SecretBuffer::default();
    reader.and_then(|reader| buffer.fill(reader, MAX_SIZE)).map_err(failed)?;
    let name = path.display();
    if buffer.len() > MAX_SIZE {
        return Err(Error::invalid(format!("{name} is larger than 64 MiB")));
    }
    let text = buffer.into_text().ok_or_else(|| Error::invalid(format!("{name} is not UTF-8")))?;
    if let Some(line) = text.expose().lines().position(|line| line.contains('\0')) {
        return Err(Error::invalid(format!("{name}: line {} holds a NUL character", line + 1)));
    }
    Ok(match text.expose().strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => Secret::new(rest),
        None => text,
    })
}

/// Tells what a text is by how it looks.
fn detect(text: &str) -> Option<Source> {
    if text.trim_start().starts_with('{') {
        return Some(Source::Config);
    }
    if csv::is_heading(text) {
        return Some(Source::Csv);
    }
    if ossutil::read(text).is_ok() {
        return Some(Source::Ossutil);
    }
    ini::is_any(text).then_some(Source::Ini)
}

/// Gives every profile its name: that of the source, else that of `--profile`, with a number where there are more;
/// a single profile takes the name of `--profile` in any case. Profiles that name one another go on doing so.
fn name(found: &mut [Found], arguments: &Arguments) -> Result<()> {
    let before: Vec<_> = found.iter().map(|found| found.profile.name().to_owned()).collect();
    let count = found.len();
    for (number, found) in (1..).zip(found.iter_mut()) {
        let own = Some(found.profile.name()).filter(|own| !own.is_empty());
        let name = match (own, arguments.target.profile()) {
            (_, Some(asked)) if count == 1 => asked.to_owned(),
            (Some(own), _) => own.to_owned(),
            (None, Some(asked)) => format!("{asked}-{number}"),
            (None, None) => {
                return Err(Error::invalid("the source names no profile: name it with --profile"));
            }
        };
        found.profile.set_text(Field::Name, format!("{}{name}", arguments.prefix));
    }
    let after: Vec<_> = found.iter().map(|found| found.profile.name().to_owned()).collect();
    for Found { profile, .. } in found {
        let source = before.iter().position(|name| name == profile.text(Field::SourceProfile));
        if let Some(name) =
            source.and_then(|at| after.get(at)).filter(|_| !profile.is_empty(Field::SourceProfile))
        {
            profile.set_text(Field::SourceProfile, name);
        }
    }
    Ok(())
}

/// Stores the profiles; all of them, or none.
fn put(config: &mut Config, found: Vec<Found>, arguments: &Arguments) -> Result<()> {
    // What stands in for a missing file is no profile yet.
    let is_new = config.profiles().iter().all(|profile| profile.mode().is_empty());
    let region = config.profile(config.current()).map(|profile| profile.text(Field::RegionId).to_owned());
    let region = arguments.region.clone().or(region).unwrap_or_default();
    let language = config.language().code();
    check_names(config, &found, arguments.overwrite)?;
    let first = found.first().map(|found| found.profile.name().to_owned());
    for Found { mut profile, .. } in found {
        for (field, text) in
            [(Field::RegionId, region.as_str()), (Field::OutputFormat, "json"), (Field::Language, language)]
        {
            if profile.is_empty(field) {
                profile.set_text(field, text);
            }
        }
        config.put(profile);
    }
    match first {
        Some(first) if is_new => config.switch(&first),
        _ => Ok(()),
    }
}

fn check_names(config: &Config, found: &[Found], overwrite: bool) -> Result<()> {
    for (at, Found { profile, place }) in found.iter().enumerate() {
        let name = profile.name();
        if found.iter().take(at).any(|other| other.profile.name() == name) {
            return Err(Error::invalid(format!("{place}: a second profile `{name}`")));
        }
        let is_blank = |profile: &Profile| profile.name() == DEFAULT_PROFILE && profile.mode().is_empty();
        match config.profile(name) {
            Some(there) if !overwrite && !is_blank(there) => {
                return Err(Error::invalid(format!(
                    "there is a profile `{name}` already; --overwrite replaces it, --prefix gives the new ones other names"
                )));
            }
            Some(_) => {}
            None => config.check_new_name(name).map_err(|error| error.during(format!("{place}: ")))?,
        }
    }
    Ok(())
}
