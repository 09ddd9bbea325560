//! The READMEs and the pages in `docs`: both languages say the same, as far as a program can tell, and what they say is
//! what the code has.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::support::environment::{TestEnvironment, mode_names};
use crate::support::files::files_below;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the paths of each page in English and in Chinese.
fn pages() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("docs/zh-CN")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let docs = names.map(|name| (format!("docs/{name}"), format!("docs/zh-CN/{name}")));
    docs.chain([("README.md".to_owned(), "README.zh-CN.md".to_owned())]).collect()
}

/// Asserts that what `part` finds in a page is the same in both languages.
fn assert_same<T: PartialEq + std::fmt::Debug>(part: impl Fn(&str) -> T) {
    for (english, chinese) in pages() {
        // The tour is told in the language of its reader.
        let told_in_chinese = read(&chinese).replace("--example tour -- --language zh", "--example tour");
        assert_eq!(part(&read(&english)), part(&told_in_chinese), "{english} and {chinese}");
    }
}

/// Returns what is outside of blocks of code, or inside.
fn lines(text: &str, in_code: bool) -> Vec<&str> {
    let is_code = |index: usize| index % 2 == 1;
    let parts = text.split("```").enumerate().filter(|(index, _)| is_code(*index) == in_code);
    parts.flat_map(|(_, part)| part.lines()).collect()
}

fn headings(text: &str) -> Vec<&str> {
    lines(text, false).into_iter().filter(|line| line.starts_with('#')).collect()
}

fn heading_levels(text: &str) -> Vec<usize> {
    headings(text).iter().map(|line| line.chars().take_while(|letter| *letter == '#').count()).collect()
}

/// Returns the code in the first column of each row of each table, in alphabetical order.
fn first_cells(text: &str) -> Vec<Vec<String>> {
    let code = Regex::new("`[^`]+`").unwrap();
    let rows = lines(text, false).into_iter().filter(|line| line.starts_with("| "));
    rows.map(|row| {
        let end = row[1..].find(" | ").map_or(row.len(), |end| end + 1);
        let mut found: Vec<_> = code.find_iter(&row[..end]).map(|found| found.as_str().to_owned()).collect();
        found.sort_unstable();
        found
    })
    .collect()
}

/// Returns the lines in blocks of code, without the remarks behind them.
fn commands(text: &str) -> Vec<String> {
    let without_remark = |line: &str| line.find(" #").map_or(line.len(), |end| end);
    lines(text, true).into_iter().map(|line| line[..without_remark(line)].trim_end().to_owned()).collect()
}

#[test]
fn every_page_has_the_same_headings_in_both_languages() {
    assert_same(heading_levels);
}

#[test]
fn every_page_has_the_same_tables_in_both_languages() {
    assert_same(first_cells);
}

#[test]
fn every_page_has_the_same_commands_to_type_in_both_languages() {
    assert_same(commands);
}

#[test]
fn the_readmes_are_short() {
    for path in ["README.md", "README.zh-CN.md"] {
        let count = read(path).lines().count();
        assert!(count <= 160, "{path} has {count} lines; details belong in docs");
    }
}

fn assert_named(page: &str, above: &str, tree: &clap::Command) {
    let text = read(page);
    for command in tree.get_subcommands().filter(|command| !command.is_hide_set()) {
        let words = format!("`{above} {}", command.get_name());
        let is_named = [" ", "`"].iter().any(|end| text.contains(&format!("{words}{end}")));
        assert!(
            is_named,
            "{page} needs a row that begins with {words}`, and so does the page in the other language"
        );
    }
}

#[test]
fn the_pages_of_commands_name_every_command() {
    let tree = aliyun_configure::cli::command();
    for page in ["docs/commands.md", "docs/zh-CN/commands.md"] {
        assert_named(page, "aliyun", &tree);
        assert_named(page, "aliyun configure", tree.find_subcommand("configure").unwrap());
    }
}

#[test]
fn the_pages_of_modes_have_a_row_for_every_mode() {
    let modes: BTreeSet<_> = mode_names().iter().map(|mode| vec![format!("`{mode}`")]).collect();
    for page in ["docs/modes.md", "docs/zh-CN/modes.md"] {
        let rows: BTreeSet<_> = first_cells(&read(page)).into_iter().filter(|row| !row.is_empty()).collect();
        assert_eq!(rows, modes, "{page}");
    }
}

