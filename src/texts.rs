//! The texts of the interface in both languages, a row a text.

use crate::language::Language;

/// A message in English and in Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Message {
    /// In English.
    pub(crate) en: &'static str,
    /// In Chinese.
    pub(crate) zh: &'static str,
}

impl Message {
    /// No message.
    pub(crate) const NONE: Self = Self { en: "", zh: "" };

    /// Returns the text in a language.
    pub(crate) fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Chinese => self.zh,
        }
    }

    /// Returns the text in a language with each `%s` replaced by one of the values, in their order.
    pub(crate) fn with(self, language: Language, values: &[&str]) -> String {
        let mut parts = self.in_language(language).split("%s");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (part, value) in parts.zip(values) {
            text.push_str(value);
            text.push_str(part);
        }
        text
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $en:literal $zh:literal;)*) => {
        $(
            $(#[$doc])*
            pub(crate) const $name: Message = Message { en: $en, zh: $zh };
        )*

        /// All rows of this table.
        #[cfg_attr(not(test), allow(dead_code, reason = "help looks only the flags up"))]
        pub(crate) const ALL: &[Message] = &[$($name),*];
    };
}

/// What the commands are about, and what their help says beside that.
pub(crate) mod commands {
    use super::Message;

    texts! {
        ROOT "configure credentials for Alibaba Cloud, and verify them" "配置阿里云身份凭证并进行验证";
        ROOT_DETAILS "Calls to other products are handed over to the Alibaba Cloud CLI, where its `aliyun` stands behind this one in PATH, or ALIYUN_CLI names it." "对其他产品的调用会转交给阿里云 CLI：PATH 中位于本程序之后的 `aliyun`，或 ALIYUN_CLI 指定的程序。";
        CONFIGURE "configure credential and settings" "配置身份认证和其他信息";
        GET "print configuration values" "打印配置信息";
        SET "set config in non interactive mode" "使用非交互式方式进行配置";
        LIST "list all config profile" "列出所有配置集";
        DELETE "delete the specified profile" "删除指定配置";
        SWITCH "switch default profile" "切换默认配置";
        EXPORT_CREDENTIALS "print the credentials of a profile for another program" "打印配置集的凭证，供其他程序使用";
        EXPORT_CREDENTIALS_DETAILS "Standard output holds the credentials and nothing else; do not run this where others can see the screen." "标准输出仅包含凭证；请勿在他人可见屏幕的场合运行。";
        EXEC "run a program with the credentials of a profile" "使用配置集的凭证运行程序";
        EXEC_DETAILS "The program finds the credentials in its environment, in all spellings that SDKs, Terraform and ossutil know, and no others." "程序可在其环境变量中找到该凭证（SDK、Terraform 和 ossutil 所用的全部变量名），且找不到其他凭证。";
        RENAME "give a profile another name" "重命名配置集";
        COPY "copy a profile under another name" "以新名称复制配置集";
        IMPORT "take over profiles from the files and variables of other programs" "从其他程序的文件或环境变量导入配置集";
        LOGOUT "end the login of a profile in a browser, and revoke it" "结束配置集的浏览器登录并吊销其令牌";
        UNSET "remove settings from a profile" "删除配置集中的配置项";
        CHECK "say why a profile works or does not" "说明配置集为何可用或不可用";
        CHECK_DETAILS "Says where each value comes from, what is missing or over, which variables other programs prefer to the config file, and which of them read the mode. Nothing is written." "说明每个值的来源、缺少或已过期的内容、其他程序优先于配置文件读取的环境变量，以及哪些程序支持该模式。不会写入任何内容。";
        ROTATE "replace the access key of a profile by a new one" "用新的访问密钥替换配置集的访问密钥";
        ROTATE_DETAILS "For profiles of the mode AK or RamRoleArn. The user of the key needs the right to manage its own access keys. The new key is written into every profile that holds the old one and checked before the old one is disabled; whatever happens, the config file holds a key that works." "适用于 AK 或 RamRoleArn 模式的配置集，密钥所属用户需要有管理自身访问密钥的权限。新密钥会先写入所有使用旧密钥的配置集并通过验证，然后才禁用旧密钥；无论中途发生什么，配置文件中始终保存着可用的密钥。";
        SAFETY_POLICY "manage safety policy and human-in-the-loop rules" "管理安全策略和人工确认规则";
        SAFETY_SHOW "display current safety policy" "显示当前安全策略";
        SAFETY_ENABLE "enable safety policy" "启用安全策略";
        SAFETY_DISABLE "disable safety policy" "禁用安全策略";
        SAFETY_ADD "add or update a safety rule" "添加或更新安全规则";
        SAFETY_REMOVE "remove a safety rule by pattern" "按模式删除安全规则";
        SAFETY_LIST "list all safety rules" "列出所有安全规则";
        AI_MODE "manage global AI mode and User-Agent for API calls" "管理全局 AI 模式及 API 调用的 User-Agent";
        AI_SHOW "display current AI mode config" "显示当前 AI 模式配置";
        AI_ENABLE "turn on AI mode" "开启 AI 模式";
        AI_DISABLE "turn off AI mode" "关闭 AI 模式";
        AI_SET_USER_AGENT "set custom User-Agent segment for AI mode" "设置 AI 模式的自定义 User-Agent 段";
        AI_RESET_USER_AGENT "clear custom User-Agent segment (use default when AI mode is on)" "清除自定义 UA 段（启用 AI 模式时使用默认值）";
        AI_SET_OSSUTIL "set ossutil JSON for cli_ai_ossutil (OSSUTIL_CONFIG_VALUE)" "设置 cli_ai_ossutil 的 ossutil JSON（写入 OSSUTIL_CONFIG_VALUE）";
        AI_RESET_OSSUTIL "clear ossutil / cli_ai_ossutil blob" "清除 ossutil / cli_ai_ossutil 段";
        PLUGIN_SETTINGS "manage global plugin system settings" "管理插件系统全局设置";
        PLUGIN_SHOW "display plugin system settings" "显示插件系统设置";
        PLUGIN_SET "set plugins tree source base URL" "设置插件源根地址";
        PLUGIN_CLEAR "remove custom source base (use built-in default)" "清除自定义插件源根地址（恢复内置默认）";
        STS "call the Security Token Service" "调用安全令牌服务（STS）";
        CALL "print who the credentials belong to" "打印当前凭证所属的身份";
        COMPLETION "print a completion script for a shell" "打印用于命令行 shell 的自动补全脚本";
        BASH "print the script for bash" "打印 bash 的自动补全脚本";
        ZSH "print the script for zsh" "打印 zsh 的自动补全脚本";
        FISH "print the script for fish" "打印 fish 的自动补全脚本";
        POWERSHELL "print the script for PowerShell" "打印 PowerShell 的自动补全脚本";
        AUTO_COMPLETION "enable auto completion" "启用自动完成";
        VERSION_COMMAND "print current version" "打印当前版本号";
    }
}

