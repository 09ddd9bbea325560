//! The commands: one description each, from the root down.

use super::flags::{self, VERSION};
use super::tree::{Command, Flags, Words};
use crate::cli::commands::settings::{ai_mode, plugin_settings, safety_policy};
use crate::cli::commands::{auto_completion, configure, delete, get, list, set, sts, switch, version};
use crate::cli::{complete, help};
use crate::texts::Text;

/// What most commands have in common.
const LEAF: Command = Command {
    name: "",
    about: Text::NONE,
    details: Text::NONE,
    usage: "",
    sample: "",
    flags: Flags::Persistent,
    needs: "",
    words: Words::Ignored,
    commands: &[],
    is_call: false,
    run: version::run,
};

/// What the commands have in common that take neither flags of the configuration nor words.
const BARE: Command = Command { flags: Flags::Own(&[]), words: Words::Refused, ..LEAF };

pub(crate) static ROOT: Command = Command {
    name: "aliyun",
    about: Text {
        en: "configure credentials for Alibaba Cloud, and verify them",
        zh: "配置阿里云身份凭证并进行验证",
    },
    details: Text {
        en: "Calls to other products are handed over to the Alibaba Cloud CLI, where its `aliyun` stands behind this one in PATH, or ALIYUN_CLI names it.",
        zh: "对其他产品的调用会转交给阿里云 CLI：PATH 中位于本程序之后的 `aliyun`，或 ALIYUN_CLI 指定的程序。",
    },
    usage: "<command> [--profile <profileName>] [--config-path <configPath>]...",
    sample: "configure --profile dev --mode AK",
    flags: Flags::All(&[VERSION]),
    words: Words::Foreign,
    commands: &[&CONFIGURE, &STS, &COMPLETION, &AUTO_COMPLETION, &VERSION_COMMAND],
    run: version::root,
    ..LEAF
};

static CONFIGURE: Command = Command {
    name: "configure",
    about: Text { en: "configure credential and settings", zh: "配置身份认证和其他信息" },
    usage: "--mode {AK|RamRoleArn|EcsRamRole|OIDC|External|CredentialsURI|ChainableRamRoleArn|CloudSSO|OAuth|BearerToken} --profile <profileName> [--config-path <configPath>]",
    sample: "--mode OAuth  (Recommended)",
    words: Words::Refused,
    commands: &[&GET, &SET, &LIST, &DELETE, &SWITCH, &SAFETY_POLICY, &AI_MODE, &PLUGIN_SETTINGS],
    run: configure::run,
    ..LEAF
};

static GET: Command = Command {
    name: "get",
    about: Text { en: "print configuration values", zh: "打印配置信息" },
    usage: "[profile] [language] [--config-path <configPath>]...",
    words: Words::Kept,
    run: get::run,
    ..LEAF
};

static SET: Command = Command {
    name: "set",
    about: Text { en: "set config in non interactive mode", zh: "使用非交互式方式进行配置" },
    usage: "[--profile <profileName>] [--language {en|zh}] [--config-path <configPath>]...",
    flags: Flags::All(&[]),
    run: set::run,
    ..LEAF
};

static LIST: Command = Command {
    name: "list",
    about: Text { en: "list all config profile", zh: "列出所有配置集" },
    usage: "[--config-path <configPath>]",
    run: list::run,
    ..LEAF
};

static DELETE: Command = Command {
    name: "delete",
    about: Text { en: "delete the specified profile", zh: "删除指定配置" },
    usage: "--profile <profileName> [--config-path <configPath>]",
    needs: "profile",
    run: delete::run,
    ..LEAF
};

static SWITCH: Command = Command {
    name: "switch",
    about: Text { en: "switch default profile", zh: "切换默认配置" },
    usage: "--profile <profileName> [--config-path <configPath>]",
    flags: Flags::All(&[]),
    needs: "profile",
    run: switch::run,
    ..LEAF
};

static SAFETY_POLICY: Command = Command {
    name: "safety-policy",
    about: Text {
        en: "manage safety policy and human-in-the-loop rules", zh: "管理安全策略和人工确认规则"
    },
    details: Text {
        en: "Configure safety policy to deny or require confirmation for destructive operations.",
        zh: "配置安全策略，用于拒绝或要求确认破坏性操作。",
    },
    usage: "[command] [--config-path <configPath>]",
    commands: &[&SAFETY_SHOW, &SAFETY_ENABLE, &SAFETY_DISABLE, &SAFETY_ADD, &SAFETY_REMOVE, &SAFETY_LIST],
    run: safety_policy::show,
    ..SAFETY
};