/// Returns the name by which a link leads to a heading, as hosts of repositories make it.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.collect::<String>().replace(' ', "-")
}

/// Returns the links of a document that lead to nothing.
fn broken_links(file: &Path) -> Vec<String> {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let text = fs::read_to_string(file).unwrap();
    let prose = lines(&text, false).join("\n");
    let targets = link.captures_iter(&prose).map(|found| found[1].to_owned());
    let local = targets.filter(|target| !target.contains("://"));
    local
        .filter(|target| !exists(file, target))
        .map(|target| format!("{}: {target}", file.display()))
        .collect()
}

fn exists(file: &Path, target: &str) -> bool {
    let (path, name) = target.split_once('#').unwrap_or((target, ""));
    let target = if path.is_empty() { file.to_owned() } else { file.parent().unwrap().join(path) };
    target.exists()
        && (name.is_empty()
            || headings(&fs::read_to_string(target).unwrap()).iter().any(|heading| anchor(heading) == name))
}

/// Returns all documents of the project.
fn documents() -> Vec<PathBuf> {
    let folders = ["docs", "tests", "fuzz/corpus", "packaging", ".ci", ".github"];
    let top = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let below = folders.iter().map(|folder| root().join(folder)).filter(|folder| folder.exists());
    let all = top.chain(below.flat_map(|folder| files_below(&folder, &[".md"])));
    all.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

#[test]
fn every_link_in_a_document_leads_somewhere() {
    let documents = documents();
    assert!(documents.len() > 20, "only {documents:?}");
    let broken: Vec<_> = documents.iter().flat_map(|file| broken_links(file)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_link_to_a_missing_file_or_heading_is_broken() {
    let file = root().join("README.md");
    for (target, expected) in [
        ("LICENSE", true),
        ("docs/modes.md", true),
        ("CONTRIBUTING.md#packaging-and-releases", true),
        ("#license", true),
        ("docs/nothing.md", false),
        ("#nothing", false),
        ("CONTRIBUTING.md#nothing", false),
    ] {
        assert_eq!(exists(&file, target), expected, "{target}");
    }
}

/// Runs what stands behind each `$ ` in a block of code, and returns it with what it printed.
#[cfg(unix)]
fn replayed(environment: &TestEnvironment, block: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_aliyun")).parent().unwrap();
    let typed = block.lines().filter_map(|line| line.strip_prefix("$ "));
    typed
        .map(|line| {
            let mut shell = std::process::Command::new("sh");
            shell.env_clear().envs(environment.variables()).current_dir(environment.home());
            shell.env("PATH", format!("{}:/usr/bin:/bin", binary.display())).args(["-c", line]);
            let output = shell.output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            format!("$ {line}\n{}", String::from_utf8(said).unwrap())
        })
        .collect()
}

#[cfg(unix)]
#[test]
fn every_session_in_the_documents_prints_what_stands_there() {
    let session = Regex::new(r"(?s)```console\n(.*?)```").unwrap();
    let mut count = 0;
    for (page, text) in pages()
        .into_iter()
        .flat_map(|(english, chinese)| [english, chinese])
        .map(|page| (page.clone(), read(&page)))
    {
        for block in session.captures_iter(&text) {
            let environment = TestEnvironment::new().var("SECRET", "exampleSecret");
            count += 1;
            assert_eq!(replayed(&environment, &block[1]), &block[1], "{page}");
        }
    }
    assert!(count >= 2, "{count} sessions");
}

/// A row of the table of fields, which a test of `config` compares with the code.
#[derive(serde::Deserialize)]
struct FieldRow {
    json: String,
    flag: Option<String>,
    env_when_empty: Vec<String>,
}

impl FieldRow {
    fn as_markdown(&self) -> String {
        let flag = self.flag.as_ref().map(|flag| format!("`--{flag}`")).unwrap_or_default();
        let variables: Vec<_> = self.env_when_empty.iter().map(|name| format!("`{name}`")).collect();
        format!("| `{}` | {flag} | {} |\n", self.json, variables.join(", "))
    }
}

#[test]
fn the_pages_of_configuration_have_the_table_of_fields() {
    let fields: Vec<FieldRow> = serde_json::from_str(&read("docs/spec/config-fields.json")).unwrap();
    let table: String = fields.iter().map(FieldRow::as_markdown).collect();
    let tree = aliyun_configure::cli::command();
    let set =
        tree.find_subcommand("configure").and_then(|configure| configure.find_subcommand("set")).unwrap();
    for flag in fields.iter().filter_map(|field| field.flag.as_deref()) {
        assert!(set.get_arguments().any(|argument| argument.get_long() == Some(flag)), "set has no --{flag}");
    }
    for page in ["docs/configuration.md", "docs/zh-CN/configuration.md"] {
        assert!(read(page).contains(&table), "{page} needs this table:\n{table}");
    }
}

/// Returns the flags of a command, and of those below it, that help shows and the text does not name.
fn unnamed_flags(text: &str, command: &clap::Command) -> Vec<String> {
    let flags = command.get_arguments().filter(|flag| !flag.is_hide_set()).filter_map(clap::Arg::get_long);
    let is_named = |flag: &str| Regex::new(&format!(r"--{flag}\b")).unwrap().is_match(text);
    let own = flags.filter(|flag| !is_named(flag)).map(|flag| format!("{} --{flag}", command.get_name()));
    let below = command.get_subcommands().filter(|command| !command.is_hide_set());
    own.chain(below.flat_map(|command| unnamed_flags(text, command))).collect()
}

#[test]
fn the_pages_name_every_flag_that_help_shows() {
    for folder in ["docs", "docs/zh-CN"] {
        let pages = ["commands", "configuration", "modes", "scripting", "logins"];
        let text: String = pages.iter().map(|page| read(&format!("{folder}/{page}.md"))).collect();
        let unnamed = unnamed_flags(&text, &aliyun_configure::cli::command());
        assert_eq!(unnamed, Vec::<String>::new(), "flags that no page in {folder} names");
    }
}

#[test]
fn the_exit_codes_are_those_of_the_pages_of_scripting() {
    for (page, language, title) in
        [("docs/scripting.md", "en_US", "Exit status"), ("docs/zh-CN/scripting.md", "zh_CN", "退出码")]
    {
        let rows = exit_codes(language, title);
        let rows = rows.iter().map(|(code, meaning)| format!("| `{code}` | {meaning} |\n"));
        let table = format!("|---|---|\n{}\n", rows.collect::<String>());
        assert!(read(page).contains(&table), "{page} needs this table:\n{table}");
    }
}

/// Returns the exit codes that help names in a language, with what they mean.
fn exit_codes(language: &str, title: &str) -> Vec<(String, String)> {
    let help = TestEnvironment::new().var("LANG", language).succeeds(&["help"]);
    let (_, section) = help.split_once(&format!("\n{title}:\n")).unwrap();
    let rows = section.lines().take_while(|row| !row.is_empty());
    let row = rows.map(|row| row.trim().split_once(' ').unwrap());
    row.map(|(code, meaning)| (code.to_owned(), meaning.trim().to_owned())).collect()
}

#[cfg(unix)]
#[test]
fn the_exit_codes_are_those_that_help_names() {
    use rustix::process::Signal;
    let environment = TestEnvironment::with_profiles(&["default"]);
    let nobody = TestEnvironment::new();
    let config = environment.config_path();
    let runs = [
        (&environment, &["version"][..]),
        (&environment, &["configure", "switch", "--profile", "nobody"]),
        (&environment, &["configure", "list", "--nothing"]),
        (&nobody, &["sts", "GetCallerIdentity"]),
        (&environment, &["configure", "exec", "--", config.to_str().unwrap()]),
        (&environment, &["configure", "exec", "--", "no-such-program"]),
    ];
    let ended = runs.iter().map(|(environment, arguments)| environment.run(arguments).code);
    let signals = [Signal::HUP, Signal::INT, Signal::QUIT, Signal::TERM];
    let expected = ended.chain(signals.map(|signal| 128 + signal.as_raw()));
    let named = exit_codes("en_US", "Exit status").into_iter().map(|(code, _)| code);
    let codes = expected.map(|code| code.to_string()).chain(["...".to_owned()]);
    assert_eq!(named.collect::<Vec<_>>(), codes.collect::<Vec<_>>());
}
