//! From a profile's name to credentials: which profile, which values, which mode, and what it obtains
//! (behaviour, section 3).

use crate::blocking;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::config::store::ConfigStore;
use crate::config::{Config, DEFAULT_PROFILE};
use crate::credentials::overlay::{Overrides, overlay};
use crate::credentials::session_cache::cached_session::EXPIRATION_MARGIN;
use crate::credentials::session_cache::{self, Lookup};
use crate::credentials::variables::{ignoring_variable, profile_variable};
use crate::credentials::{AccessKey, Credentials};
use crate::error::{Error, Result};
use crate::host::Host;
use crate::http;
use crate::language::Language;
use crate::modes::{self, BoxFuture, Context, Obtained};
use crate::shell::quoted;
use crate::sts::session::session_name;

/// The region where the config file counts for nothing.
const IGNORED_REGION: &str = "cn-hangzhou";
/// How many helpers or sources may stand behind one another; a ring is noticed before.
const DEPTH: usize = 32;

/// Takes credentials from the config file and the environment, as the command line does.
///
/// ```no_run
/// use aliyun_configure::{CredentialResolver, RealHost};
///
/// # async fn example() -> aliyun_configure::Result<()> {
/// let resolver = CredentialResolver::open(&RealHost)?;
/// let credentials = resolver.resolve().await?;
/// # Ok(())
/// # }
/// ```
pub struct CredentialResolver<'a> {
    host: &'a dyn Host,
    http: http::Client,
    store: ConfigStore,
    name: Option<String>,
    overrides: Overrides,
    margin: i64,
}

/// A profile chosen and completed, and the config that it came from.
#[derive(Debug, Clone)]
pub(crate) struct Selected {
    /// The profile with flags and environment laid over it.
    pub(crate) profile: Profile,
    config: Config,
}

impl Selected {
    /// Returns the language of messages.
    pub(crate) fn language(&self) -> Language {
        language_of(&self.profile, &self.config)
    }
}

fn language_of(profile: &Profile, config: &Config) -> Language {
    Language::from_code(profile.text(Field::Language)).unwrap_or_else(|| config.language())
}

impl<'a> CredentialResolver<'a> {
    /// Opens the user's config file.
    ///
    /// # Errors
    ///
    /// [`Error::NoHome`] where no home folder is known.
    pub fn open(host: &'a dyn Host) -> Result<Self> {
        Ok(Self::new(host, ConfigStore::open(host)?))
    }

    /// Takes profiles from a store.
    pub fn new(host: &'a dyn Host, store: ConfigStore) -> Self {
        let http = http::Client::new(host, false);
        Self { host, http, store, name: None, overrides: Overrides::default(), margin: EXPIRATION_MARGIN }
    }

    /// Sends requests through this client.
    #[must_use]
    pub(crate) fn with_http(mut self, http: http::Client) -> Self {
        self.http = http;
        self
    }

