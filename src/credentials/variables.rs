//! The environment variables that choose a profile, and those in which other programs look for credentials: one table, from
//! which formats, `exec`, completion and help follow (beyond, section 1).

use super::{Credentials, DEFAULT_BEARER_HEADER};
use crate::config::field::Field;
#[cfg(feature = "cli")]
use crate::config::profile::Profile;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::secret::Secret;

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    AccessKeyId,
    AccessKeySecret,
    SecurityToken,
    Region,
    BearerToken,
    BearerHeader,
}

impl Content {
    /// Returns the field of a profile that holds the same.
    #[cfg(feature = "cli")]
    fn field(self) -> Field {
        match self {
            Self::AccessKeyId => Field::AccessKeyId,
            Self::AccessKeySecret => Field::AccessKeySecret,
            Self::SecurityToken => Field::StsToken,
            Self::Region => Field::RegionId,
            Self::BearerToken => Field::BearerToken,
            Self::BearerHeader => Field::BearerTokenHeaderKey,
        }
    }

    fn is_secret(self) -> bool {
        matches!(self, Self::AccessKeySecret | Self::SecurityToken | Self::BearerToken)
    }

    /// Returns what credentials and a region have of this; empty where it is nothing.
    fn of(self, credentials: &Credentials, region: &str) -> Secret {
        match (self, credentials) {
            (Self::Region, _) => region.into(),
            (Self::AccessKeyId, Credentials::AccessKey(key)) => key.access_key_id.as_str().into(),
            (Self::AccessKeySecret, Credentials::AccessKey(key)) => key.access_key_secret.clone(),
            (Self::SecurityToken, Credentials::AccessKey(key)) => {
                key.security_token.clone().unwrap_or_default()
            }
            (Self::BearerToken, Credentials::Bearer { token, .. }) => token.clone(),
            (Self::BearerHeader, Credentials::Bearer { header, .. }) if header != DEFAULT_BEARER_HEADER => {
                header.as_str().into()
            }
            _ => Secret::default(),
        }
    }
}

macro_rules! families {
    ($($(#[$doc:meta])* $family:ident $name:literal [$($variable:literal $content:ident),*];)*) => {
        /// Programs that look for credentials in the same environment variables (beyond, section 1).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum VariableFamily { $($(#[$doc])* $family),* }

        impl VariableFamily {
            /// All families.
            pub const ALL: &'static [Self] = &[$(Self::$family),*];

            /// Returns the name of the family, as `--for` takes it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$family => $name),* }
            }

            /// Returns the variables, each with what it holds.
            const fn table(self) -> &'static [(&'static str, Content)] {
                match self { $(Self::$family => &[$(($variable, Content::$content)),*]),* }
            }
        }
    };
}

families! {
    /// The SDKs for Go, Python, Java, Node and others.
    Sdk "sdk" [
        "ALIBABA_CLOUD_ACCESS_KEY_ID" AccessKeyId, "ALIBABA_CLOUD_ACCESS_KEY_SECRET" AccessKeySecret,
        "ALIBABA_CLOUD_SECURITY_TOKEN" SecurityToken, "ALIBABA_CLOUD_BEARER_TOKEN" BearerToken,
        "ALIBABA_CLOUD_BEARER_TOKEN_HEADER_KEY" BearerHeader, "ALIBABA_CLOUD_REGION_ID" Region
    ];
    /// Terraform's provider.
    Terraform "terraform" [
        "ALICLOUD_ACCESS_KEY" AccessKeyId, "ALICLOUD_SECRET_KEY" AccessKeySecret,
        "ALICLOUD_SECURITY_TOKEN" SecurityToken, "ALICLOUD_REGION" Region
    ];
    /// ossutil, and the SDKs of OSS.
    Oss "oss" [
        "OSS_ACCESS_KEY_ID" AccessKeyId, "OSS_ACCESS_KEY_SECRET" AccessKeySecret,
        "OSS_SESSION_TOKEN" SecurityToken, "OSS_REGION" Region
    ];
}

impl VariableFamily {
    /// Returns the names of the variables.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.table().iter().map(|(name, _)| *name)
    }

    /// Returns a profile of what the variables hold; it has a mode where that suffices.
    #[cfg(feature = "cli")]
    pub(crate) fn read(self, host: &dyn Host) -> Profile {
        let mut profile = Profile::default();
        for (name, content) in self.table() {
            profile.set_text(content.field(), host.var(name).unwrap_or_default());
        }
        let has = |field| !profile.is_empty(field);
        let mode = match (has(Field::AccessKeyId) && has(Field::AccessKeySecret), has(Field::StsToken)) {
            (true, true) => "StsToken",
            (true, false) => "AK",
            (false, _) => "",
        };
        profile.set_text(Field::Mode, mode);
        profile
    }

    fn takes_bearer_tokens(self) -> bool {
        self.table().iter().any(|(_, content)| *content == Content::BearerToken)
    }
}

