//! The flags: one table row a flag, in the order in which help lists them (`spec/flags.json`).

use crate::cli::complete::{self, Known};
use crate::config::field::Field;
use crate::texts::Text;

/// A flag of the command line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flag {
    pub(crate) name: &'static str,
    pub(crate) short: Option<char>,
    pub(crate) alias: Option<&'static str>,
    pub(crate) takes: Takes,
    /// Whether every command takes it, and it may stand before the subcommand.
    pub(crate) persistent: bool,
    /// Whether help leaves it out.
    pub(crate) hidden: bool,
    /// The field of the profile that it sets.
    pub(crate) field: Option<Field>,
    /// The flag that it cannot stand beside.
    pub(crate) excludes: Option<&'static str>,
    /// What completion offers as its value.
    pub(crate) values: fn(&Known<'_>) -> Vec<String>,
    pub(crate) help: Text,
}

/// What follows a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// A value; another flag in its place is an error.
    Value,
    /// A value, or another flag, and then the value is empty.
    MaybeValue,
    /// Nothing.
    Nothing,
}

impl Flag {
    pub(crate) const fn new(name: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self {
            name,
            short: None,
            alias: None,
            takes: Takes::Value,
            persistent: false,
            hidden: false,
            field: None,
            excludes: None,
            values: complete::nothing,
            help: Text { en, zh },
        }
    }

    const fn of(mut self, field: Field) -> Self {
        self.field = Some(field);
        self
    }

    const fn values(mut self, values: fn(&Known<'_>) -> Vec<String>) -> Self {
        self.values = values;
        self
    }

    pub(crate) const fn short(mut self, short: char) -> Self {
        self.short = Some(short);
        self
    }

    const fn alias(mut self, alias: &'static str) -> Self {
        self.alias = Some(alias);
        self
    }

    const fn optional(mut self) -> Self {
        self.takes = Takes::MaybeValue;
        self
    }

    pub(crate) const fn switch(mut self) -> Self {
        self.takes = Takes::Nothing;
        self
    }

    const fn except(mut self, other: &'static str) -> Self {
        self.excludes = Some(other);
        self
    }

    const fn persistent(mut self) -> Self {
        self.persistent = true;
        self
    }

    const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Tells whether a long name means this flag.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.name == name || self.alias == Some(name)
    }
}

/// The flag that shows help, which every command takes.
pub(crate) static HELP: Flag = Flag::new("help", "print help", "打印帮助信息").short('h').switch();

/// The flag that shows the version of this program itself.
pub(crate) static VERSION: Flag = Flag::new(
    "version",
    "print the version of this program and of the interface that it has",
    "打印本程序及其所兼容接口的版本号",
)
.switch();

/// The flags of `auto-completion`.
pub(crate) static AUTO_COMPLETION: &[Flag] =
    &[Flag::new("uninstall", "uninstall auto completion", "卸载自动完成").switch()];

/// The flags of `ai-mode`.
pub(crate) static AI_MODE: &[Flag] = &[
    Flag::new(
        "user-agent",
        "User-Agent segment for set-user-agent (not the product-call flag under aliyun <product>)",
        "用于 set-user-agent 的 UA 段（与 aliyun <product> 下的 --user-agent 无关）",
    ),
    Flag::new(
        "ossutil",
        "JSON text for set-ossutil (decoded to object/array/value; stored as ossutil in ai-mode.json)",
        "用于 set-ossutil 的 JSON 文本（解析为对象/数组/值；写入 ai-mode.json 的 ossutil）",
    ),
];

/// The flags of `safety-policy`.
pub(crate) static SAFETY_POLICY: &[Flag] = &[
    Flag::new(
        "pattern",
        "command pattern for rule (e.g. *:Delete* or ecs:UpdateInstance)",
        "规则的命令模式 (如 *:Delete* 或 ecs:UpdateInstance)",
    )
    .values(complete::rule_patterns),
    Flag::new("action", "action for rule: deny or confirm", "规则动作: deny 或 confirm")
        .values(complete::rule_actions),
];

/// The flags of `plugin-settings set`.
pub(crate) static PLUGIN_SETTINGS: &[Flag] = &[Flag::new(
    "source-base",
    "plugins tree base URL for set (e.g. https://example.com/plugins)",
    "set 命令使用的插件源 URL（例如 https://example.com/plugins）",
)];

/// The flags of a call alone.
pub(crate) static CALL: &[Flag] = &[
    Flag::new("cli-query", "use `--cli-query <JMESPath>` to print only what the expression selects of the answer", "使用 `--cli-query <JMESPath>` 只输出表达式从返回结果中选取的内容"),
    Flag::new("quiet", "use `--quiet`/`-q` to print nothing but errors", "使用 `--quiet`/`-q` 除错误外不输出任何内容").short('q').switch().except("dryrun"),
    Flag::new("dryrun", "use `--dryrun` to show the request, with secrets struck out, instead of sending it; nothing is obtained or written", "使用 `--dryrun` 只显示隐去敏感信息的请求而不发送，不获取凭证，也不写入文件").switch(),
    Flag::new("yes", "use `--yes`/`-y` to confirm what the safety policy asks about", "使用 `--yes`/`-y` 确认安全策略要求确认的操作").short('y').switch(),
];