    /// Chooses a profile by name, whatever the environment and the config file say.
    #[must_use]
    pub fn with_profile(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into()).filter(|name| !name.is_empty());
        self
    }

    /// Replaces a cached session this many seconds before its end, instead of 180.
    #[must_use]
    pub fn with_margin(mut self, seconds: i64) -> Self {
        self.margin = seconds;
        self
    }

    /// Lays values over the profile, as flags do.
    #[must_use]
    pub fn with_overrides(mut self, overrides: Overrides) -> Self {
        self.overrides = overrides;
        self
    }

    /// Returns the client for requests.
    pub(crate) fn http(&self) -> &http::Client {
        &self.http
    }

    /// Chooses the profile, lays flags and environment over it, recognises its mode, and checks it.
    ///
    /// # Errors
    ///
    /// [`Error::NotConfigured`]; [`Error::Incomplete`] where the profile lacks something; whatever makes the config
    /// file unreadable.
    pub(crate) fn select(&self) -> Result<Selected> {
        self.select_from(self.reader()()?)
    }

    /// Returns what reads the config file: the file's config, or `None` where the environment makes it count for
    /// nothing.
    fn reader(&self) -> impl FnOnce() -> Result<Option<Config>> + Send + 'static {
        let is_ignored = ignoring_variable(self.host).is_some();
        let store = (!is_ignored).then(|| self.store.clone());
        move || store.map(|store| store.load()).transpose()
    }

    fn select_from(&self, config: Option<Config>) -> Result<Selected> {
        let mut selected = match config {
            Some(config) => self.choose(config)?,
            None => self.without_config(),
        };
        let profile = &mut selected.profile;
        let is_complete = !profile.mode().is_empty();
        overlay(profile, &self.overrides, self.host);
        if !is_complete {
            // No variable of a pod names its session.
            profile.set_text(Field::RamSessionName, session_name(self.host, profile));
        }
        validate_for_call(profile)?;
        Ok(selected)
    }

    fn choose(&self, config: Config) -> Result<Selected> {
        let named = self.name.clone().or_else(|| profile_variable(self.host).map(|(_, name)| name));
        let name = named.as_deref().unwrap_or_else(|| config.current());
        let profile = config.find(name).map_err(unconfigured)?.clone();
        Ok(Selected { profile, config })
    }

    fn without_config(&self) -> Selected {
        let config = Config::built_in(Language::of(self.host));
        let mut profile = config.profile_or_new(DEFAULT_PROFILE);
        profile.set_text(Field::RegionId, IGNORED_REGION);
        Selected { profile, config }
    }

    /// Returns the chosen profile as it counts for calls, with overrides and environment laid over it and its mode
    /// recognised.
    ///
    /// # Errors
    ///
    /// [`Error::NotConfigured`], [`Error::Incomplete`], and whatever makes the config file unreadable.
    pub fn profile(&self) -> Result<Profile> {
        Ok(self.select()?.profile)
    }

    /// Obtains the credentials of the chosen profile.
    ///
    /// # Errors
    ///
    /// [`Error::NotConfigured`], [`Error::Incomplete`] where the profile lacks something, whatever makes the config
    /// file unreadable, then the errors of the profile's mode.
    pub async fn resolve(&self) -> Result<Credentials> {
        self.obtain(&self.select_from(blocking::run(self.reader()).await?)?).await
    }

    /// Obtains the credentials of a profile that was chosen before.
    ///
    /// A cached session is used as long as it is valid; a new one is cached in the config file, and so is a login
    /// that had to be renewed. Of several programs that find a session expired, one refreshes it.
    ///
    /// # Errors
    ///
    /// Those of the profile's mode; a profile that is its own source, however indirectly, is one.
    pub(crate) async fn obtain(&self, selected: &Selected) -> Result<Credentials> {
        self.obtain_of(&selected.profile, &selected.config).await
    }

    /// Obtains the credentials of a profile as it is, with its sources taken from a config. The profile is
    /// not checked.
    ///
    /// # Errors
    ///
    /// As [`CredentialResolver::obtain`].
    pub(crate) async fn obtain_of(&self, profile: &Profile, config: &Config) -> Result<Credentials> {
        let obtained = self.obtain_at(profile, config, 0).await;
        obtained.map_err(|error| error.of_profile(profile.name()))
    }

    fn obtain_at<'b>(
        &'b self,
        profile: &'b Profile,
        config: &'b Config,
        depth: usize,
    ) -> BoxFuture<'b, Credentials> {
        Box::pin(async move {
            if depth > DEPTH {
                return Err(Error::invalid("profiles and helpers stand behind one another without end"));
            }
            let chain = source_chain(profile, config)?;
            let language = language_of(profile, config);
            let mut base: Option<Credentials> = None;
            for (place, link) in chain.iter().enumerate().rev() {
                let base_access_key = base.as_ref().map(|base| source_access_key(base, link)).transpose()?;
                let context = Context {
                    host: self.host,
                    http: &self.http,
                    profile: link,
                    base: base_access_key,
                    renewed: false,
                    language,
                };
                // What a helper printed is not from the file, though it has the name of a profile there.
                let stored = config.profile(link.name()).filter(|_| place > 0 || depth == 0);
                base = Some(self.obtain_link(context, stored, config, depth).await?);
            }
            base.ok_or_else(|| Error::not_configured(profile.name(), unknown(profile.name())))
        })
    }

    /// Returns the credentials of one profile whose source is resolved: the cached session, or new ones.
    async fn obtain_link(
        &self,
        context: Context<'_>,
        stored: Option<&Profile>,
        config: &Config,
        depth: usize,
    ) -> Result<Credentials> {
        let mode = mode_of(context.profile)?;
        let lookup = match stored {
            Some(stored) => {
                session_cache::look_up(self.host, &self.store, mode, stored, context.profile, self.margin)
                    .await?
            }
            None => Lookup::Uncached,
        };
        let (mut refresh, mut profile) = match lookup {
            Lookup::Hit(access_key) => return Ok(Credentials::AccessKey(access_key)),
            Lookup::Miss(refresh, profile) => (Some(refresh), profile),
            Lookup::Uncached => (None, context.profile.clone()),
        };
        let mut renewed = false;
        loop {
            let obtained = mode.obtain(&Context { profile: &profile, renewed, ..context }).await;
            // Whatever a server or a helper says, no secret of the profile gets into an error.
            match obtained.map_err(|error| error.without(profile.secrets()))? {
                Obtained::Credentials(credentials) => {
                    if let Some(mut refresh) = refresh {
                        refresh.store_session(&credentials).await?;
                    }
                    return Ok(credentials);
                }
                Obtained::LoginEnded(error, seconds) => {
                    let error = error.without(profile.secrets());
                    if let Some(refresh) = &refresh {
                        refresh.remember_end(&profile, &error, seconds.map(|life| self.host.now() + life));
                    }
                    return Err(error);
                }
                Obtained::Renewed(_) if renewed => {
                    return Err(Error::unexpected("a login that was renewed is over at once"));
                }
                Obtained::Renewed(fields) => {
                    fields.iter().for_each(|(field, value)| profile.set(*field, value.clone()));
                    if let Some(refresh) = &mut refresh {
                        refresh.store(fields).await?;
                    }
                    renewed = true;
                }
                Obtained::Profile(next, expiration) => {
                    let credentials = self.obtain_at(&next, config, depth + 1).await?;
                    return Ok(credentials.expiring(expiration));
                }
            }
        }
    }
}