/// What `configure check` finds; `%s` stands for values.
pub(crate) mod check {
    use super::Message;

    texts! {
        REMEDY "; mend it with: %s" "；解决方法：%s";
        NO_FILE "%s does not exist: nothing is configured yet" "%s 不存在：尚未进行任何配置";
        FILE_READ "%s is read" "已读取 %s";
        LINK "%s is a link to %s" "%s 是指向 %s 的链接";
        READABLE_BY_OTHERS "%s has mode %s, so that others can use the keys in it" "%s 的权限为 %s，其他用户可以使用其中的密钥";
        REPLACEABLE_BY_OTHERS "%s has mode %s, so that others can replace the config file" "%s 的权限为 %s，其他用户可以替换配置文件";
        UNKNOWN_FIELDS "this version does not know these fields, and keeps them as they are: %s" "此版本不认识以下字段，将原样保留：%s";
        TWINS "%s profiles have the name %s; only the first one counts" "有 %s 个名为 %s 的配置集，只有第一个生效";
        CURRENT_NAMES_NONE "the current profile is %s, which does not exist" "当前配置集 %s 不存在";
        WRITTEN_BY_OTHERS "the file looks as if an SDK or Terraform wrote it back, which drops settings; this profile lacks: %s" "该文件似乎被 SDK 或 Terraform 重写过，这会丢失部分配置；此配置集缺少：%s";
        CHOSEN "the profile is %s (%s)" "使用的配置集是 %s（%s）";
        UNKNOWN_PROFILE "there is no profile %s (%s)" "配置集 %s 不存在（%s）";
        FILE_IGNORED "%s is set, so that calls do not read the config file at all" "已设置 %s，调用时完全不读取配置文件";
        COUNTS_FOR_NOTHING "%s is set, but counts for nothing: there is a stronger value for %s" "已设置 %s，但不起作用：%s 已有优先级更高的值";
        PREFERRED "%s is set to something else: every %s that looks there before the config file acts as somebody else" "%s 被设置为其他值：优先读取该变量的 %s 将以其他身份运行";
        COMPLETE "%s has all that the mode %s needs" "%s 具备 %s 模式所需的全部内容";
        MISSING_FIELDS "%s lacks what the mode %s needs: %s" "%s 缺少 %s 模式所需的内容：%s";
        NO_REGION "there is no region_id, which other programs and most calls need" "缺少 region_id，其他程序和大多数调用都需要它";
        CHAIN "its credentials are those of a chain of profiles: %s" "其凭证来自一串配置集：%s";
        SESSION_LASTS "the cached session lasts until %s" "缓存的会话有效期至 %s";
        SESSION_OVER "the cached session ended at %s; the next call renews it" "缓存的会话已于 %s 结束，下次调用会更新它";
        LOGIN_LASTS "the login or token lasts until %s" "登录或令牌有效期至 %s";
        LOGIN_OVER "the login of %s is over, or was never completed" "%s 的登录已过期或未完成";
        TOOL_READS "%s reads it (mode %s)" "%s 支持（模式 %s）";
        TOOL_DOES_NOT "%s does not read it (mode %s)" "%s 不支持（模式 %s）";
        LIVE "the service knows it as %s, and answered after %s ms" "服务识别的身份为 %s，响应耗时 %s 毫秒";
        CLOCK "this clock differs from the service's by %s s" "本机时钟与服务端相差 %s 秒";
        WOULD_RENEW "a call would renew the session, which changes the config file, so none was made" "调用会更新会话并修改配置文件，因此未执行调用";
    }
}