/// What the commands about the safety policy have in common.
const SAFETY: Command = Command {
    usage: "[--config-path <configPath>]",
    flags: Flags::All(flags::SAFETY_POLICY),
    words: Words::Refused,
    ..LEAF
};

static SAFETY_SHOW: Command = Command {
    name: "show",
    about: Text { en: "display current safety policy", zh: "显示当前安全策略" },
    run: safety_policy::show,
    ..SAFETY
};

static SAFETY_ENABLE: Command = Command {
    name: "enable",
    about: Text { en: "enable safety policy", zh: "启用安全策略" },
    run: safety_policy::enable,
    ..SAFETY
};

static SAFETY_DISABLE: Command = Command {
    name: "disable",
    about: Text { en: "disable safety policy", zh: "禁用安全策略" },
    run: safety_policy::disable,
    ..SAFETY
};

static SAFETY_ADD: Command = Command {
    name: "add",
    about: Text { en: "add or update a safety rule", zh: "添加或更新安全规则" },
    usage: "--pattern <pattern> --action <action> [--config-path <configPath>]",
    needs: "pattern",
    run: safety_policy::add,
    ..SAFETY
};

static SAFETY_REMOVE: Command = Command {
    name: "remove",
    about: Text { en: "remove a safety rule by pattern", zh: "按模式删除安全规则" },
    usage: "--pattern <pattern> [--config-path <configPath>]",
    needs: "pattern",
    run: safety_policy::remove,
    ..SAFETY
};

static SAFETY_LIST: Command = Command {
    name: "list",
    about: Text { en: "list all safety rules", zh: "列出所有安全规则" },
    run: safety_policy::list,
    ..SAFETY
};

static AI_MODE: Command = Command {
    name: "ai-mode",
    about: Text {
        en: "manage global AI mode and User-Agent for API calls",
        zh: "管理全局 AI 模式及 API 调用的 User-Agent",
    },
    details: Text {
        en: "Configure global AI mode. When enabled, all CLI API requests append the configured User-Agent segment (default: AlibabaCloud-Agent-Skills), in addition to the normal Aliyun CLI UA.",
        zh: "配置全局 AI 模式。启用后，所有 CLI API 请求会在常规 Aliyun CLI UA 之外追加配置的 User-Agent 段（默认：AlibabaCloud-Agent-Skills）。",
    },
    usage: "[command] [--config-path <configPath>]",
    commands: &[
        &AI_SHOW,
        &AI_ENABLE,
        &AI_DISABLE,
        &AI_SET_USER_AGENT,
        &AI_RESET_USER_AGENT,
        &AI_SET_OSSUTIL,
        &AI_RESET_OSSUTIL,
    ],
    run: ai_mode::show,
    ..AI
};

/// What the commands about AI mode have in common.
const AI: Command = Command {
    usage: "[--config-path <configPath>]",
    flags: Flags::All(flags::AI_MODE),
    words: Words::Refused,
    ..LEAF
};

static AI_SHOW: Command = Command {
    name: "show",
    about: Text { en: "display current AI mode config", zh: "显示当前 AI 模式配置" },
    run: ai_mode::show,
    ..AI
};

static AI_ENABLE: Command = Command {
    name: "enable",
    about: Text { en: "turn on AI mode", zh: "开启 AI 模式" },
    run: ai_mode::enable,
    ..AI
};

static AI_DISABLE: Command = Command {
    name: "disable",
    about: Text { en: "turn off AI mode", zh: "关闭 AI 模式" },
    run: ai_mode::disable,
    ..AI
};

static AI_SET_USER_AGENT: Command = Command {
    name: "set-user-agent",
    about: Text {
        en: "set custom User-Agent segment for AI mode", zh: "设置 AI 模式的自定义 User-Agent 段"
    },
    usage: "--user-agent <words> [--config-path <configPath>]",
    needs: "user-agent",
    run: ai_mode::set_user_agent,
    ..AI
};

static AI_RESET_USER_AGENT: Command = Command {
    name: "reset-user-agent",
    about: Text {
        en: "clear custom User-Agent segment (use default when AI mode is on)",
        zh: "清除自定义 UA 段（启用 AI 模式时使用默认值）",
    },
    run: ai_mode::reset_user_agent,
    ..AI
};

static AI_SET_OSSUTIL: Command = Command {
    name: "set-ossutil",
    about: Text {
        en: "set ossutil JSON for cli_ai_ossutil (OSSUTIL_CONFIG_VALUE)",
        zh: "设置 cli_ai_ossutil 的 ossutil JSON（写入 OSSUTIL_CONFIG_VALUE）",
    },
    usage: "--ossutil <json> [--config-path <configPath>]",
    needs: "ossutil",
    run: ai_mode::set_ossutil,
    ..AI
};

