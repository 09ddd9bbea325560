//! The tree of commands, and what follows from it.

use std::ffi::OsString;

use crate::cli::args::grammar;
use crate::cli::args::schema::{self, Name, Path};
use crate::cli::args::{fields, profile_flags};
use crate::cli::{command, help};
use crate::language::Language;
use crate::modes;
use crate::texts::{Message, flags};

/// Returns the path of every command.
pub(super) fn paths() -> Vec<Path> {
    fn below(path: &Path) -> Vec<Path> {
        let below = path.name.below().iter().flat_map(|name| below(&path.to(*name)));
        std::iter::once(path.clone()).chain(below).collect()
    }
    below(&Path::ROOT)
}

#[test]
fn the_tree_holds_every_command_once() {
    let mut names: Vec<_> = paths().iter().map(|path| path.name).collect();
    names.sort_unstable_by_key(|name| *name as usize);
    assert_eq!(names, Name::ALL);
}

#[test]
fn clap_finds_no_fault_with_any_command_and_knows_what_it_is_about() {
    for path in paths() {
        let command = path.clap();
        assert_eq!(command.get_about().unwrap().to_string(), path.name.about().en);
        command.debug_assert();
    }
    command().debug_assert();
}

#[test]
fn every_command_is_read_with_all_of_its_flags() {
    for path in paths() {
        let command = path.clap();
        // A flag that stands beside another that it excludes is an error of the grammar.
        let flags = command.get_arguments().filter(|arg| command.get_arg_conflicts_with(arg).is_empty());
        let flags = flags.filter_map(|arg| {
            let name = arg.get_long()?;
            let choice = arg.get_possible_values().first().map_or("1", |choice| choice.get_name()).to_owned();
            Some(if arg.get_action().takes_values() {
                format!("--{name}={choice}")
            } else {
                format!("--{name}")
            })
        });
        let positionals = command.get_positionals().filter(|word| word.is_required_set());
        let positionals =
            positionals.flat_map(|word| if word.is_last_set() { vec!["--", "true"] } else { vec!["1"] });
        let words = path.words().skip(1).map(str::to_owned);
        let flags = flags.filter(|flag| flag != "--help");
        let arguments =
            words.chain(flags).chain(positionals.map(str::to_owned)).map(OsString::from).collect();
        let parsed = grammar::parse(arguments).unwrap();
        assert_eq!(parsed.path.name, path.name);
        parsed.read().map(drop).unwrap();
    }
}

#[test]
fn what_a_command_needs_is_a_flag_that_it_takes() {
    for path in paths() {
        let command = path.clap();
        assert!(path.name.needs().is_none_or(|flag| schema::long(&command, flag).is_some()), "{path:?}");
    }
}

#[test]
fn every_flag_and_word_that_is_shown_has_a_text_in_both_languages() {
    for path in paths() {
        for arg in path.clap().get_arguments().filter(|arg| !arg.is_hide_set()) {
            assert_ne!(schema::help(arg), Message::NONE, "{arg:?}");
        }
    }
    let english: std::collections::HashSet<_> = flags::ALL.iter().map(|message| message.en).collect();
    assert_eq!(english.len(), flags::ALL.len(), "an English text stands for one meaning");
}

#[test]
fn every_row_beside_clap_is_about_a_flag_or_word_that_there_is() {
    let commands: Vec<_> = paths().iter().map(Path::clap).collect();
    let names: Vec<_> = commands
        .iter()
        .flat_map(clap::Command::get_arguments)
        .map(|arg| arg.get_long().unwrap_or(arg.get_id().as_str()))
        .collect();
    for row in fields::ROWS {
        assert!(names.contains(&row.name), "{}", row.name);
    }
    for arg in profile_flags::all() {
        assert!(fields::row(arg.get_id().as_str()).is_some(), "{arg}");
    }
}

