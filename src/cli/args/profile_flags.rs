//! The flags about profiles and calls, which most commands share, and what follows from them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};

use super::secret_values::{self, FlagValues};
use super::{fields, warnings};
use crate::config::field::{Field, Kind};
use crate::config::store::ConfigStore;
use crate::credentials::overlay::Overrides;
use crate::credentials::variables::profile_variable;
use crate::error::Result;
use crate::host::{Host, Stream};
use crate::http;
use crate::settings::SettingsStore;
use crate::texts::{Message, flags};

/// All flags about profiles and calls; help lists them.
pub(crate) type AllFlags = ProfileFlags<true>;
/// The persistent ones, which every command takes that has to do with profiles; help does not list them.
pub(crate) type PersistentFlags = ProfileFlags<false>;

/// The values of the flags about profiles and calls.
#[derive(Debug)]
pub(crate) struct ProfileFlags<const ALL: bool> {
    /// The profile and the file that a command is about.
    pub(crate) target: Target,
    /// The region as calls name it in their parameters.
    pub(crate) region_id: Option<String>,
    skip_secure_verify: bool,
    /// The flags that stand for fields of the profile.
    given: Vec<(&'static str, Field, OsString)>,
}

/// The profile and the file that a command is about.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// The name of the profile as it is given, which may be empty.
    #[arg(long, short, num_args = 0..=1, help = flags::PROFILE.en)]
    pub(crate) profile: Option<String>,
    #[arg(long, help = flags::CONFIG_PATH.en)]
    config_path: Option<PathBuf>,
}

impl Target {
    /// Returns the profile that is asked for by name.
    pub(crate) fn profile(&self) -> Option<&str> {
        self.profile.as_deref().filter(|name| !name.is_empty())
    }

    /// Tells whether a config file is asked for.
    pub(crate) fn names_file(&self) -> bool {
        self.config_path.as_ref().is_some_and(|path| !path.as_os_str().is_empty())
    }

    /// Opens the config file that is asked for, or the user's, and points out where others can get at it.
    pub(crate) fn store(&self, host: &dyn Host) -> Result<ConfigStore> {
        let store = self.opened(host)?;
        warnings::point_out(host, &store)?;
        Ok(store)
    }

    /// Warns at a terminal where calls go on as another profile than the one that a command acts on, since the
    /// environment names it.
    pub(crate) fn warn_of_other(host: &dyn Host, name: &str) -> Result<()> {
        match profile_variable(host).filter(|(_, other)| other != name) {
            Some((variable, other)) if host.is_terminal(Stream::Stderr) => {
                let text = format!(
                    "WARNING: {variable} names the profile '{other}', which calls use whatever this command does to '{name}'; to do without: unset {variable}\n"
                );
                Ok(host.write(Stream::Stderr, &text)?)
            }
            _ => Ok(()),
        }
    }

    /// Opens the settings beside the config file.
    pub(crate) fn settings(&self, host: &dyn Host) -> Result<SettingsStore> {
        Ok(SettingsStore::beside(&self.opened(host)?))
    }

    fn opened(&self, host: &dyn Host) -> Result<ConfigStore> {
        match self.config_path.as_ref().filter(|path| !path.as_os_str().is_empty()) {
            Some(path) => Ok(ConfigStore::open_path(host, path)),
            None => ConfigStore::open(host),
        }
    }
}

impl<const ALL: bool> ProfileFlags<ALL> {
    /// Reads what the flags say about fields; to be called once, since a secret can be a line of standard
    /// input.
    pub(crate) fn overrides(&self, host: &dyn Host) -> Result<Overrides> {
        if let Some(name) = self.target.profile() {
            secret_values::check("profile", Field::Name, name)?;
        }
        let mut values = FlagValues::new(host);
        let read = |(flag, field, text): &(&str, Field, OsString)| {
            Some(values.read(flag, *field, text).transpose()?.map(|value| (*field, value)))
        };
        self.given.iter().filter_map(read).collect()
    }

    /// Makes the client for requests, and warns where certificates are not to be checked.
    pub(crate) fn http(&self, host: &dyn Host) -> Result<http::Client> {
        if self.skip_secure_verify {
            let warning = "WARNING: --skip-secure-verify: certificates are not checked, anybody on the way can read and change the requests\n";
            host.write(Stream::Stderr, warning)?;
        }
        Ok(http::Client::new(host, self.skip_secure_verify))
    }
}

