//! The fields of a profile: one table row a field, in the order of the config file.

use smol_str::SmolStr;

use crate::secret::Secret;

/// What a field holds in the config file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A JSON string.
    Text,
    /// A JSON string that must not be seen.
    Secret,
    /// A JSON number without a fraction; times are Unix seconds.
    Integer,
    /// `true` or `false`.
    Boolean,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Of a [`Kind::Text`] field. A short text, as most in a config file are, takes no memory of its own.
    Text(SmolStr),
    /// Of a [`Kind::Secret`] field.
    Secret(Secret),
    /// Of a [`Kind::Integer`] field.
    Integer(i64),
    /// Of a [`Kind::Boolean`] field.
    Boolean(bool),
}

impl Value {
    /// Tells whether the config file leaves this value out: an empty text, zero, or false.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Secret(secret) => secret.is_empty(),
            Self::Integer(number) => *number == 0,
            Self::Boolean(on) => !on,
        }
    }

    /// Returns the value as a text, a secret as well.
    pub(crate) fn expose(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Secret(secret) => secret.expose().to_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Boolean(on) => on.to_string(),
        }
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident $json:literal $kind:ident [$($env:literal),*];)*) => {
        /// A field of a profile, named as in the config file (`docs/spec/config-fields.json`).
        ///
        /// The order of the variants is the order in which the config file is written.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(#[$doc])* $name,)* }

        impl Field {
            /// All fields, in the order of the config file.
            pub const ALL: &'static [Field] = &[$(Field::$name,)*];

            /// Returns the field's key in the config file.
            pub const fn json(self) -> &'static str {
                match self { $(Self::$name => $json,)* }
            }

            /// Returns what the field holds.
            pub(crate) const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }

            /// Returns the environment variables that stand in for an empty field, strongest first
            /// (wire, section 0.2).
            pub(crate) const fn variables(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($env),*],)* }
            }

            /// Finds the field that a key of the config file means, in any case of its letters.
            pub fn from_json(key: &str) -> Option<Self> {
                match key {
                    $($json => Some(Self::$name),)*
                    _ => Self::ALL.iter().copied().find(|field| field.json().eq_ignore_ascii_case(key)),
                }
            }
        }
    };
}

fields! {
    /// The profile's name.
    Name "name" Text [];
    /// How credentials are obtained.
    Mode "mode" Text [];
    /// The id of an access key; in CloudSSO and OAuth profiles that of a cached session.
    AccessKeyId "access_key_id" Text [
        "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_ID", "ACCESS_KEY_ID"
    ];
    /// The secret that belongs to the access key.
    AccessKeySecret "access_key_secret" Secret [
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALICLOUD_ACCESS_KEY_SECRET",
        "ACCESS_KEY_SECRET"
    ];
    /// The token of a session.
    StsToken "sts_token" Secret [
        "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN", "SECURITY_TOKEN"
    ];
    /// The region whose STS is asked for sessions.
    StsRegion "sts_region" Text [];
    /// The STS endpoint that is asked for sessions.
    StsEndpoint "sts_endpoint" Text ["ALIBABA_CLOUD_STS_ENDPOINT"];
    /// The RAM role of an ECS instance.
    RamRoleName "ram_role_name" Text [];
    /// The RAM role to assume.
    RamRoleArn "ram_role_arn" Text ["ALIBABACLOUD_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"];
    /// The name under which a role is assumed.
    RamSessionName "ram_session_name" Text [];
    /// The external id that the role's trust policy asks for.
    ExternalId "external_id" Text ["ALIBABACLOUD_EXTERNAL_ID", "ALIBABA_CLOUD_EXTERNAL_ID"];
    /// The profile whose credentials assume the role.
    SourceProfile "source_profile" Text [];
    /// An RSA private key, or the path of its file.
    PrivateKey "private_key" Secret [];
    /// The id of an RSA key pair.
    KeyPairName "key_pair_name" Text [];
    /// The life of a session in seconds.
    ExpiredSeconds "expired_seconds" Integer [];
    /// Written by older versions.
    Verified "verified" Text [];
    /// The region of API calls.
    RegionId "region_id" Text [
        "ALIBABA_CLOUD_REGION_ID", "ALIBABACLOUD_REGION_ID", "ALICLOUD_REGION_ID", "REGION_ID", "REGION"
    ];
    /// The output format; only `json` is supported.
    OutputFormat "output_format" Text [];
    /// The language of texts, `zh` or `en`.
    Language "language" Text [];
    /// The site of the account.
    Site "site" Text [];
    /// The time limit of an API call in seconds.
    ReadTimeout "read_timeout" Integer [];
    /// The time limit of connecting in seconds.
    ConnectTimeout "connect_timeout" Integer [];
    /// How often a failed API call is repeated.
    RetryCount "retry_count" Integer [];
    /// The command line of a credential helper.
    ProcessCommand "process_command" Text [];
    /// The address that answers with credentials.
    CredentialsUri "credentials_uri" Text ["ALIBABA_CLOUD_CREDENTIALS_URI"];
    /// The OIDC provider.
    OidcProviderArn "oidc_provider_arn" Text ["ALIBABACLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"];
    /// The path of the file that holds an OIDC token.
    OidcTokenFile "oidc_token_file" Text ["ALIBABACLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"];
    /// The sign-in page of CloudSSO.
    CloudSsoSignInUrl "cloud_sso_sign_in_url" Text [];
    /// The access token of a CloudSSO login.
    AccessToken "access_token" Secret [];
    /// When the CloudSSO login ends.
    CloudSsoAccessTokenExpire "cloud_sso_access_token_expire" Integer [];
    /// When the cached session ends.
    StsExpiration "sts_expiration" Integer [];
    /// The access configuration chosen at a CloudSSO login.
    CloudSsoAccessConfig "cloud_sso_access_config" Text [];
    /// The account chosen at a CloudSSO login.
    CloudSsoAccountId "cloud_sso_account_id" Text [];
    /// The access token of an OAuth login.
    OauthAccessToken "oauth_access_token" Secret [];
    /// The token that renews an OAuth login.
    OauthRefreshToken "oauth_refresh_token" Secret [];
    /// When the OAuth access token ends.
    OauthAccessTokenExpire "oauth_access_token_expire" Integer [];
    /// When the OAuth refresh token ends; kept for other programs.
    OauthRefreshTokenExpire "oauth_refresh_token_expire" Integer [];
    /// The site of an OAuth login, `CN` or `INTL`.
    OauthSiteType "oauth_site_type" Text [];
    /// `vpc` for endpoints inside a VPC.
    EndpointType "endpoint_type" Text [
        "ALIBABA_CLOUD_ENDPOINT_TYPE", "ALIBABACLOUD_ENDPOINT_TYPE", "ALICLOUD_ENDPOINT_TYPE", "ENDPOINT_TYPE"
    ];
    /// The endpoint of API calls.
    Endpoint "endpoint" Text ["ALIBABA_CLOUD_ENDPOINT"];
    /// The type of an external account.
    ExternalAccountType "external_account_type" Text ["ALIBABA_CLOUD_EXTERNAL_ACCOUNT_TYPE"];
    /// Whether the reference installs plugins by itself.
    AutoPluginInstall "auto_plugin_install" Boolean ["ALIBABA_CLOUD_CLI_PLUGIN_AUTO_INSTALL"];
    /// Whether the reference installs pre-releases of plugins.
    AutoPluginInstallEnablePre "auto_plugin_install_enable_pre" Boolean [
        "ALIBABA_CLOUD_CLI_PLUGIN_AUTO_INSTALL_ENABLE_PRE"
    ];
    /// The token of BearerToken mode.
    BearerToken "bearer_token" Secret ["ALIBABA_CLOUD_BEARER_TOKEN"];
    /// The header that carries the bearer token.
    BearerTokenHeaderKey "bearer_token_header_key" Text ["ALIBABA_CLOUD_BEARER_TOKEN_HEADER_KEY"];
}