static AI_RESET_OSSUTIL: Command = Command {
    name: "reset-ossutil",
    about: Text { en: "clear ossutil / cli_ai_ossutil blob", zh: "清除 ossutil / cli_ai_ossutil 段" },
    run: ai_mode::reset_ossutil,
    ..AI
};

static PLUGIN_SETTINGS: Command = Command {
    name: "plugin-settings",
    about: Text { en: "manage global plugin system settings", zh: "管理插件系统全局设置" },
    details: Text {
        en: "Configure plugin system settings. When source-base is set, the CLI loads plugins from that base.",
        zh: "配置插件系统设置。设置 source-base 后，CLI 从该地址获取插件。",
    },
    usage: "[command]",
    commands: &[&PLUGIN_SHOW, &PLUGIN_SET, &PLUGIN_CLEAR],
    run: plugin_settings::show,
    ..BARE
};

static PLUGIN_SHOW: Command = Command {
    name: "show",
    about: Text { en: "display plugin system settings", zh: "显示插件系统设置" },
    run: plugin_settings::show,
    ..BARE
};

static PLUGIN_SET: Command = Command {
    name: "set",
    about: Text { en: "set plugins tree source base URL", zh: "设置插件源根地址" },
    usage: "--source-base <url>",
    flags: Flags::Own(flags::PLUGIN_SETTINGS),
    needs: "source-base",
    run: plugin_settings::set,
    ..BARE
};

static PLUGIN_CLEAR: Command = Command {
    name: "clear",
    about: Text {
        en: "remove custom source base (use built-in default)",
        zh: "清除自定义插件源根地址（恢复内置默认）",
    },
    run: plugin_settings::clear,
    ..BARE
};

static STS: Command = Command {
    name: "sts",
    about: Text { en: "call the Security Token Service", zh: "调用安全令牌服务（STS）" },
    usage: "<action> [--profile <profileName>] [--region <regionId>]...",
    flags: Flags::All(flags::CALL),
    words: Words::Foreign,
    commands: &[&CALLER_IDENTITY, &CALLER_IDENTITY_KEBAB],
    is_call: true,
    run: help::of_command,
    ..LEAF
};

static CALLER_IDENTITY: Command = Command { name: "GetCallerIdentity", run: sts::with_tabs, ..CALL };

static CALLER_IDENTITY_KEBAB: Command =
    Command { name: "get-caller-identity", run: sts::with_blanks, ..CALL };

/// What both names of the call have in common.
const CALL: Command = Command {
    about: Text { en: "print who the credentials belong to", zh: "打印当前凭证所属的身份" },
    usage: "[--profile <profileName>] [--region <regionId>]...",
    flags: Flags::All(flags::CALL),
    words: Words::Refused,
    is_call: true,
    ..LEAF
};

static COMPLETION: Command = Command {
    name: "completion",
    about: Text {
        en: "print a completion script for a shell", zh: "打印用于命令行 shell 的自动补全脚本"
    },
    usage: "<shell>",
    commands: &[&BASH, &ZSH, &FISH, &POWERSHELL],
    run: help::of_command,
    ..BARE
};

static BASH: Command = Command {
    name: "bash",
    about: Text { en: "print the script for bash", zh: "打印 bash 的自动补全脚本" },
    run: complete::bash,
    ..BARE
};

static ZSH: Command = Command {
    name: "zsh",
    about: Text { en: "print the script for zsh", zh: "打印 zsh 的自动补全脚本" },
    run: complete::zsh,
    ..BARE
};

static FISH: Command = Command {
    name: "fish",
    about: Text { en: "print the script for fish", zh: "打印 fish 的自动补全脚本" },
    run: complete::fish,
    ..BARE
};

static POWERSHELL: Command = Command {
    name: "powershell",
    about: Text { en: "print the script for PowerShell", zh: "打印 PowerShell 的自动补全脚本" },
    run: complete::powershell,
    ..BARE
};

static AUTO_COMPLETION: Command = Command {
    name: "auto-completion",
    about: Text { en: "enable auto completion", zh: "启用自动完成" },
    usage: "[--uninstall]",
    flags: Flags::Own(flags::AUTO_COMPLETION),
    words: Words::Refused,
    run: auto_completion::run,
    ..LEAF
};

static VERSION_COMMAND: Command = Command {
    name: "version",
    about: Text { en: "print current version", zh: "打印当前版本号" },
    run: version::run,
    ..LEAF
};
