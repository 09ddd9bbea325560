//! What pages, help and texts name: commands, flags, modes, variables and files that there are.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path as File, PathBuf};

use regex::Regex;

use super::tree::paths;
use crate::cli::args::grammar::{self, Failure};
use crate::cli::args::schema::{self, Path};
use crate::cli::help;
use crate::language::Language;
use crate::modes;

/// Products of the Alibaba Cloud CLI, to which pages show calls that are handed over.
const PRODUCTS: [&str; 1] = ["ecs"];

/// A text with the name of where it stands.
type Page = (String, String);

fn root() -> &'static File {
    File::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &File, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| match path.is_dir() {
        true => files_below(&path, extension),
        false => vec![path],
    });
    found.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

fn read(path: PathBuf) -> Page {
    let text = fs::read_to_string(&path).unwrap();
    (path.display().to_string(), text)
}

/// Returns the documents for users and contributors. The specification is none of them: it describes calls that are
/// refused, and what the reference has.
fn documents() -> Vec<Page> {
    let top =
        ["README.md", "README.zh-CN.md", "SECURITY.md", "CONTRIBUTING.md"].map(|name| root().join(name));
    let below = files_below(&root().join("docs"), "md").into_iter();
    let below = below.filter(|path| !path.starts_with(root().join("docs/spec")));
    top.into_iter().chain(below).map(read).collect()
}

/// Returns the help of every command in both languages, as a terminal shows it.
fn helps() -> Vec<Page> {
    let all =
        Language::ALL.into_iter().flat_map(|language| paths().into_iter().map(move |path| (path, language)));
    all.map(|(path, language)| (format!("{path:?}"), help::text(&path, language, true))).collect()
}

/// Returns what the code says, without its own tests and comments.
fn code() -> Vec<Page> {
    let files = files_below(&root().join("src"), "rs").into_iter();
    let files = files.filter(|path| {
        !path.components().any(|part| part.as_os_str() == "tests") && !path.ends_with("tests.rs")
    });
    let texts = files.map(read).map(|(name, text)| {
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        (name, lines.map(|line| line.replace("\\n", "\n") + "\n").collect())
    });
    texts.collect()
}