impl Field {
    /// Reads a text, as a flag, an answer or the environment gives it.
    ///
    /// Returns `None` for an [`Kind::Integer`] field when the text is no integer; such a text is ignored.
    /// A [`Kind::Boolean`] field is on for `true` in any case and off for all else.
    pub(crate) fn value(self, text: &str) -> Option<Value> {
        match self.kind() {
            Kind::Text | Kind::Secret => self.string(text),
            Kind::Integer => text.parse().ok().map(Value::Integer),
            Kind::Boolean => Some(Value::Boolean(text.eq_ignore_ascii_case("true"))),
        }
    }

    /// Returns the value that a JSON string stands for; `None` where the field holds none.
    pub(crate) fn string(self, text: &str) -> Option<Value> {
        match self.kind() {
            Kind::Text => Some(Value::Text(text.into())),
            Kind::Secret => Some(Value::Secret(Secret::new(text))),
            Kind::Integer | Kind::Boolean => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// A row of the specification's table.
    #[derive(Deserialize)]
    struct Row {
        json: String,
        r#type: String,
        env_when_empty: Vec<String>,
        secret: bool,
    }

    #[test]
    fn the_fields_are_those_of_the_specification() {
        let rows: Vec<Row> =
            serde_json::from_str(include_str!("../../docs/spec/config-fields.json")).unwrap();
        let in_table: Vec<_> = rows.iter().map(|row| row.json.as_str()).collect();
        assert_eq!(Field::ALL.iter().map(|field| field.json()).collect::<Vec<_>>(), in_table);
        for (field, row) in Field::ALL.iter().zip(&rows) {
            let kind = match (row.r#type.as_str(), row.secret) {
                ("string", false) => Kind::Text,
                ("string", true) => Kind::Secret,
                ("integer" | "unix seconds", false) => Kind::Integer,
                ("boolean", false) => Kind::Boolean,
                other => panic!("{}: {other:?}", row.json),
            };
            assert_eq!(
                (field.kind(), field.variables().iter().map(|name| (*name).to_owned()).collect()),
                (kind, row.env_when_empty.clone()),
                "{}",
                row.json
            );
        }
    }

    #[test]
    fn a_key_is_found_in_any_case() {
        assert_eq!(Field::from_json("region_id"), Some(Field::RegionId));
        assert_eq!(Field::from_json("Region_ID"), Some(Field::RegionId));
        assert_eq!(Field::from_json("region"), None);
    }

    #[test]
    fn a_text_that_is_no_integer_is_no_value_of_an_integer_field() {
        for text in ["", "abc", "1.5", " 7", "99999999999999999999"] {
            assert_eq!(Field::ReadTimeout.value(text), None, "{text:?}");
        }
        assert_eq!(Field::ReadTimeout.value("-1"), Some(Value::Integer(-1)));
    }
}
