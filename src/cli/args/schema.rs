//! The tree of commands, from which grammar, help, suggestions, completion and manual follow: each command by
//! its name, with what it is about, its usage, the type of its arguments, and the commands below it.
//!
//! The flags of a command are the fields of its arguments, beside what runs it. They are built for the commands
//! that a call names, and no others.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};

use super::{beyond, fields};
use crate::cli::commands::settings::{ai_mode, plugin_settings, safety_policy};
use crate::cli::commands::{
    NoArguments, auto_completion, check, configure, delete, exec, export, get, import, list, logout, rename,
    root, rotate, set, sts, switch, unset, version,
};
use crate::language::Language;
use crate::modes;
use crate::texts::{Message, commands, flags, surroundings};

macro_rules! commands {
    ($($name:ident $word:literal $about:ident $usage:literal $arguments:ty [$($below:ident)*];)*) => {
        /// The name of a command.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Name { $($name),* }

        /// A command with its arguments.
        #[allow(dead_code, reason = "a command without arguments reads none")]
        pub(crate) enum Command { $($name($arguments)),* }

        impl Name {
            /// All names.
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Returns the word that calls the command.
            pub(crate) fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// Returns what the command is about.
            pub(crate) fn about(self) -> Message {
                match self { $(Self::$name => commands::$about),* }
            }

            /// Returns what may stand behind the name.
            pub(crate) fn usage(self) -> &'static str {
                match self { $(Self::$name => $usage),* }
            }

            /// Returns the commands below this one.
            pub(crate) fn below(self) -> &'static [Self] {
                match self { $(Self::$name => &[$(Self::$below),*]),* }
            }

            fn with_arguments(self, command: clap::Command) -> clap::Command {
                match self { $(Self::$name => <$arguments>::augment_args(command)),* }
            }

            fn typed(self, matches: &ArgMatches) -> Result<Command, clap::Error> {
                match self { $(Self::$name => FromArgMatches::from_arg_matches(matches).map(Command::$name)),* }
            }
        }
    };
}