/// The variables that name a profile, strongest first.
const PROFILE: &[&str] = &["ALIBABACLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"];
/// The variable that makes the config file count for nothing.
pub(crate) const IGNORE_PROFILE: &str = "ALIBABA_CLOUD_IGNORE_PROFILE";
/// All spellings of [`IGNORE_PROFILE`].
const IGNORE: &[&str] = &[IGNORE_PROFILE, "ALIBABACLOUD_IGNORE_PROFILE"];

/// What keeps the default chains of SDKs from sources beside the environment.
#[cfg(feature = "cli")]
pub(crate) const OTHER_SOURCES_OFF: &[(&str, &str)] = &[
    ("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true"),
    ("ALIBABA_CLOUD_CREDENTIALS_FILE", if cfg!(windows) { "NUL" } else { "/dev/null" }),
    ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
];

/// The variables in which SDKs find the address of credentials.
#[cfg(feature = "cli")]
pub(crate) const CREDENTIALS_URI: &[&str] =
    &["ALIBABA_CLOUD_CREDENTIALS_URI", "ALIBABACLOUD_CREDENTIALS_URI", "ALICLOUD_CREDENTIALS_URI"];
/// The variables in which SDKs and Terraform find the role of an instance.
#[cfg(feature = "cli")]
pub(crate) const INSTANCE_ROLE: &[&str] = &["ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME"];
/// The variables in which SDKs find the name of a session.
#[cfg(feature = "cli")]
pub(crate) const SESSION_NAME: &[&str] =
    &["ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALIBABACLOUD_ROLE_SESSION_NAME"];

/// The fields of a profile that say who acts, and where.
const CREDENTIAL_FIELDS: &[Field] = &[
    Field::AccessKeyId,
    Field::AccessKeySecret,
    Field::StsToken,
    Field::RamRoleArn,
    Field::ExternalId,
    Field::RegionId,
    Field::CredentialsUri,
    Field::OidcProviderArn,
    Field::OidcTokenFile,
    Field::BearerToken,
    Field::BearerTokenHeaderKey,
];

/// Variables beside those that make some program act as somebody else: they choose a profile, a file or a role.
const CHOICES: &[&str] = &[
    "ALIBABA_CLOUD_PROFILE_MODE",
    "ALIBABACLOUD_PROFILE_PATH",
    "ALIBABA_CLOUD_CREDENTIALS_FILE",
    "ALIBABA_CLOUD_CONFIG_FILE",
    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
    "ALIBABACLOUD_ROLE_SESSION_NAME",
    "ALIBABA_CLOUD_ECS_METADATA",
    "ALIBABACLOUD_CREDENTIALS_URI",
    "ALICLOUD_CREDENTIALS_URI",
    "ALIBABACLOUD_ACCESS_KEY",
    "ALIBABACLOUD_SECRET_KEY",
    "ALICLOUD_SHARED_CREDENTIALS_FILE",
    "ALICLOUD_ECS_ROLE_NAME",
    "ALICLOUD_ASSUME_ROLE_ARN",
    "ALICLOUD_ASSUME_ROLE_SESSION_NAME",
    "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION",
    "ALICLOUD_ASSUME_ROLE_POLICY",
    "OSS_ROLE_ARN",
    "OSS_ROLE_SESSION_NAME",
    "OSSUTIL_PROFILE",
    "OSSUTIL_CONFIG_FILE",
];

/// Returns the profile that the environment names, behind the name of the variable.
pub(crate) fn profile_variable(host: &dyn Host) -> Option<(&'static str, String)> {
    PROFILE.iter().find_map(|variable| Some((*variable, host.var(variable)?)))
}

/// Returns the variable that makes the config file count for nothing.
pub(crate) fn ignoring_variable(host: &dyn Host) -> Option<&'static str> {
    IGNORE.iter().copied().find(|name| host.var(name).as_deref() == Some("TRUE"))
}

/// Returns the names of all variables that make some program act as somebody, in every spelling.
pub(crate) fn names_of_credentials() -> impl Iterator<Item = &'static str> {
    let of_fields = CREDENTIAL_FIELDS.iter().flat_map(|field| field.variables());
    let of_families = VariableFamily::ALL.iter().flat_map(|family| family.names());
    of_fields.chain(PROFILE).chain(IGNORE).chain(CHOICES).copied().chain(of_families)
}

