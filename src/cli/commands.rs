//! The commands: one description each, from the root down.

use super::flags::VERSION;
use super::tree::{Command, Flags, Words};
use super::{configure, delete, get, help, list, set, sts, switch, version};
use crate::messages::Text;

/// What most commands have in common.
const LEAF: Command = Command {
    name: "",
    about: Text { en: "", zh: "" },
    usage: "",
    sample: "",
    flags: Flags::Persistent,
    words: Words::Ignored,
    commands: &[],
    is_call: false,
    run: version::run,
};

pub(crate) static ROOT: Command = Command {
    name: "aliyun",
    about: Text {
        en: "configure credentials for Alibaba Cloud, and verify them",
        zh: "配置阿里云身份凭证并进行验证",
    },
    usage: "<command> [--profile <profileName>] [--config-path <configPath>]...",
    flags: Flags::All(&[VERSION]),
    words: Words::Refused,
    commands: &[&CONFIGURE, &STS, &VERSION_COMMAND],
    run: version::root,
    ..LEAF
};

static CONFIGURE: Command = Command {
    name: "configure",
    about: Text { en: "configure credential and settings", zh: "配置身份认证和其他信息" },
    usage: "--mode {AK|RamRoleArn|EcsRamRole|OIDC|External|CredentialsURI|ChainableRamRoleArn|CloudSSO|OAuth|BearerToken} --profile <profileName> [--config-path <configPath>]",
    sample: "--mode OAuth  (Recommended)",
    words: Words::Refused,
    commands: &[&GET, &SET, &LIST, &DELETE, &SWITCH],
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
    run: delete::run,
    ..LEAF
};

static SWITCH: Command = Command {
    name: "switch",
    about: Text { en: "switch default profile", zh: "切换默认配置" },
    usage: "--profile <profileName> [--config-path <configPath>]",
    flags: Flags::All(&[]),
    run: switch::run,
    ..LEAF
};

static STS: Command = Command {
    name: "sts",
    about: Text { en: "call the Security Token Service", zh: "调用安全令牌服务（STS）" },
    usage: "<action> [--profile <profileName>] [--region <regionId>]...",
    flags: Flags::All(&[]),
    words: Words::Refused,
    commands: &[&CALLER_IDENTITY, &CALLER_IDENTITY_KEBAB],
    is_call: true,
    run: help::of_sts,
    ..LEAF
};

static CALLER_IDENTITY: Command = Command { name: "GetCallerIdentity", run: sts::with_tabs, ..CALL };

static CALLER_IDENTITY_KEBAB: Command =
    Command { name: "get-caller-identity", run: sts::with_blanks, ..CALL };

/// What both names of the call have in common.
const CALL: Command = Command {
    about: Text { en: "print who the credentials belong to", zh: "打印当前凭证所属的身份" },
    usage: "[--profile <profileName>] [--region <regionId>]...",
    flags: Flags::All(&[]),
    words: Words::Refused,
    is_call: true,
    ..LEAF
};

static VERSION_COMMAND: Command = Command {
    name: "version",
    about: Text { en: "print current version", zh: "打印当前版本号" },
    run: version::run,
    ..LEAF
};

/// The path to the service.
pub(super) static STS_PATH: [&Command; 2] = [&ROOT, &STS];
