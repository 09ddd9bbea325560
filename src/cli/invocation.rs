//! One call of a command: its flags and words as clap has taken them, and the surroundings.

use clap::ArgMatches;

use super::args::exposure;
use super::args::flags::{self, Takes};
use super::args::grammar::Parsed;
use super::args::secret_values::FlagValues;
use super::args::tree::{self, Command, WORDS};
use crate::config::field::Field;
use crate::config::store::ConfigStore;
use crate::credentials::overlay::Overrides;
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::http;
use crate::language::Language;
use crate::settings::SettingsStore;

/// What a command has at hand.
pub(crate) struct Invocation<'a> {
    pub(crate) host: &'a dyn Host,
    /// The commands from the root down to the one that is run.
    pub(crate) path: Vec<&'static Command>,
    /// The one that is run.
    pub(crate) command: &'static Command,
    matches: ArgMatches,
}

impl<'a> Invocation<'a> {
    /// Hands arguments in the usual form to clap.
    pub(crate) fn new(host: &'a dyn Host, parsed: Parsed) -> Result<Self> {
        let Parsed { path, command, flags, words, .. } = parsed;
        let commands = path.iter().map(|command| command.name.to_owned());
        let flags = flags.into_iter().map(|(flag, value)| match flag.takes {
            Takes::Nothing => format!("--{}", flag.name),
            _ => format!("--{}={value}", flag.name),
        });
        let usual = commands.chain(flags).chain(["--".to_owned()]).chain(words);
        let matches = tree::clap_tree(&path)
            .try_get_matches_from(usual)
            .map_err(|error| Error::Arguments(error.kind().to_string()))?;
        Ok(Self { host, path, command, matches: deepest(matches) })
    }

    /// Gives the value of a flag; `None` where the flag is not given.
    pub(crate) fn flag(&self, name: &str) -> Option<&str> {
        self.matches.try_get_one::<String>(name).ok().flatten().map(String::as_str)
    }

    /// Gives the value of a flag that is given and not empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.flag(name).filter(|value| !value.is_empty())
    }

    /// Tells whether a flag without a value is given.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        matches!(self.matches.try_get_one::<bool>(name), Ok(Some(true)))
    }

    /// Gives the plain words.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.matches.try_get_many::<String>(WORDS).ok().flatten().into_iter().flatten().map(String::as_str)
    }

    /// Gives the profile that is asked for by name.
    pub(crate) fn profile(&self) -> Option<&str> {
        self.filled("profile")
    }

    /// Reads what the flags say about fields; to be called once, since a secret can be a line of standard
    /// input.
    pub(crate) fn overrides(&self) -> Result<Overrides> {
        let mut values = FlagValues::new(self.host);
        let with_field = flags::ALL.iter().filter_map(|flag| Some((flag.name, flag.field?)));
        let given = with_field.filter_map(|(name, field)| Some((name, field, self.flag(name)?)));
        given
            .filter(|(_, field, _)| *field != Field::Name)
            .filter_map(|(name, field, text)| {
                Some(values.read(name, field, text).transpose()?.map(|value| (field, value)))
            })
            .collect()
    }

    /// Opens the config file that is asked for, or the user's, and points out where others can get at it.
    pub(crate) fn store(&self) -> Result<ConfigStore> {
        let store = self.opened()?;
        exposure::point_out(self.host, store.path())?;
        Ok(store)
    }

    fn opened(&self) -> Result<ConfigStore> {
        match self.filled("config-path") {
            Some(path) => Ok(ConfigStore::open_path(self.host, path)),
            None => ConfigStore::open(self.host),
        }
    }

    /// Opens the settings beside the config file.
    pub(crate) fn settings(&self) -> Result<SettingsStore> {
        Ok(SettingsStore::beside(&self.opened()?))
    }

    /// Makes the client for requests, and warns where certificates are not to be checked.
    pub(crate) fn http(&self) -> Result<http::Client> {
        let skip_verify = self.is_set("skip-secure-verify");
        if skip_verify {
            let warning = "WARNING: --skip-secure-verify: certificates are not checked, anybody on the way can read and change the requests\n";
            self.host.write(Stream::Stderr, warning)?;
        }
        Ok(http::Client::new(self.host, skip_verify))
    }
}

fn deepest(mut matches: ArgMatches) -> ArgMatches {
    while let Some((_, below)) = matches.remove_subcommand() {
        matches = below;
    }
    matches
}

/// Runs something that waits for the network, on this thread.
pub(crate) fn wait<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Gives the language of help: that of the current profile, or that of the environment where no config can
/// be read.
pub(crate) fn help_language(host: &dyn Host) -> Language {
    let config = ConfigStore::open(host).and_then(|store| store.without_saving().load());
    config.map_or_else(|_| Language::of(host), |config| config.language())
}