/// What the flags and words of commands mean.
pub(crate) mod flags {
    use super::Message;

    texts! {
        HELP "print help" "打印帮助信息";
        VERSION "print the version of this program and of the interface that it has" "打印本程序及其所兼容接口的版本号";
        UNINSTALL "uninstall auto completion" "卸载自动完成";
        USER_AGENT "User-Agent segment for set-user-agent (not the product-call flag under aliyun <product>)" "用于 set-user-agent 的 UA 段（与 aliyun <product> 下的 --user-agent 无关）";
        OSSUTIL "JSON text for set-ossutil (decoded to object/array/value; stored as ossutil in ai-mode.json)" "用于 set-ossutil 的 JSON 文本（解析为对象/数组/值；写入 ai-mode.json 的 ossutil）";
        PATTERN "command pattern for rule (e.g. *:Delete* or ecs:UpdateInstance)" "规则的命令模式 (如 *:Delete* 或 ecs:UpdateInstance)";
        ACTION "action for rule: deny or confirm" "规则动作: deny 或 confirm";
        SOURCE_BASE "plugins tree base URL for set (e.g. https://example.com/plugins)" "set 命令使用的插件源 URL（例如 https://example.com/plugins）";
        CLI_QUERY "use `--cli-query <JMESPath>` to print only what the expression selects of the answer" "使用 `--cli-query <JMESPath>` 只输出表达式从返回结果中选取的内容";
        QUIET "use `--quiet`/`-q` to print nothing but errors" "使用 `--quiet`/`-q` 除错误外不输出任何内容";
        DRYRUN "use `--dryrun` to show the request, with secrets struck out, instead of sending it; nothing is obtained or written" "使用 `--dryrun` 只显示隐去敏感信息的请求而不发送，不获取凭证，也不写入文件";
        YES "use `--yes`/`-y` to confirm what the safety policy asks about" "使用 `--yes`/`-y` 确认安全策略要求确认的操作";
        CHECK_ALL "use `--all` to check every profile" "使用 `--all` 检查所有配置集";
        LIVE "use `--live` to call the service as well, and say who one is" "使用 `--live` 同时调用服务并显示当前身份";
        CHECK_OUTPUT "use `--output {text|json}` to choose the form of the report" "使用 `--output {text|json}` 指定报告的格式";
        DELETE_OLD "use `--delete-old` to delete the old access key instead of disabling it" "使用 `--delete-old` 删除旧的访问密钥，而不是禁用";
        DRY_RUN "use `--dry-run` to show what would be done, and change nothing" "使用 `--dry-run` 只显示将要执行的操作，不做任何更改";
        MODE "use `--mode {AK|StsToken|RamRoleArn|EcsRamRole|RsaKeyPair|RamRoleArnWithRoleName|CloudSSO|OAuth|BearerToken|Anonymous}` to assign authenticate mode" "使用 `--mode {AK|StsToken|RamRoleArn|EcsRamRole|RsaKeyPair|RamRoleArnWithRoleName|CloudSSO|OAuth|BearerToken|Anonymous}` 指定认证方式";
        PROFILE "use `--profile <profileName>` to select profile" "使用 `--profile <profileName>` 指定操作的配置集";
        LANGUAGE "use `--language [en|zh]` to assign language" "使用 `--language [en|zh]` 来指定语言";
        REGION "use `--region <regionId>` to assign region" "使用 `--region <regionId>` 来指定访问大区";
        CONFIG_PATH "use `--config-path` to specify the configuration file path" "使用 `--config-path` 指定配置文件路径";
        ACCESS_KEY_ID "use `--access-key-id <AccessKeyId>` to assign AccessKeyId, required in AK/StsToken/RamRoleArn mode" "使用 `--access-key-id <AccessKeyId>` 指定AccessKeyId";
        ACCESS_KEY_SECRET "use `--access-key-secret <AccessKeySecret>` to assign AccessKeySecret" "使用 `--access-key-secret <AccessKeySecret>` 指定AccessKeySecret";
        STS_TOKEN "use `--sts-token <StsToken>` to assign StsToken" "使用 `--sts-token <StsToken>` 指定StsToken";
        STS_REGION "use `--sts-region <StsRegion>` to assign StsRegion" "使用 `--sts-region <StsRegion>` 指定StsRegion";
        STS_ENDPOINT "use `--sts-endpoint <StsEndpoint>` to assign STS endpoint, e.g. sts-vpc.cn-hangzhou.aliyuncs.com" "使用 `--sts-endpoint <StsEndpoint>` 指定 STS endpoint，例如 sts-vpc.cn-hangzhou.aliyuncs.com";
        RAM_ROLE_NAME "use `--ram-role-name <RamRoleName>` to assign RamRoleName" "使用 `--ram-role-name <RamRoleName>` 指定RamRoleName";
        RAM_ROLE_ARN "use `--ram-role-arn <RamRoleArn>` to assign RamRoleArn" "使用 `--ram-role-arn <RamRoleArn>` 指定RamRoleArn";
        SOURCE_PROFILE "use `--source-profile <SourceProfile>` to assign SourceProfile" "使用 `--source-profile <SourceProfile>` 指定SourceProfile";
        ROLE_SESSION_NAME "use `--role-session-name <RoleSessionName>` to assign RoleSessionName" "使用 `--role-session-name <RoleSessionName>` 指定RoleSessionName";
        EXTERNAL_ID "use `--external-id <ExternalId>` to assign ExternalId" "使用 `--external-id <ExternalId>` 指定ExternalId";
        PRIVATE_KEY "use `--private-key <PrivateKey>` to assign RSA PrivateKey" "使用 `--private-key <PrivateKey>` 指定RSA私钥";
        KEY_PAIR_NAME "use `--key-pair-name <KeyPairName>` to assign KeyPairName" "使用 `--key-pair-name <KeyPairName>` 指定KeyPairName";
        READ_TIMEOUT "use `--read-timeout <seconds>` to set I/O timeout(seconds)" "使用 `--read-timeout <seconds>` 指定I/O超时时间(秒)";
        CONNECT_TIMEOUT "use `--connect-timeout <seconds>` to set connect timeout(seconds)" "使用 `--connect-timeout <seconds>` 指定请求连接超时时间(秒)";
        RETRY_COUNT "use `--retry-count <count>` to set retry count" "使用 `--retry-count <count>` 指定重试次数";
        SKIP_SECURE_VERIFY "use `--skip-secure-verify` to skip https certification validate [Not recommended]" "使用 `--skip-secure-verify` 跳过https的证书校验 [不推荐使用]";
        EXPIRED_SECONDS "use `--expired-seconds <seconds>` to specify expiration time" "使用 `--expired-seconds <seconds>` 指定凭证过期时间";
        PROCESS_COMMAND "use `--process-command <ProcessCommand>` to specify external program execution command" "使用 `--process-command <ProcessCommand>` 指定外部程序运行命令";
        CREDENTIALS_URI "use `--credentials-uri <CredentialsURI>` to assign the address that answers with credentials" "使用 `--credentials-uri <CredentialsURI>` 指定返回凭证的地址";
        OIDC_PROVIDER_ARN "use `--oidc-provider-arn <OIDCProviderARN>` to assign OIDC provider ARN" "使用 `--oidc-provider-arn <OIDCProviderARN>` 来指定 OIDC 提供者 ARN";
        OIDC_TOKEN_FILE "use `--oidc-token-file <OIDCTokenFile>` to assign OIDC token file path" "使用 `--oidc-token-file <OIDCTokenFile>` 来指定 OIDC Token 文件路径";
        CLOUD_SSO_SIGN_IN_URL "use `--cloud-sso-sign-in-url` to specify the cloud sso sign in url" "使用 `--cloud-sso-sign-in-url` 指定云SSO登录地址";
        CLOUD_SSO_ACCESS_CONFIG "use `--cloud-sso-access-config` to specify the cloud sso access config" "使用 `--cloud-sso-access-config` 指定云SSO访问配置";
        CLOUD_SSO_ACCOUNT_ID "use `--cloud-sso-account-id` to specify the cloud sso account id" "使用 `--cloud-sso-account-id` 指定云SSO账号ID";
        OAUTH_SITE_TYPE "use `--oauth-site-type` to specify the oauth site type, support CN|INTL" "使用 `--oauth-site-type` 指定 OAuth 站点类型, 支持 CN|INTL";
        ENDPOINT_TYPE "use `--endpoint-type` to specify the endpoint type, support vpc or empty (default public)" "使用 `--endpoint-type` 指定 endpoint 类型, 支持 vpc 或空值(默认公网)";
        ENDPOINT "use `--endpoint`/`-e <endpoint>` to assign endpoint" "使用 `--endpoint`/`-e <endpoint>` 来指定接入点地址";
        EXTERNAL_ACCOUNT_TYPE "use `--external-account-type <type>` to assign external account type" "使用 `--external-account-type <type>` 来指定外部账号类型";
        AUTO_PLUGIN_INSTALL "use `--auto-plugin-install {true|false}` to enable/disable automatic plugin installation" "使用 `--auto-plugin-install {true|false}` 启用/禁用自动安装插件";
        AUTO_PLUGIN_INSTALL_ENABLE_PRE "use `--auto-plugin-install-enable-pre {true|false}` to install latest version (including pre-release)" "使用 `--auto-plugin-install-enable-pre {true|false}` 安装最新版本（包括预览版本）";
        BEARER_TOKEN "use `--bearer-token <token>` to assign bearer token (BearerToken mode)" "使用 `--bearer-token <token>` 指定 Bearer Token（BearerToken 认证模式）";
        BEARER_TOKEN_HEADER_KEY "use `--bearer-token-header-key <key>` to assign custom auth header key, e.g. x-custom-token" "使用 `--bearer-token-header-key <key>` 指定自定义认证 Header 名称，例如 x-custom-token";
        FORMAT "the form: process (for mode External), env (sh, bash, zsh), fish, powershell, cmd, env-file (docker, systemd), github (a step of GitHub Actions), uri (the answer of a CredentialsURI) or ini (~/.alibabacloud/credentials)" "输出形式：process（用于 External 模式）、env（sh、bash、zsh）、fish、powershell、cmd、env-file（docker、systemd）、github（GitHub Actions 步骤）、uri（CredentialsURI 的应答）或 ini（~/.alibabacloud/credentials）";
        FOR "whose variables: sdk, terraform, oss (ossutil and the SDKs of OSS) or all" "变量所属的工具：sdk、terraform、oss（ossutil 及 OSS SDK）或 all（全部）";
        IMPORT_FILE "the file to read, `-` for standard input" "要读取的文件，`-` 表示标准输入";
        IMPORT_FROM "what the source is, where its contents do not tell: csv (the RAM console's AccessKey file), ini (the SDKs' credentials), ossutil, config (another config.json) or env (variables)" "来源的种类（默认按内容判断）：csv（RAM 控制台的 AccessKey 文件）、ini（SDK 的 credentials 文件）、ossutil、config（另一个 config.json）或 env（环境变量）";
        IMPORT_PREFIX "text in front of each name" "每个名称前的前缀";
        OVERWRITE "replace profiles of the same name" "覆盖同名配置集";
        LOGOUT_ALL "end the logins of all profiles" "结束所有配置集的登录";
        NEW_NAME "use `--to <profileName>` to assign the new name" "使用 `--to <profileName>` 指定新名称";
        LIST_OUTPUT "use `--output {table|json|names}`/`-o` to select the form of the list" "使用 `--output {table|json|names}`/`-o` 选择列表的输出形式";
        UNSET_SETTINGS "the settings to remove, by the names of `configure get`" "要删除的配置项，名称与 `configure get` 相同";
        SERVE "for programs that outlive a session: hand over an address that answers with credentials as long as the program runs" "适用于运行时间超过会话有效期的程序：提供一个在程序运行期间返回凭证的地址";
        COMMAND "the program and its arguments, behind --" "程序及其参数，写在 -- 之后";
        SETTINGS "the settings to print; the whole profile where none is named" "要打印的配置项；未指定时打印整个配置集";
    }