/// Returns a profile and its sources, each the source of the one before it.
///
/// # Errors
///
/// A source that is not there, and profiles that are sources of each other.
pub(crate) fn source_chain(profile: &Profile, config: &Config) -> Result<Vec<Profile>> {
    let mut chain: Vec<Profile> = vec![profile.clone()];
    while let Some(link) = chain.last() {
        let Some(source) = modes::by_name(link.mode()).and_then(|mode| mode.source(link)) else {
            break;
        };
        let next = config.find(source).map_err(|error| {
            error.reword_unknown_profile(|name| format!("can not load the source profile: {name}"))
        })?;
        if chain.iter().any(|link| link.name() == source) || chain.len() >= DEPTH {
            let names: Vec<_> = chain.iter().map(Profile::name).chain([source]).collect();
            let ring = names.join(" -> ");
            return Err(Error::invalid(format!("source profiles form a ring: {ring}")));
        }
        chain.push(next.clone());
    }
    Ok(chain)
}

fn source_access_key<'k>(credentials: &'k Credentials, profile: &Profile) -> Result<&'k AccessKey> {
    match credentials {
        Credentials::AccessKey(access_key) => Ok(access_key),
        _ => Err(Error::invalid(format!(
            "the source profile {} gives no access key that a role can be assumed with",
            profile.text(Field::SourceProfile)
        ))),
    }
}

/// Makes the error of a call for which nothing is configured of that of a profile that is not there.
fn unconfigured(error: Error) -> Error {
    match error {
        Error::UnknownProfile { profile, near, .. } => {
            Error::NotConfigured { text: unknown(&profile), profile, near }
        }
        other => other,
    }
}

fn unknown(name: &str) -> String {
    format!("unknown profile {name}, run configure to check")
}

fn mode_of(profile: &Profile) -> Result<&'static dyn modes::Mode> {
    modes::by_name(profile.mode())
        .ok_or_else(|| Error::invalid(format!("unexcepted certificate mode: {}", profile.mode())))
}

/// Finds out whether a profile is complete (behaviour, section 3).
///
/// # Errors
///
/// The first thing that is missing or wrong: the region, the mode, then what the mode needs.
pub(crate) fn validate(profile: &Profile) -> Result<()> {
    if profile.is_empty(Field::RegionId) {
        return Err(wrong_region(profile, "region can't be empty".to_owned()));
    }
    validate_for_call(profile)
}

fn wrong_region(profile: &Profile, text: String) -> Error {
    match profile.mode() {
        "" => Error::not_configured(profile.name(), text),
        _ => Error::incomplete(profile.name(), Field::RegionId.json(), text),
    }
}

/// Finds out whether a profile can be used for a call, which needs no region (behaviour, section 6.14).
///
/// # Errors
///
/// As [`validate`], without the region.
pub(crate) fn validate_for_call(profile: &Profile) -> Result<()> {
    let (name, region) = (profile.name(), profile.text(Field::RegionId));
    if !region.chars().all(|character| character.is_ascii_alphanumeric() || character == '-') {
        return Err(wrong_region(profile, format!("invalid region {region}")));
    }
    match profile.mode() {
        "" => Err(Error::not_configured(
            name,
            format!(
                "profile {name} is not configure yet, run `aliyun configure --profile {}` first",
                quoted(name)
            ),
        )),
        mode => match modes::by_name(mode) {
            Some(mode) => mode.validate(profile),
            None => Err(Error::incomplete(name, Field::Mode.json(), format!("invalid mode: {mode}"))),
        },
    }
}
