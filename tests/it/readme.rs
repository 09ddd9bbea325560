//! The English and the Chinese README say the same, as far as a program can tell, and name every command.

use regex::Regex;

const ENGLISH: &str = include_str!("../../README.md");
const CHINESE: &str = include_str!("../../README.zh-CN.md");

/// Gives what is outside of blocks of code, or inside.
fn lines(text: &str, in_code: bool) -> Vec<&str> {
    let is_code = |index: usize| index % 2 == 1;
    let parts = text.split("```").enumerate().filter(|(index, _)| is_code(*index) == in_code);
    parts.flat_map(|(_, part)| part.lines()).collect()
}

fn heading_levels(text: &str) -> Vec<usize> {
    let level = |line: &&str| line.chars().take_while(|letter| *letter == '#').count();
    lines(text, false).iter().map(level).filter(|level| *level > 0).collect()
}

/// Gives the code in the first column of each row of each table, in alphabetical order.
fn first_cells(text: &str) -> Vec<Vec<&str>> {
    let code = Regex::new("`[^`]+`").unwrap();
    let rows = lines(text, false).into_iter().filter(|line| line.starts_with("| "));
    rows.map(|row| {
        let end = row.get(1..).and_then(|row| row.find(" | ")).map_or(row.len(), |end| end + 1);
        let cell = row.get(..end).unwrap_or(row);
        let mut found: Vec<_> = code.find_iter(cell).map(|found| found.as_str()).collect();
        found.sort_unstable();
        found
    })
    .collect()
}

/// Gives the commands in blocks of code, without the remarks behind them.
fn commands(text: &str) -> Vec<&str> {
    let without_remark = |line: &'_ str| line.find(" #").map_or(line.len(), |end| end);
    let of_lines = lines(text, true).into_iter();
    of_lines.map(|line| line.get(..without_remark(line)).unwrap_or(line).trim_end()).collect()
}

#[test]
fn both_have_the_same_headings() {
    assert_eq!(heading_levels(ENGLISH), heading_levels(CHINESE));
}

#[test]
fn both_have_the_same_tables_of_commands_flags_and_modes() {
    assert_eq!(first_cells(ENGLISH), first_cells(CHINESE));
}

#[test]
fn both_have_the_same_commands_to_type() {
    // The tour is told in the language of its reader.
    let told_in_chinese = CHINESE.replace("--example tour -- --language zh", "--example tour");
    assert_eq!(commands(ENGLISH), commands(&told_in_chinese));
}

fn assert_named(text: &str, above: &str, tree: &clap::Command) {
    for command in tree.get_subcommands().filter(|command| !command.is_hide_set()) {
        let words = format!("`{above} {}", command.get_name());
        let is_named = [" ", "`"].iter().any(|end| text.contains(&format!("{words}{end}")));
        assert!(is_named, "{words}");
    }
}

#[test]
fn both_name_every_command() {
    let tree = aliyun_configure::cli::command();
    for text in [ENGLISH, CHINESE] {
        assert_named(text, "aliyun", &tree);
        assert_named(text, "aliyun configure", tree.find_subcommand("configure").unwrap());
    }
}