    /// Returns the help of a flag by its English text, which is all that clap keeps of it.
    pub(crate) fn by_english(en: &str) -> Message {
        ALL.iter().copied().find(|message| message.en == en).unwrap_or(Message::NONE)
    }
}

/// What help and manuals say of what surrounds the program; `%s` stands for flags or modes.
pub(crate) mod surroundings {
    use super::Message;

    texts! {
        SECRETS "The value of %s may be `-`, which asks for it or reads a line of standard input, or `@FILE`, which reads a file; so no secret stands in a command line." "%s 的值可以是 `-`（交互输入或从标准输入读取一行），也可以是 `@FILE`（从文件读取），从而避免密钥出现在命令行中。";
        MODES "use `--mode {%s}` to assign authenticate mode" "使用 `--mode {%s}` 指定认证方式";
        EXIT_STATUS "Exit status" "退出码";
        DONE "done" "成功";
        FAILED "failed" "失败";
        USAGE "unknown command or flag, or a wrong use of one" "未知的命令或参数，或用法错误";
        UNCONFIGURED "a call without usable credentials" "调用时没有可用的凭证";
        NOT_RUN "`configure exec` finds the program, but cannot run it" "`configure exec` 找到了程序，但无法运行";
        NOT_FOUND "`configure exec` does not find the program" "`configure exec` 找不到程序";
        HUNG_UP "ended because its terminal was closed (SIGHUP)" "因终端关闭而结束（SIGHUP）";
        INTERRUPTED "ended by Ctrl-C (SIGINT)" "被 Ctrl-C 中断（SIGINT）";
        QUIT "ended by Ctrl-\\ (SIGQUIT)" "被 Ctrl-\\ 中断（SIGQUIT）";
        TERMINATED "ended by another program, as by `kill` (SIGTERM)" "被其他程序（例如 `kill`）终止（SIGTERM）";
        OTHERS_CODE "`configure exec` and calls that are handed over end with the code of the other program" "`configure exec` 及转交的调用返回另一程序的退出码";
        SETTINGS "Settings from the environment, where the profile lacks them" "配置集缺少时取自环境变量的配置项";
        ENVIRONMENT "Environment" "环境变量";
        PROFILE "the profile, where no flag names one" "未通过参数指定时使用的配置集";
        IGNORE_PROFILE "TRUE: calls do not read the config file" "设为 TRUE 时，调用不读取配置文件";
        PROFILE_MODE "Anonymous: a call without a config file has no credentials" "设为 Anonymous 时，没有配置文件的调用不使用凭证";
        SESSION_NAME "the name of the session, where the profile has none" "配置集未指定时使用的会话名称";
        METADATA "the RAM role of the ECS instance, where the profile has none" "配置集未指定时使用的 ECS 实例 RAM 角色";
        METADATA_DISABLED "true: the metadata service of ECS is not asked" "设为 true 时，不访问 ECS 元数据服务";
        IMDSV1_DISABLED "true: the metadata service of ECS is asked with a token only" "设为 true 时，仅以令牌方式访问 ECS 元数据服务";
        EXTERNAL_DISABLED "true or 1: no program or address is asked for credentials" "设为 true 或 1 时，不通过外部程序或地址获取凭证";
        HELPERS "set for helpers of the mode External, so that none runs itself without end" "为 External 模式的外部程序设置，防止其无限调用自身";
        SSO_CLIENT "the client id for logins at CloudSSO" "云SSO登录使用的客户端 ID";
        PROXY "the proxy for https and http addresses" "访问 https 和 http 地址使用的代理";
        NO_PROXY "what is reached without a proxy" "不经代理访问的地址";
        CGI "where it is set, HTTP_PROXY does not count" "设置后 HTTP_PROXY 不生效";
        TRUST "the trusted certificates, as a file or folders" "受信任证书的文件或目录";
        AGENT "what is added to the User-Agent" "附加到 User-Agent 的内容";
        THROTTLING "whether, how often and how long a throttled call is repeated" "被限流的调用是否重试、重试次数及最长等待时间";
        PLUGINS "the base URL of plugins; it wins over plugin-settings.json" "插件源根地址，优先于 plugin-settings.json";
        OTHER_CLI "the Alibaba Cloud CLI that calls to other products are handed over to" "接手其他产品调用的阿里云 CLI";
        HANDED_OVER "set for the program that a call is handed over to, so that it does not hand it back" "为接手调用的程序设置，防止其再次转交";
        IMPORTED "read by `import --from env` alone, beside those of calls" "除调用使用的变量外，仅由 `import --from env` 读取";
        GITHUB "the file that `export-credentials --format github` writes to" "`export-credentials --format github` 写入的文件";
        COLOUR "set: no colours; `dumb`: a terminal that only shows lines" "设置 NO_COLOR 时不使用颜色；TERM 为 `dumb` 时仅逐行显示";
        LANG "zh_CN...: Chinese, where the profile has no language" "配置集未指定语言时，以 zh_CN 开头表示使用中文";
        HOME "the home folder; the latter ones on Windows" "用户主目录；后三个用于 Windows";
        PATH "where programs are looked for" "查找程序的目录";
        SHELLS "where auto-completion is set up" "启用自动完成的 shell 及其启动文件目录";
        COMPLETING "set by the shell while it completes a line" "shell 补全命令行时设置";
        FILES "Files" "文件";
        CONFIG "the profiles; `--config-path` names another file" "配置集，可通过 `--config-path` 指定其他文件";
        LOCK "locks on it" "配置文件的锁";
        POLICY_FILE "the safety policy" "安全策略";
        AI_FILE "the AI mode" "AI 模式";
        PLUGIN_FILE "the settings for plugins" "插件设置";
        THROTTLING_FILE "how throttled calls are repeated" "被限流调用的重试设置";
        LEGACY "profiles of the older command line, taken over where there is no config file" "旧版命令行的配置，没有配置文件时自动导入";
    }
}