commands! {
    Root "aliyun" ROOT "<command> [--profile <profileName>] [--config-path <configPath>]..." root::Arguments
        [Configure Sts Completion AutoCompletion Version];

    Configure "configure" CONFIGURE "--mode {AK|RamRoleArn|EcsRamRole|OIDC|External|CredentialsURI|ChainableRamRoleArn|CloudSSO|OAuth|BearerToken} --profile <profileName> [--config-path <configPath>]" configure::Arguments
        [Get Set List Delete Switch Rename Copy Unset Import Logout Rotate Check ExportCredentials Exec SafetyPolicy AiMode PluginSettings];
    Get "get" GET "[profile] [language] [--config-path <configPath>]..." get::Arguments [];
    Set "set" SET "[--profile <profileName>] [--language {en|zh}] [--config-path <configPath>]..." set::Arguments [];
    List "list" LIST "[--config-path <configPath>]" list::Arguments [];
    Delete "delete" DELETE "--profile <profileName> [--config-path <configPath>]" delete::Arguments [];
    Switch "switch" SWITCH "--profile <profileName> [--config-path <configPath>]" switch::Arguments [];
    Import "import" IMPORT "[FILE] [--profile <profileName>] [--from {csv|ini|ossutil|config|env}] [--prefix <text>] [--region <regionId>] [--overwrite] [--dry-run] [--config-path <configPath>]" import::Arguments [];
    Logout "logout" LOGOUT "[--profile <profileName> | --all] [--config-path <configPath>]" logout::Arguments [];
    ExportCredentials "export-credentials" EXPORT_CREDENTIALS "[--profile <profileName>] [--format {process|env|fish|powershell|cmd|env-file|github|uri|ini}] [--for {sdk|terraform|oss|all}] [--config-path <configPath>]" export::Arguments [];
    Exec "exec" EXEC "[--profile <profileName>] [--serve] [--config-path <configPath>] -- <command> [<argument>...]" exec::Arguments [];
    Rename "rename" RENAME "--profile <profileName> --to <profileName> [--config-path <configPath>]" rename::Arguments [];
    Copy "copy" COPY "--profile <profileName> --to <profileName> [--config-path <configPath>]" rename::Arguments [];
    Unset "unset" UNSET "[--profile <profileName>] <setting>... [--config-path <configPath>]" unset::Arguments [];
    Rotate "rotate" ROTATE "[--profile <profileName>] [--delete-old] [--dry-run] [--yes] [--config-path <configPath>]" rotate::Arguments [];
    Check "check" CHECK "[--profile <profileName> | --all] [--live] [--output {text|json}] [--config-path <configPath>]" check::Arguments [];

    SafetyPolicy "safety-policy" SAFETY_POLICY "[command] [--config-path <configPath>]" safety_policy::Arguments<true>
        [SafetyShow SafetyEnable SafetyDisable SafetyAdd SafetyRemove SafetyList];
    SafetyShow "show" SAFETY_SHOW "[--config-path <configPath>]" safety_policy::Arguments<false> [];
    SafetyEnable "enable" SAFETY_ENABLE "[--config-path <configPath>]" safety_policy::Arguments<false> [];
    SafetyDisable "disable" SAFETY_DISABLE "[--config-path <configPath>]" safety_policy::Arguments<false> [];
    SafetyAdd "add" SAFETY_ADD "--pattern <pattern> --action <deny|confirm|forbid> [--config-path <configPath>]" safety_policy::Arguments<false> [];
    SafetyRemove "remove" SAFETY_REMOVE "--pattern <pattern> [--config-path <configPath>]" safety_policy::Arguments<false> [];
    SafetyList "list" SAFETY_LIST "[--config-path <configPath>]" safety_policy::Arguments<false> [];

    AiMode "ai-mode" AI_MODE "[command] [--config-path <configPath>]" ai_mode::Arguments<true>
        [AiShow AiEnable AiDisable AiSetUserAgent AiResetUserAgent AiSetOssutil AiResetOssutil];
    AiShow "show" AI_SHOW "[--config-path <configPath>]" ai_mode::Arguments<false> [];
    AiEnable "enable" AI_ENABLE "[--config-path <configPath>]" ai_mode::Arguments<false> [];
    AiDisable "disable" AI_DISABLE "[--config-path <configPath>]" ai_mode::Arguments<false> [];
    AiSetUserAgent "set-user-agent" AI_SET_USER_AGENT "--user-agent <words> [--config-path <configPath>]" ai_mode::Arguments<false> [];
    AiResetUserAgent "reset-user-agent" AI_RESET_USER_AGENT "[--config-path <configPath>]" ai_mode::Arguments<false> [];
    AiSetOssutil "set-ossutil" AI_SET_OSSUTIL "--ossutil '<json>' [--config-path <configPath>]" ai_mode::Arguments<false> [];
    AiResetOssutil "reset-ossutil" AI_RESET_OSSUTIL "[--config-path <configPath>]" ai_mode::Arguments<false> [];

    PluginSettings "plugin-settings" PLUGIN_SETTINGS "[command]" NoArguments [PluginShow PluginSet PluginClear];
    PluginShow "show" PLUGIN_SHOW "" NoArguments [];
    PluginSet "set" PLUGIN_SET "--source-base <url>" plugin_settings::SetArguments [];
    PluginClear "clear" PLUGIN_CLEAR "" NoArguments [];

    Sts "sts" STS "<action> [--profile <profileName>] [--region <regionId>]..." sts::Arguments
        [GetCallerIdentity GetCallerIdentityKebab];
    GetCallerIdentity "GetCallerIdentity" CALL "[--profile <profileName>] [--region <regionId>]..." sts::Arguments [];
    GetCallerIdentityKebab "get-caller-identity" CALL "[--profile <profileName>] [--region <regionId>]..." sts::Arguments [];

    Completion "completion" COMPLETION "<shell>" NoArguments [Bash Zsh Fish PowerShell];
    Bash "bash" BASH "" NoArguments [];
    Zsh "zsh" ZSH "" NoArguments [];
    Fish "fish" FISH "" NoArguments [];
    PowerShell "powershell" POWERSHELL "" NoArguments [];

    AutoCompletion "auto-completion" AUTO_COMPLETION "[--uninstall]" auto_completion::Arguments [];
    Version "version" VERSION_COMMAND "" version::Arguments [];
}

/// The flag that shows help, which every command takes.
pub(crate) const HELP: &str = "help";

impl Name {
    /// Returns what help says beside what the command is about, where there is more to say.
    pub(crate) fn details(self) -> Option<Message> {
        match self {
            Self::Root => Some(commands::ROOT_DETAILS),
            Self::Exec => Some(commands::EXEC_DETAILS),
            Self::ExportCredentials => Some(commands::EXPORT_CREDENTIALS_DETAILS),
            Self::Rotate => Some(commands::ROTATE_DETAILS),
            Self::Check => Some(commands::CHECK_DETAILS),
            _ => None,
        }
    }

    /// Returns how the command is called with every mode, where the reference names but some.
    pub(crate) fn full_usage(self) -> String {
        let usage = self.usage();
        let Some((before, (_, after))) =
            usage.split_once("--mode {").and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        else {
            return usage.to_owned();
        };
        format!("{before}--mode {{{}}}{after}", modes::names())
    }

    /// Tells whether help shows how the command is called; the reference leaves that out for one.
    pub(crate) fn shows_usage(self) -> bool {
        self != Self::Version
    }