#[test]
fn help_of_every_command_names_all_that_it_takes_in_both_languages() {
    for language in Language::ALL {
        for path in paths() {
            let (name, text) = (path.name, help::text(&path, language, true));
            assert!(text.starts_with(name.about().in_language(language)), "{text}");
            let usage = format!("\n  {} {}", path.call(), name.full_usage());
            assert_eq!(text.contains(usage.trim_end()), name.shows_usage(), "{text}");
            let below = name.below().iter();
            let below =
                below.map(|below| (below.word().to_owned(), below.about().in_language(language).into()));
            let command = path.clap();
            let flags = schema::shown(&command).filter(|(_, arg)| !arg.is_hide_short_help_set());
            let flags = flags.map(|(flag, arg)| (format!("--{flag}"), help::meaning(arg, language, true)));
            for (name, about) in below.chain(flags) {
                let is_row = |line: &str| {
                    let name_of_row = line.trim_start().split([' ', ',']).next();
                    name_of_row == Some(&name) && line.ends_with(&format!(" {about}"))
                };
                assert!(text.lines().any(is_row), "{name}: {text}");
            }
        }
    }
}

#[test]
fn persistent_flags_are_taken_by_every_command_about_profiles_and_listed_where_all_are() {
    let listed = |words: &str| {
        let path =
            paths().into_iter().find(|path| path.call() == format!("aliyun configure{words}")).unwrap();
        let command = path.clap();
        let arg = schema::long(&command, "endpoint").unwrap();
        !arg.is_hide_short_help_set()
    };
    assert_eq!(["", " get", " set", " list", " switch"].map(listed), [false, false, true, false, true]);
}

#[test]
fn help_of_the_commands_beyond_the_reference_names_the_profile_and_the_file() {
    let about_profiles = |path: &schema::Path| path.name.is_beyond() && path.call().contains(" configure ");
    let commands: Vec<_> = paths().into_iter().filter(about_profiles).collect();
    assert_eq!(commands.len(), 9);
    for path in commands {
        let text = help::text(&path, Language::English, false);
        assert!(text.contains("\n  --profile,-p  ") && text.contains("\n  --config-path "), "{text}");
    }
}

#[test]
fn help_of_the_references_commands_names_nothing_of_ours_off_a_terminal() {
    for path in paths().into_iter().filter(|path| !path.is_root() && !path.name.is_beyond()) {
        let text = help::text(&path, Language::English, false);
        for below in path.name.below().iter().filter(|below| below.is_beyond()) {
            assert!(!text.contains(&format!("\n  {} ", below.word())), "{text}");
        }
        for ours in ["--output", "--credentials-uri", "@FILE", "CredentialsURI|OIDC", "SSL_CERT_FILE"] {
            assert!(!text.contains(ours), "{text}");
        }
    }
}

#[test]
fn help_at_a_terminal_alone_names_every_mode_and_how_secrets_stay_out_of_command_lines() {
    let [configure, set] = ["aliyun configure", "aliyun configure set"]
        .map(|call| paths().into_iter().find(|path| path.call() == call).unwrap());
    for language in Language::ALL {
        let text = help::text(&set, language, true);
        let modes = modes::ALL.iter().map(|mode| mode.name()).collect::<Vec<_>>().join("|");
        assert!(text.contains(&format!("`--mode {{{modes}}}`")), "{text}");
        let usage = format!("\n  aliyun configure --mode {{{modes}}} --profile ");
        assert!(help::text(&configure, language, true).contains(&usage));
        let root = [true, false].map(|all| help::text(&Path::ROOT, language, all));
        let of_the_reference = "AK|StsToken|RamRoleArn|EcsRamRole|RsaKeyPair|RamRoleArnWithRoleName|CloudSSO|OAuth|BearerToken|Anonymous";
        for (root, modes) in root.iter().zip([modes.as_str(), of_the_reference]) {
            assert!(root.contains(&format!("`--mode {{{modes}}}`")), "{root}");
        }
        let flags = "--access-key-secret, --sts-token";
        assert!(text.lines().any(|line| line.contains(flags) && line.contains("`@FILE`")), "{text}");
    }
}

#[test]
fn help_of_the_root_names_exit_codes_variables_and_files_in_both_languages() {
    let [english, chinese] = Language::ALL.map(|language| help::text(&Path::ROOT, language, false));
    for (text, titles) in [
        (english, ["\nExit status:\n  0 ", "\nEnvironment:\n", "\nFiles:\n"]),
        (chinese, ["\n退出码:\n  0 ", "\n环境变量:\n", "\n文件:\n"]),
    ] {
        for said in titles.iter().chain(&["SSL_CERT_FILE", "ALIBABACLOUD_ROLE_ARN", "~/.aliyun/config.json"])
        {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
}