impl<const ALL: bool> Args for ProfileFlags<ALL> {
    fn augment_args(command: clap::Command) -> clap::Command {
        if ALL { command.args(all()) } else { command.args(persistent()) }
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl<const ALL: bool> FromArgMatches for ProfileFlags<ALL> {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, clap::Error> {
        let text = |flag: &str| matches.try_get_one::<String>(flag).ok().flatten().cloned();
        let value = |flag: &str, field: Field| match field.kind() {
            Kind::Secret => matches.try_get_one::<OsString>(flag).ok().flatten().cloned(),
            _ => text(flag).map(OsString::from),
        };
        let fields = fields::with_fields().filter(|(_, field)| *field != Field::Name);
        Ok(Self {
            target: Target {
                profile: text("profile"),
                config_path: matches.try_get_one::<PathBuf>("config-path").ok().flatten().cloned(),
            },
            region_id: text("RegionId"),
            skip_secure_verify: matches!(matches.try_get_one("skip-secure-verify"), Ok(Some(true))),
            given: fields.filter_map(|(flag, field)| Some((flag, field, value(flag, field)?))).collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Returns the persistent flags, for commands that take them without a meaning too.
pub(crate) fn persistent() -> impl Iterator<Item = Arg> {
    let is_persistent = |arg: &Arg| fields::row(arg.get_id().as_str()).is_some_and(|row| row.persistent);
    all().into_iter().filter(is_persistent).map(|arg| arg.hide_short_help(true))
}

/// Returns a place for words that mean nothing to a command, and are no error either (behaviour, section 1).
pub(crate) fn ignored_words() -> Arg {
    Arg::new("ignored").hide(true).num_args(0..).value_parser(ValueParser::os_string())
}

fn value(name: &'static str, help: Message) -> Arg {
    Arg::new(name).long(name).help(help.en)
}

/// A flag whose value is empty where another flag follows instead.
fn optional(name: &'static str, help: Message) -> Arg {
    value(name, help).num_args(0..=1)
}

fn secret(name: &'static str, help: Message) -> Arg {
    value(name, help).value_parser(ValueParser::os_string())
}

/// Returns all flags, in the order of help.
pub(crate) fn all() -> [Arg; 38] {
    [
        optional("mode", flags::MODE),
        optional("profile", flags::PROFILE).short('p'),
        value("language", flags::LANGUAGE),
        value("region", flags::REGION),
        value("config-path", flags::CONFIG_PATH).value_parser(ValueParser::path_buf()),
        value("access-key-id", flags::ACCESS_KEY_ID),
        secret("access-key-secret", flags::ACCESS_KEY_SECRET),
        secret("sts-token", flags::STS_TOKEN),
        value("sts-region", flags::STS_REGION),
        value("sts-endpoint", flags::STS_ENDPOINT),
        value("ram-role-name", flags::RAM_ROLE_NAME),
        value("ram-role-arn", flags::RAM_ROLE_ARN),
        value("source-profile", flags::SOURCE_PROFILE),
        value("role-session-name", flags::ROLE_SESSION_NAME),
        value("external-id", flags::EXTERNAL_ID),
        secret("private-key", flags::PRIVATE_KEY),
        value("key-pair-name", flags::KEY_PAIR_NAME),
        value("read-timeout", flags::READ_TIMEOUT).alias("retry-timeout"),
        value("connect-timeout", flags::CONNECT_TIMEOUT),
        value("retry-count", flags::RETRY_COUNT),
        value("skip-secure-verify", flags::SKIP_SECURE_VERIFY).action(ArgAction::SetTrue),
        value("expired-seconds", flags::EXPIRED_SECONDS),
        value("process-command", flags::PROCESS_COMMAND),
        value("credentials-uri", flags::CREDENTIALS_URI),
        value("oidc-provider-arn", flags::OIDC_PROVIDER_ARN),
        value("oidc-token-file", flags::OIDC_TOKEN_FILE),
        value("cloud-sso-sign-in-url", flags::CLOUD_SSO_SIGN_IN_URL),
        value("cloud-sso-access-config", flags::CLOUD_SSO_ACCESS_CONFIG),
        value("cloud-sso-account-id", flags::CLOUD_SSO_ACCOUNT_ID),
        value("oauth-site-type", flags::OAUTH_SITE_TYPE),
        value("endpoint-type", flags::ENDPOINT_TYPE),
        value("endpoint", flags::ENDPOINT).short('e'),
        value("external-account-type", flags::EXTERNAL_ACCOUNT_TYPE),
        value("auto-plugin-install", flags::AUTO_PLUGIN_INSTALL),
        value("auto-plugin-install-enable-pre", flags::AUTO_PLUGIN_INSTALL_ENABLE_PRE),
        secret("bearer-token", flags::BEARER_TOKEN),
        value("bearer-token-header-key", flags::BEARER_TOKEN_HEADER_KEY),
        Arg::new("RegionId").long("RegionId").hide(true),
    ]
}
