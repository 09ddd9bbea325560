//! What clap has no place for: a row a flag or word, by its name (`docs/spec/flags.json`).

use crate::config::field::{Field, Kind};

/// What is known of a flag beside what clap knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// The long name of the flag, or the id of a word.
    pub(crate) name: &'static str,
    /// The field of the profile that it sets.
    pub(crate) field: Option<Field>,
    /// Whether the commands that do not change a profile take it as well.
    pub(crate) persistent: bool,
    /// Whether an empty value of it is an error, since it would mean another profile or file than meant.
    pub(crate) nonempty: bool,
    /// What completion offers as its value.
    pub(crate) values: Values,
}

/// A kind of values that completion knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// None, so that the shell offers files.
    Unknown,
    /// The names of profiles.
    Profiles,
    /// The modes.
    Modes,
    /// The regions.
    Regions,
    /// The languages.
    Languages,
    /// The sites of OAuth.
    Sites,
    /// The types of endpoints.
    EndpointTypes,
    /// True and false.
    Booleans,
    /// What a rule of the safety policy does.
    RuleActions,
    /// The patterns of the safety policy.
    RulePatterns,
    /// The names of a profile's settings.
    Settings,
    /// The names of the settings that a profile can do without in some mode.
    Removable,
}

impl Row {
    const fn new(name: &'static str, values: Values) -> Self {
        Self { name, field: None, persistent: false, nonempty: false, values }
    }

    const fn of(name: &'static str, field: Field) -> Self {
        Self { field: Some(field), ..Self::new(name, Values::Unknown) }
    }

    const fn offers(mut self, values: Values) -> Self {
        self.values = values;
        self
    }

    const fn persistent(mut self) -> Self {
        self.persistent = true;
        self
    }

    const fn nonempty(mut self) -> Self {
        self.nonempty = true;
        self
    }
}

/// All rows.
pub(crate) const ROWS: &[Row] = &[
    Row::of("mode", Field::Mode).persistent().offers(Values::Modes),
    Row::of("profile", Field::Name).persistent().nonempty().offers(Values::Profiles),
    Row::of("language", Field::Language).offers(Values::Languages),
    Row::of("region", Field::RegionId).offers(Values::Regions),
    Row::new("config-path", Values::Unknown).persistent().nonempty(),
    Row::of("access-key-id", Field::AccessKeyId),
    Row::of("access-key-secret", Field::AccessKeySecret),
    Row::of("sts-token", Field::StsToken),
    Row::of("sts-region", Field::StsRegion).offers(Values::Regions),
    Row::of("sts-endpoint", Field::StsEndpoint),
    Row::of("ram-role-name", Field::RamRoleName).persistent(),
    Row::of("ram-role-arn", Field::RamRoleArn),
    Row::of("source-profile", Field::SourceProfile).offers(Values::Profiles),
    Row::of("role-session-name", Field::RamSessionName),
    Row::of("external-id", Field::ExternalId),
    Row::of("private-key", Field::PrivateKey),
    Row::of("key-pair-name", Field::KeyPairName),
    Row::of("read-timeout", Field::ReadTimeout),
    Row::of("connect-timeout", Field::ConnectTimeout),
    Row::of("retry-count", Field::RetryCount),
    Row::new("skip-secure-verify", Values::Unknown).persistent(),
    Row::of("expired-seconds", Field::ExpiredSeconds),
    Row::of("process-command", Field::ProcessCommand),
    Row::of("credentials-uri", Field::CredentialsUri),
    Row::of("oidc-provider-arn", Field::OidcProviderArn),
    Row::of("oidc-token-file", Field::OidcTokenFile),
    Row::of("cloud-sso-sign-in-url", Field::CloudSsoSignInUrl).persistent(),
    Row::of("cloud-sso-access-config", Field::CloudSsoAccessConfig).persistent(),
    Row::of("cloud-sso-account-id", Field::CloudSsoAccountId).persistent(),
    Row::of("oauth-site-type", Field::OauthSiteType).persistent().offers(Values::Sites),
    Row::of("endpoint-type", Field::EndpointType).persistent().offers(Values::EndpointTypes),
    Row::of("endpoint", Field::Endpoint).persistent(),
    Row::of("external-account-type", Field::ExternalAccountType),
    Row::of("auto-plugin-install", Field::AutoPluginInstall).offers(Values::Booleans),
    Row::of("auto-plugin-install-enable-pre", Field::AutoPluginInstallEnablePre).offers(Values::Booleans),
    Row::of("bearer-token", Field::BearerToken).persistent(),
    Row::of("bearer-token-header-key", Field::BearerTokenHeaderKey).persistent(),
    Row::new("RegionId", Values::Regions),
    Row::new("action", Values::RuleActions),
    Row::new("pattern", Values::RulePatterns),
    Row::new("settings", Values::Settings),
    Row::new("removed", Values::Removable),
];

/// Returns what is known of a flag or a word.
pub(crate) fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

/// Tells whether a flag sets a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    row(name).and_then(|row| row.field).is_some_and(|field| field.kind() == Kind::Secret)
}

/// Returns the flags that set a field which does not make the profile what it is, whatever its mode.
pub(crate) fn removable() -> impl Iterator<Item = (&'static str, Field)> {
    with_fields().filter(|(_, field)| !matches!(field, Field::Name | Field::Mode))
}

/// Returns the flags that set a field, each with that field.
pub(crate) fn with_fields() -> impl Iterator<Item = (&'static str, Field)> {
    ROWS.iter().filter_map(|row| Some((row.name, row.field?)))
}