/// Returns the names of the variables that hold a region.
pub(crate) fn names_of_regions() -> impl Iterator<Item = &'static str> {
    let rows = VariableFamily::ALL.iter().flat_map(|family| family.table());
    rows.filter(|(_, content)| *content == Content::Region).map(|(name, _)| *name)
}

/// An environment variable, as a program should find it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// The name of the variable.
    pub name: &'static str,
    /// Its value; `None` where it must not be set.
    pub value: Option<Secret>,
    /// Whether the value must not be seen, as an access key's id may be.
    pub is_secret: bool,
}

impl Credentials {
    /// Returns the variables of some families; of those that would hold nothing, that they must not be set. An empty
    /// region is none.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the credentials are none, or a bearer token that none of the families has a
    /// variable for.
    pub fn variables(&self, families: &[VariableFamily], region: &str) -> Result<Vec<Variable>> {
        match self {
            Self::Anonymous => return Err(nothing_to_hand_over()),
            Self::Bearer { .. } if !families.iter().any(|family| family.takes_bearer_tokens()) => {
                let names: Vec<_> = families.iter().map(|family| family.name()).collect();
                let names = names.join(", ");
                return Err(Error::invalid(format!(
                    "a bearer token cannot be handed to {names}: an access key is needed there; choose another profile with --profile"
                )));
            }
            _ => {}
        }
        let rows = families.iter().flat_map(|family| family.table());
        Ok(rows
            .map(|(name, content)| {
                let value = Some(content.of(self, region)).filter(|value| !value.is_empty());
                Variable { name, value, is_secret: content.is_secret() }
            })
            .collect())
    }
}

/// Makes the error of credentials that are none.
pub(crate) fn nothing_to_hand_over() -> Error {
    Error::invalid("anonymous mode has no credentials to hand over; choose another profile with --profile")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::AccessKey;

    fn key(token: Option<Secret>) -> Credentials {
        Credentials::AccessKey(AccessKey {
            access_key_id: "i".into(),
            access_key_secret: "s".into(),
            security_token: token,
            expiration: None,
            provider: "static_ak".into(),
        })
    }

    fn shown(credentials: &Credentials, families: &[VariableFamily], region: &str) -> Vec<String> {
        let variables = credentials.variables(families, region).unwrap();
        let text = |variable: Variable| match variable.value {
            Some(value) => format!("{}={}", variable.name, value.expose()),
            None => format!("-{}", variable.name),
        };
        variables.into_iter().map(text).collect()
    }

    #[test]
    fn a_key_without_a_token_takes_the_token_away() {
        assert_eq!(
            shown(&key(None), &[VariableFamily::Terraform], "r"),
            [
                "ALICLOUD_ACCESS_KEY=i",
                "ALICLOUD_SECRET_KEY=s",
                "-ALICLOUD_SECURITY_TOKEN",
                "ALICLOUD_REGION=r"
            ]
        );
        assert_eq!(
            shown(&key(Some("t".into())), &[VariableFamily::Oss], ""),
            ["OSS_ACCESS_KEY_ID=i", "OSS_ACCESS_KEY_SECRET=s", "OSS_SESSION_TOKEN=t", "-OSS_REGION"]
        );
    }

    #[test]
    fn a_bearer_token_goes_to_those_who_take_it_and_no_key_stays_beside_it() {
        let bearer = |header: &str| Credentials::Bearer { token: "b".into(), header: header.to_owned() };
        assert_eq!(
            shown(&bearer("x-own"), &[VariableFamily::Sdk], "r"),
            [
                "-ALIBABA_CLOUD_ACCESS_KEY_ID",
                "-ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                "-ALIBABA_CLOUD_SECURITY_TOKEN",
                "ALIBABA_CLOUD_BEARER_TOKEN=b",
                "ALIBABA_CLOUD_BEARER_TOKEN_HEADER_KEY=x-own",
                "ALIBABA_CLOUD_REGION_ID=r",
            ]
        );
        let all = shown(&bearer(DEFAULT_BEARER_HEADER), VariableFamily::ALL, "r");
        assert!(all.contains(&"-ALIBABA_CLOUD_BEARER_TOKEN_HEADER_KEY".to_owned()), "{all:?}");
        assert!(all.contains(&"-OSS_ACCESS_KEY_SECRET".to_owned()), "{all:?}");
        let error = bearer("h").variables(&[VariableFamily::Oss], "r").unwrap_err();
        assert!(error.to_string().contains("cannot be handed to oss"), "{error}");
    }

    #[test]
    fn nobody_is_handed_over_nowhere() {
        assert!(Credentials::Anonymous.variables(VariableFamily::ALL, "r").is_err());
    }
}