/// The flags about profiles and calls.
pub(crate) static ALL: &[Flag] = &[
    Flag::new("mode", "use `--mode {AK|StsToken|RamRoleArn|EcsRamRole|RsaKeyPair|RamRoleArnWithRoleName|CloudSSO|OAuth|BearerToken|Anonymous}` to assign authenticate mode", "使用 `--mode {AK|StsToken|RamRoleArn|EcsRamRole|RsaKeyPair|RamRoleArnWithRoleName|CloudSSO|OAuth|BearerToken|Anonymous}` 指定认证方式").of(Field::Mode).optional().persistent().values(complete::modes),
    Flag::new("profile", "use `--profile <profileName>` to select profile", "使用 `--profile <profileName>` 指定操作的配置集").of(Field::Name).short('p').optional().persistent().values(complete::profiles),
    Flag::new("language", "use `--language [en|zh]` to assign language", "使用 `--language [en|zh]` 来指定语言").of(Field::Language).values(complete::languages),
    Flag::new("region", "use `--region <regionId>` to assign region", "使用 `--region <regionId>` 来指定访问大区").of(Field::RegionId).values(complete::regions),
    Flag::new("config-path", "use `--config-path` to specify the configuration file path", "使用 `--config-path` 指定配置文件路径").persistent(),
    Flag::new("access-key-id", "use `--access-key-id <AccessKeyId>` to assign AccessKeyId, required in AK/StsToken/RamRoleArn mode", "使用 `--access-key-id <AccessKeyId>` 指定AccessKeyId").of(Field::AccessKeyId),
    Flag::new("access-key-secret", "use `--access-key-secret <AccessKeySecret>` to assign AccessKeySecret", "使用 `--access-key-secret <AccessKeySecret>` 指定AccessKeySecret").of(Field::AccessKeySecret),
    Flag::new("sts-token", "use `--sts-token <StsToken>` to assign StsToken", "使用 `--sts-token <StsToken>` 指定StsToken").of(Field::StsToken),
    Flag::new("sts-region", "use `--sts-region <StsRegion>` to assign StsRegion", "使用 `--sts-region <StsRegion>` 指定StsRegion").of(Field::StsRegion).values(complete::regions),
    Flag::new("sts-endpoint", "use `--sts-endpoint <StsEndpoint>` to assign STS endpoint, e.g. sts-vpc.cn-hangzhou.aliyuncs.com", "使用 `--sts-endpoint <StsEndpoint>` 指定 STS endpoint，例如 sts-vpc.cn-hangzhou.aliyuncs.com").of(Field::StsEndpoint),
    Flag::new("ram-role-name", "use `--ram-role-name <RamRoleName>` to assign RamRoleName", "使用 `--ram-role-name <RamRoleName>` 指定RamRoleName").of(Field::RamRoleName).persistent(),
    Flag::new("ram-role-arn", "use `--ram-role-arn <RamRoleArn>` to assign RamRoleArn", "使用 `--ram-role-arn <RamRoleArn>` 指定RamRoleArn").of(Field::RamRoleArn),
    Flag::new("source-profile", "use `--source-profile <SourceProfile>` to assign SourceProfile", "使用 `--source-profile <SourceProfile>` 指定SourceProfile").of(Field::SourceProfile).values(complete::profiles),
    Flag::new("role-session-name", "use `--role-session-name <RoleSessionName>` to assign RoleSessionName", "使用 `--role-session-name <RoleSessionName>` 指定RoleSessionName").of(Field::RamSessionName),
    Flag::new("external-id", "use `--external-id <ExternalId>` to assign ExternalId", "使用 `--external-id <ExternalId>` 指定ExternalId").of(Field::ExternalId),
    Flag::new("private-key", "use `--private-key <PrivateKey>` to assign RSA PrivateKey", "使用 `--private-key <PrivateKey>` 指定RSA私钥").of(Field::PrivateKey),
    Flag::new("key-pair-name", "use `--key-pair-name <KeyPairName>` to assign KeyPairName", "使用 `--key-pair-name <KeyPairName>` 指定KeyPairName").of(Field::KeyPairName),
    Flag::new("read-timeout", "use `--read-timeout <seconds>` to set I/O timeout(seconds)", "使用 `--read-timeout <seconds>` 指定I/O超时时间(秒)").of(Field::ReadTimeout).alias("retry-timeout"),
    Flag::new("connect-timeout", "use `--connect-timeout <seconds>` to set connect timeout(seconds)", "使用 `--connect-timeout <seconds>` 指定请求连接超时时间(秒)").of(Field::ConnectTimeout),
    Flag::new("retry-count", "use `--retry-count <count>` to set retry count", "使用 `--retry-count <count>` 指定重试次数").of(Field::RetryCount),
    Flag::new("skip-secure-verify", "use `--skip-secure-verify` to skip https certification validate [Not recommended]", "使用 `--skip-secure-verify` 跳过https的证书校验 [不推荐使用]").switch().persistent(),
    Flag::new("expired-seconds", "use `--expired-seconds <seconds>` to specify expiration time", "使用 `--expired-seconds <seconds>` 指定凭证过期时间").of(Field::ExpiredSeconds),
    Flag::new("process-command", "use `--process-command <ProcessCommand>` to specify external program execution command", "使用 `--process-command <ProcessCommand>` 指定外部程序运行命令").of(Field::ProcessCommand),
    Flag::new("credentials-uri", "use `--credentials-uri <CredentialsURI>` to assign the address that answers with credentials", "使用 `--credentials-uri <CredentialsURI>` 指定返回凭证的地址").of(Field::CredentialsUri),
    Flag::new("oidc-provider-arn", "use `--oidc-provider-arn <OIDCProviderARN>` to assign OIDC provider ARN", "使用 `--oidc-provider-arn <OIDCProviderARN>` 来指定 OIDC 提供者 ARN").of(Field::OidcProviderArn),
    Flag::new("oidc-token-file", "use `--oidc-token-file <OIDCTokenFile>` to assign OIDC token file path", "使用 `--oidc-token-file <OIDCTokenFile>` 来指定 OIDC Token 文件路径").of(Field::OidcTokenFile),
    Flag::new("cloud-sso-sign-in-url", "use `--cloud-sso-sign-in-url` to specify the cloud sso sign in url", "使用 `--cloud-sso-sign-in-url` 指定云SSO登录地址").of(Field::CloudSsoSignInUrl).persistent(),
    Flag::new("cloud-sso-access-config", "use `--cloud-sso-access-config` to specify the cloud sso access config", "使用 `--cloud-sso-access-config` 指定云SSO访问配置").of(Field::CloudSsoAccessConfig).persistent(),
    Flag::new("cloud-sso-account-id", "use `--cloud-sso-account-id` to specify the cloud sso account id", "使用 `--cloud-sso-account-id` 指定云SSO账号ID").of(Field::CloudSsoAccountId).persistent(),
    Flag::new("oauth-site-type", "use `--oauth-site-type` to specify the oauth site type, support CN|INTL", "使用 `--oauth-site-type` 指定 OAuth 站点类型, 支持 CN|INTL").of(Field::OauthSiteType).persistent().values(complete::sites),
    Flag::new("endpoint-type", "use `--endpoint-type` to specify the endpoint type, support vpc or empty (default public)", "使用 `--endpoint-type` 指定 endpoint 类型, 支持 vpc 或空值(默认公网)").of(Field::EndpointType).persistent().values(complete::endpoint_types),
    Flag::new("endpoint", "use `--endpoint`/`-e <endpoint>` to assign endpoint", "使用 `--endpoint`/`-e <endpoint>` 来指定接入点地址").of(Field::Endpoint).short('e').persistent(),
    Flag::new("external-account-type", "use `--external-account-type <type>` to assign external account type", "使用 `--external-account-type <type>` 来指定外部账号类型").of(Field::ExternalAccountType),
    Flag::new("auto-plugin-install", "use `--auto-plugin-install {true|false}` to enable/disable automatic plugin installation", "使用 `--auto-plugin-install {true|false}` 启用/禁用自动安装插件").of(Field::AutoPluginInstall).values(complete::truths),
    Flag::new("auto-plugin-install-enable-pre", "use `--auto-plugin-install-enable-pre {true|false}` to install latest version (including pre-release)", "使用 `--auto-plugin-install-enable-pre {true|false}` 安装最新版本（包括预览版本）").of(Field::AutoPluginInstallEnablePre).values(complete::truths),
    Flag::new("bearer-token", "use `--bearer-token <token>` to assign bearer token (BearerToken mode)", "使用 `--bearer-token <token>` 指定 Bearer Token（BearerToken 认证模式）").of(Field::BearerToken).persistent(),
    Flag::new("bearer-token-header-key", "use `--bearer-token-header-key <key>` to assign custom auth header key, e.g. x-custom-token", "使用 `--bearer-token-header-key <key>` 指定自定义认证 Header 名称，例如 x-custom-token").of(Field::BearerTokenHeaderKey).persistent(),
    Flag::new("RegionId", "", "").hidden().values(complete::regions),
];