    /// Tells whether the reference lacks the command.
    pub(crate) fn is_beyond(self) -> bool {
        beyond::is_command(self.word())
    }

    /// Returns what stands behind the name in calls that help shows as examples.
    pub(crate) fn examples(self) -> &'static [&'static str] {
        match self {
            Self::Root => &["configure --profile dev --mode AK"],
            Self::Configure => &["--mode OAuth  (Recommended)"],
            Self::Check => &["--profile dev --live", "--all --output json"],
            Self::Rotate => &["--profile dev --dry-run", "--profile dev"],
            Self::ExportCredentials => &["--profile dev --format env --for terraform"],
            Self::Exec => &["--profile dev -- terraform plan"],
            _ => &[],
        }
    }

    /// Returns the flag that the command cannot do without, which completion offers first.
    pub(crate) fn needs(self) -> Option<&'static str> {
        match self {
            Self::Delete | Self::Switch | Self::Rename | Self::Copy => Some("profile"),
            Self::SafetyAdd | Self::SafetyRemove => Some("pattern"),
            Self::AiSetUserAgent => Some("user-agent"),
            Self::AiSetOssutil => Some("ossutil"),
            Self::PluginSet => Some("source-base"),
            _ => None,
        }
    }

    /// Reads arguments in the usual form, flags before words, by the command as [`Path::clap`] builds it.
    ///
    /// # Errors
    ///
    /// Fails where a value is none of the flag's choices, or something required is missing.
    pub(crate) fn read(
        self,
        command: clap::Command,
        arguments: Vec<OsString>,
    ) -> Result<Command, clap::Error> {
        self.typed(&command.no_binary_name(true).try_get_matches_from(arguments)?)
    }

    /// Tells whether the command is a call to a service, whose errors are worded differently (wire, section 9.5).
    pub(crate) fn is_call(self) -> bool {
        matches!(self, Self::Sts | Self::GetCallerIdentity | Self::GetCallerIdentityKebab)
    }

    /// Tells whether a word behind the command may be a command of another program.
    pub(crate) fn may_be_foreign(self) -> bool {
        matches!(self, Self::Root | Self::Sts)
    }

    /// Finds a command below this one; the name of a product counts in any case of its letters.
    pub(crate) fn find(self, word: &str) -> Option<Self> {
        self.below().iter().copied().find(|name| {
            let is_product = name.is_call() && !name.below().is_empty();
            name.word() == word || (is_product && name.word().eq_ignore_ascii_case(word))
        })
    }
}

/// A command by the way that leads to it from the root.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    above: Vec<Name>,
    /// The command itself.
    pub(crate) name: Name,
}

impl Path {
    /// The way to the root, which is none.
    pub(crate) const ROOT: Self = Self { above: Vec::new(), name: Name::Root };

    /// Returns the path of a command below this one.
    pub(crate) fn to(&self, name: Name) -> Self {
        Self { above: [self.above.as_slice(), &[self.name]].concat(), name }
    }

    /// Tells whether this is the root.
    pub(crate) fn is_root(&self) -> bool {
        self.above.is_empty()
    }

    /// Returns the words that call the command, the name of the program first.
    pub(crate) fn words(&self) -> impl Iterator<Item = &'static str> {
        self.above.iter().chain([&self.name]).map(|name| name.word())
    }

    /// Returns how the command is called.
    pub(crate) fn call(&self) -> String {
        self.words().collect::<Vec<_>>().join(" ")
    }

    /// Tells whether the command or one above it is one of these.
    fn leads_through(&self, names: &[Name]) -> bool {
        self.above.iter().chain([&self.name]).any(|name| names.contains(name))
    }

    /// Tells whether `--help` in front of the command is not for it: it shares no flags with others.
    pub(crate) fn stands_alone(&self) -> bool {
        self.leads_through(&[Name::PluginSettings])
    }

    /// Tells whether the command belongs to settings of which each command takes the flags of the others.
    fn is_of_settings(&self) -> bool {
        self.leads_through(&[Name::SafetyPolicy, Name::AiMode])
    }

    /// Returns a flag as help lists it: the commands below a group of settings list none; one that the reference
    /// lacks lists the profile and the file that it is about.
    fn listed(&self, arg: Arg) -> Arg {
        if self.name.is_beyond() && ["profile", "config-path"].contains(&arg.get_id().as_str()) {
            arg.hide_short_help(false)
        } else if self.is_of_settings() && self.name.below().is_empty() {
            arg.hide_short_help(true)
        } else {
            arg
        }
    }

    /// Builds the command with its flags, and without the commands below it.
    pub(crate) fn clap(&self) -> clap::Command {
        let command = clap::Command::new(self.name.word())
            .disable_help_flag(true)
            .disable_version_flag(true)
            .disable_help_subcommand(true);
        // What is said of a type of arguments is for those who read the code.
        let command = self.name.with_arguments(command).about(self.name.about().en);
        let command = command.mut_args(|arg| self.listed(arg));
        // Help lists the flags of its own where something is to be listed, or there are no others.
        let is_listed = command.get_arguments().all(|arg| arg.is_positional())
            || command.get_arguments().any(|arg| arg.get_long().is_some() && !arg.is_hide_short_help_set());
        command.arg(
            Arg::new(HELP)
                .long(HELP)
                .short('h')
                .help(flags::HELP.en)
                .action(ArgAction::SetTrue)
                .hide_short_help(!is_listed),
        )
    }

    /// Builds the command and all below it, as its manual describes them in one language.
    pub(crate) fn manual(&self, language: Language) -> clap::Command {
        let call = self.call();
        let usage = format!("{call} {}", self.name.full_usage());
        let command = self.clap();
        let secrets = secrets(&command).map(|flags| surroundings::SECRETS.with(language, &[&flags]));
        let mut command = command.mut_args(|arg| described(arg, language)).override_usage(usage);
        command = command.about(self.name.about().in_language(language));
        if let Some(details) = self.name.details() {
            command = command.long_about(details.in_language(language));
        }
        let examples: Vec<_> =
            self.name.examples().iter().map(|example| format!("{call} {example}")).collect();
        let samples = (!examples.is_empty()).then(|| format!("Sample:\n{}", examples.join("\n")));
        let extra: Vec<_> = secrets.into_iter().chain(samples).collect();
        if !extra.is_empty() {
            command = command.after_help(extra.join("\n\n"));
        }
        command.subcommands(self.name.below().iter().map(|name| self.to(*name).manual(language)))
    }
}