/// Returns the calls in a text, each as its words behind the program's name; `a|b` makes two of one call.
fn calls(text: &str) -> Vec<Vec<String>> {
    let call = Regex::new(r#"(?:^|[`"(| ])aliyun ((?:[a-z<\[-][^\n`"]*)?)"#).unwrap();
    let lines = text
        .lines()
        .flat_map(|line| call.captures_iter(line).map(|found| found[1].to_owned()).collect::<Vec<_>>());
    lines.filter(|line| !line.starts_with("<product>")).flat_map(|line| expanded(&line)).collect()
}

fn expanded(call: &str) -> Vec<Vec<String>> {
    // What stands behind is a remark, another program, or where the output goes.
    let end = Regex::new(r" ( |#|\\?\| [a-zA-Z]|> |< |&& )|[;)，。（]").unwrap();
    let call = end.find(call).map_or(call, |found| &call[..found.start()]);
    let either = Regex::new(r"\[([^\[\]|]*) \\?\| ([^\[\]|]*)\]").unwrap();
    if either.is_match(call) {
        return ["$1", "$2"].iter().flat_map(|one| expanded(&either.replace(call, *one))).collect();
    }
    let marks = Regex::new(r"\.\.\.|[\[\]']").unwrap();
    let call = marks.replace_all(call, "").replace(r"\|", "|");
    let words = call
        .split_whitespace()
        .filter(|word| !matches!(*word, "|" | "<command>" | "command" | "<action>" | "<shell>"));
    let mut calls: Vec<Vec<String>> = vec![Vec::new()];
    for word in words {
        // A choice of values is one value.
        let is_value = calls.iter().any(|call| call.last().is_some_and(|last| last.starts_with('-')));
        // The code fills in what stands between braces.
        if !is_value && word.starts_with('{') {
            continue;
        }
        let choices: Vec<_> =
            if is_value { vec![word] } else { word.split('|').filter(|word| !word.is_empty()).collect() };
        calls = calls
            .iter()
            .flat_map(|call| {
                choices.iter().map(move |choice| [call.as_slice(), &[(*choice).to_owned()]].concat())
            })
            .collect();
    }
    calls
}

/// Returns what is wrong with a call.
fn fault(words: &[String]) -> Option<String> {
    let modes = words.windows(2).filter(|pair| pair[0] == "--mode").flat_map(|pair| pair[1].split('|'));
    let modes =
        modes.map(|mode| mode.trim_matches(['{', '}'])).filter(|mode| !matches!(*mode, "" | "MODE" | "mode"));
    if let Some(mode) = modes.into_iter().find(|mode| modes::by_name(mode).is_none()) {
        return Some(format!("there is no mode {mode}"));
    }
    // A variable may hold the beginning of a call, up to the program that is run.
    let program = words.last().filter(|word| *word == "--").map(|_| "PROGRAM".to_owned());
    match grammar::parse(words.iter().chain(&program).map(OsString::from).collect()) {
        Err(Failure::ForeignCommand(_)) if PRODUCTS.contains(&words[0].as_str()) => None,
        Err(Failure::Wrong(error) | Failure::ForeignFlag(error) | Failure::ForeignCommand(error)) => {
            Some(error.to_string())
        }
        Ok(_) => None,
    }
}

#[test]
fn every_call_that_a_page_a_help_or_a_text_names_is_one_that_there_is() {
    let mut count = 0;
    for (name, text) in [documents(), helps(), code()].concat() {
        for call in calls(&text) {
            count += 1;
            assert_eq!(fault(&call), None, "{name}: aliyun {}", call.join(" "));
        }
    }
    assert!(count > 250, "{count} calls");
}

#[test]
fn a_call_that_there_is_not_is_found_in_a_page() {
    for (text, is_known) in [
        ("Type `aliyun configure get region`.", true),
        ("    aliyun configure list | head", true),
        (r"| `aliyun configure ai-mode show\|enable` |", true),
        (
            "Usage:\n  aliyun configure rename --profile <profileName> --to <profileName> [--config-path <configPath>]",
            true,
        ),
        (r"| `aliyun configure ai-mode show\|enabled` |", false),
        ("aliyun configure remove --profile p", false),
        ("`aliyun configure set --regoin x`", false),
        ("`aliyun configure --mode Oauth`", false),
        ("`aliyun login`", false),
    ] {
        let calls = calls(text);
        assert!(!calls.is_empty(), "{text}");
        assert_eq!(calls.iter().all(|call| fault(call).is_none()), is_known, "{text}");
    }
}

/// Returns what is in a text by a pattern.
fn named(text: &str, pattern: &str) -> BTreeSet<String> {
    Regex::new(pattern).unwrap().captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_flag_that_stands_alone_in_a_page_is_one_of_a_command_or_of_the_installer() {
    let commands: Vec<_> = paths().iter().map(Path::clap).collect();
    let installer = fs::read_to_string(root().join("packaging/install.sh")).unwrap();
    let is_known = |flag: &str| {
        // What stands for any flag.
        flag == "name"
            || commands.iter().any(|command| schema::long(command, flag).is_some())
            || installer.contains(&format!("--{flag}"))
    };
    // Flags of the reference that are left out are among the differences.
    let documents = documents().into_iter().filter(|(name, _)| !name.ends_with("differences.md"));
    for (name, text) in documents.chain(helps()) {
        let unknown: Vec<_> =
            named(&text, "`--([a-z][a-z-]*)").into_iter().filter(|flag| !is_known(flag)).collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
    }
}

#[test]
fn every_variable_and_file_that_a_page_names_is_one_that_the_program_knows() {
    let known: String = code().into_iter().map(|(_, text)| text).collect();
    let scripts = ["packaging", ".github/workflows"].map(|folder| root().join(folder));
    let scripts =
        scripts.iter().flat_map(|folder| ["sh", "yml", "rb"].map(|extension| files_below(folder, extension)));
    let known = known + &scripts.flatten().map(|path| read(path).1).collect::<String>();
    for (name, text) in [documents(), helps()].concat() {
        let variables = named(&text, r"\b((?:ALIBABA_?CLOUD|ALICLOUD|ALIYUN)_[A-Z][A-Z0-9_]*[A-Z0-9])\b");
        let files = named(&text, r"\.aliyun/([a-z][a-z.-]*[a-z])");
        let unknown: Vec<_> = variables.union(&files).filter(|word| !known.contains(word.as_str())).collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
    }
}

#[test]
fn every_file_of_this_repository_that_a_document_names_is_there() {
    for (name, text) in documents() {
        let paths =
            named(&text, r"`((?:src|tests|packaging|docs|examples|fuzz|benches|\.ci|\.github)/[\w./-]*)");
        // Words in capitals stand for others.
        let paths = paths.into_iter().filter(|path| !path.contains("NAME") && !path.contains("AREA"));
        let missing: Vec<_> = paths.filter(|path| !root().join(path).exists()).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
}