texts! {
    /// In front of an address that the browser was started with.
    IF_NO_BROWSER_OPENS
        "If the browser does not open automatically, use the following URL to complete the login process:"
        "如果浏览器没有自动打开，请使用以下URL完成登录过程:";
    /// In front of the address itself.
    SIGN_IN_URL "SignIn url" "登录URL";
    /// In front of the code that confirms a device.
    USER_CODE "User code" "用户码";
    /// The browser has an OAuth login.
    OAUTH_IN_BROWSER
        "Now you can login to your account with OAuth configuration in the browser."
        "现在您可以在浏览器中使用OAuth配置登录您的账户。";
    /// The browser has a CloudSSO login.
    SSO_IN_BROWSER
        "Now you can login to your account with SSO configuration in the browser."
        "现在您可以在浏览器中使用SSO配置登录您的账户。";
    /// The browser could not be started; the reason follows.
    BROWSER_FAILED "Failed to open browser" "打开浏览器失败";
    /// This system is not known to have a way to start a browser; the address follows.
    NO_BROWSER_KNOWN
        "Cannot automatically open browser, please visit manually"
        "无法自动打开浏览器，请手动访问";
    /// What standard error shows while a login goes on in the browser.
    WAITING_FOR_BROWSER
        "Waiting for the login in the browser (Ctrl-C gives up)."
        "正在等待在浏览器中完成登录（按 Ctrl-C 放弃）。";
    /// How a browser on another machine serves.
    PASTE_ADDRESS
        "Is the browser on another machine? Then paste here the address of the page on which the login ends."
        "浏览器在另一台机器上？请把登录结束时页面的地址粘贴到此处。";
    /// A pasted line is of no use.
    NOT_THE_ADDRESS
        "This is not the address on which this login ends; it holds a code and the state of this login."
        "这不是本次登录结束时的地址；该地址应包含 code 和本次登录的 state。";
    /// A login took too long.
    LOGIN_TIMEOUT "Login timeout, please try again." "登录超时，请重新登录。";
    /// The code of a device is over.
    LOGIN_EXPIRED "Your request has expired, please login again." "您的请求已过期，请重新登录。";
    /// The title of the page on which a login in the browser ends well.
    LOGIN_AGREED "Authorization successful" "授权成功";
    /// The title of the page on which a login in the browser fails.
    LOGIN_REFUSED "Authorization failed" "授权失败";
    /// What is left to do on such a page.
    CLOSE_WINDOW "You can close this window." "您可以关闭此窗口。";
    /// The login at CloudSSO worked.
    LOGGED_IN "You have successfully logged in." "您已成功登录。";
    /// The login at CloudSSO could not be begun; the reason follows.
    DEVICE_FAILED "Start Device Authorization error" "启动设备授权失败";
    /// The login at CloudSSO did not end well; the reason follows.
    ACCESS_TOKEN_FAILED "Error occurred while obtaining access token" "获取访问令牌时发生错误";
    /// A sign-in address is none; the reason follows.
    SIGN_IN_URL_UNREADABLE "Parse sign in url error" "解析登录地址错误";
    /// A sign-in address cannot be asked; the reason follows.
    REQUEST_IMPOSSIBLE "Error creating HTTP request" "创建HTTP请求错误";
    /// A server cannot be reached; the reason follows.
    REQUEST_FAILED "Error sending HTTP request" "发送HTTP请求错误";
    /// A server refused without saying why in a known form; the status follows.
    HTTP_ERROR "HTTP error" "HTTP错误";
    /// An answer cannot be read; the reason follows.
    ANSWER_UNREADABLE "Error parsing response data" "解析响应数据错误";
    /// A CloudSSO profile lacks something; `%s` is the command that asks for it.
    SSO_INCOMPLETE
        "CloudSSO sign in url or account id or access config is empty, please configure with command: %s"
        "CloudSSO登录链接或账号ID或访问配置无效，请通过命令：%s 重新完成配置";
    /// A CloudSSO login is over; `%s` is the command that begins another.
    SSO_EXPIRED
        "CloudSSO access token is expired, please re-login with command: %s"
        "CloudSSO访问令牌已过期，请通过命令：%s 重新登录";
    /// A CloudSSO login gives no session; the reason follows.
    SSO_NO_SESSION
        "Create STS from CloudSSO failed"
        "从 CloudSSO 接口创建STS凭证失败，请重试或检查配置是否错误";
    /// A start-up file sets completion up from now on.
    COMPLETION_ADDED "completion is set up; open a new shell to use it" "自动完成已启用，请打开新的 shell 使用";
    /// A start-up file set completion up before.
    COMPLETION_THERE "completion is set up already" "自动完成此前已启用";
    /// A start-up file no longer sets completion up.
    COMPLETION_REMOVED "completion is removed" "自动完成已卸载";
    /// A start-up file did not set completion up before.
    COMPLETION_ABSENT "completion is not set up" "自动完成未启用";
    /// The safety policy counts.
    POLICY_ENABLED "enabled" "已启用";
    /// The safety policy counts for nothing.
    POLICY_DISABLED "disabled" "已禁用";
    /// The safety policy has no rules.
    NO_RULES "No rules configured." "未配置规则。";
    /// The safety policy denies a call; the marks are the call and the rule.
    CALL_DENIED
        "operation blocked by safety policy: %s (rule: %s)"
        "操作被安全策略拒绝: %s (规则: %s)";
    /// The safety policy wants a call to be confirmed; the mark is the call.
    CALL_QUESTION
        "Safety policy requires confirmation for: %s\nType 'yes' to proceed, anything else to cancel: "
        "安全策略要求确认以下操作: %s\n输入 'yes' 继续，其他任意输入取消: ";
    /// The user did not confirm a call.
    CALL_CANCELLED "operation cancelled by user" "操作已由用户取消";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_there_in_both_languages_and_a_flag_is_found_by_its_english() {
        for message in [ALL, commands::ALL, check::ALL, flags::ALL, surroundings::ALL].concat() {
            assert!(!message.en.is_empty() && !message.zh.is_empty(), "{message:?}");
            assert_eq!(message.en.matches("%s").count(), message.zh.matches("%s").count(), "{message:?}");
        }
        for message in flags::ALL {
            assert_eq!(flags::by_english(message.en), *message);
        }
    }

    #[test]
    fn values_stand_in_for_the_marks_and_are_no_marks_themselves() {
        let text = Message { en: "call %s (rule: %s)!", zh: "规则 %s" };
        assert_eq!(text.with(Language::English, &["a%sb", "c"]), "call a%sb (rule: c)!");
        assert_eq!(text.with(Language::Chinese, &["a"]), "规则 a");
    }
}