/// Returns a flag as a manual shows it: with its help wherever it is taken, and with a name for its value.
fn described(arg: Arg, language: Language) -> Arg {
    let arg = match help(&arg) {
        flags::MODE => arg.help(surroundings::MODES.with(language, &[&modes::names()])),
        meaning => arg.help(meaning.in_language(language)),
    };
    let arg = arg.hide_short_help(false);
    let id = arg.get_id().clone();
    match arg.get_long() {
        Some(_) if arg.get_action().takes_values() => arg.value_name(id),
        _ => arg,
    }
}

/// Finds a flag by its long name.
pub(crate) fn long<'a>(command: &'a clap::Command, name: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|arg| {
        arg.get_long() == Some(name) || arg.get_all_aliases().is_some_and(|others| others.contains(&name))
    })
}

/// Finds a flag by its short name.
pub(crate) fn short(command: &clap::Command, name: char) -> Option<&Arg> {
    command.get_arguments().find(|arg| arg.get_short() == Some(name))
}

/// Returns what a flag means, in both languages.
pub(crate) fn help(arg: &Arg) -> Message {
    arg.get_help().map_or(Message::NONE, |help| flags::by_english(&help.to_string()))
}

/// Returns the flags of a command that hold a secret, which `-` and `@FILE` stand for; `None` where it lists none.
pub(crate) fn secrets(command: &clap::Command) -> Option<String> {
    let holds_secret = |arg: &Arg| fields::is_secret(arg.get_id().as_str()) && !arg.is_hide_short_help_set();
    let flags = shown(command).filter(|(_, arg)| holds_secret(arg));
    let flags: Vec<_> = flags.map(|(name, _)| format!("--{name}")).collect();
    (!flags.is_empty()).then(|| flags.join(", "))
}

/// Returns the long names of a flag, its own first.
pub(crate) fn names(arg: &Arg) -> impl Iterator<Item = &str> {
    arg.get_long().into_iter().chain(arg.get_all_aliases().unwrap_or_default())
}

/// Returns the flags of a command as they are listed, `--help` last. Among those of settings the persistent ones
/// stand twice, as in the reference. What the reference's command lacks is left out unless `all` are wanted.
pub(crate) fn listed<'a>(command: &'a clap::Command, path: &Path, all: bool) -> Vec<&'a Arg> {
    let is_wanted = |arg: &&Arg| all || path.name.is_beyond() || !beyond::is_flag(arg.get_id().as_str());
    let flags = || shown(command).map(|(_, arg)| arg).filter(|arg| arg.get_id() != HELP).filter(is_wanted);
    let is_persistent = |arg: &&Arg| fields::row(arg.get_id().as_str()).is_some_and(|row| row.persistent);
    let again = flags().filter(|arg| path.is_of_settings() && is_persistent(arg));
    flags().chain(again).chain(command.get_arguments().filter(|arg| arg.get_id() == HELP)).collect()
}

/// Returns the long names of the flags that are shown to users.
pub(crate) fn shown(command: &clap::Command) -> impl Iterator<Item = (&str, &Arg)> {
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    shown.filter_map(|arg| Some((arg.get_long()?, arg)))
}
