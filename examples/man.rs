//! Writes the manual in every language, one page a command: `cargo run --example man -- FOLDER`. The folder is laid
//! out as the folders of manuals are: `man1`, `zh_CN/man1`.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use aliyun_configure::cli::{Manual, Section, manuals};

/// What clap_mangen says itself, with the same in Chinese.
const CHINESE: &[(&str, &str)] = &[
    (".SH NAME", ".SH 名称"),
    (".SH SYNOPSIS", ".SH 概要"),
    (".SH DESCRIPTION", ".SH 描述"),
    (".SH OPTIONS", ".SH 选项"),
    (".SH SUBCOMMANDS", ".SH 子命令"),
    (".SH EXTRA", ".SH 其他"),
    (".SH VERSION", ".SH 版本"),
    ("\\fIPossible values:\\fR", "\\fI可选值：\\fR"),
    (" [default: ", " [默认值: "),
    ("Sample:", "示例："),
];

fn main() -> io::Result<()> {
    let folder = std::env::args_os().nth(1).unwrap_or_else(|| OsString::from("."));
    write_pages(Path::new(&folder))
}

/// Writes all pages in every language below a folder, which is made where it is missing.
fn write_pages(folder: &Path) -> io::Result<()> {
    for manual in manuals() {
        let folder = section_folder(folder, &manual);
        std::fs::create_dir_all(&folder)?;
        let mut command = manual.command.disable_help_subcommand(true);
        command.build();
        let words = if manual.language == "zh" { CHINESE } else { &[] };
        write_page(&folder, &command, words, &surroundings(&manual.surroundings))?;
    }
    Ok(())
}

/// Returns the folder for the pages of a manual.
fn section_folder(folder: &Path, manual: &Manual) -> PathBuf {
    let folder = if manual.language == "zh" { folder.join("zh_CN") } else { folder.to_owned() };
    folder.join("man1")
}

/// Writes the page of a command, and those of the commands below it, each with the same text at its end and words of
/// the page itself translated.
fn write_page(folder: &Path, command: &clap::Command, words: &[(&str, &str)], end: &str) -> io::Result<()> {
    let page = clap_mangen::Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text)?;
    let mut text = String::from_utf8_lossy(&text).into_owned();
    for (english, other) in words {
        text = text.replace(english, other);
    }
    std::fs::write(folder.join(page.get_filename()), text + end)?;
    command.get_subcommands().try_for_each(|below| write_page(folder, below, words, end))
}

/// Returns the sections on exit codes, environment variables and files.
fn surroundings(sections: &[Section]) -> String {
    let row =
        |(name, text): &(String, String)| format!(".TP\n\\fB{}\\fR\n{}\n", escaped(name), escaped(text));
    let section = |section: &Section| {
        let rows: String = section.rows.iter().map(row).collect();
        format!(".SH \"{}\"\n{rows}", section.title.to_uppercase())
    };
    sections.iter().map(section).collect()
}

/// Returns a text as roff prints it as it is.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asserts that a command, as it is called, has a page with its usage and all its flags and words, and so
    /// have those below it; returns the pages.
    fn assert_page(folder: &Path, call: &str, command: &clap::Command, titles: &[String]) -> String {
        let page = std::fs::read_to_string(folder.join(format!("{}.1", call.replace(' ', "-")))).unwrap();
        let page = page.replace("\\-", "-").replace("\\*(Aq", "'");
        assert!(page.contains(&command.get_about().unwrap().to_string()), "{call}");
        let usage = command.get_overridden_usage().unwrap().to_string();
        let usage = usage.strip_prefix(call).unwrap().trim_end();
        assert!(page.contains(&format!("{call}\\fR{usage}\n")), "{usage}: {page}");
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let word = || argument.get_value_names().unwrap()[0].to_string();
            let written = argument.get_long().map_or_else(word, |long| format!("--{long}"));
            let help = argument.get_help().unwrap().to_string();
            assert!(page.contains(&written) && page.contains(&help), "{call}: {written}: {page}");
        }
        for title in titles.iter().map(|title| format!(".SH \"{}\"\n", title.to_uppercase())) {
            assert!(page.contains(&title), "{call}: {title}");
        }
        assert!(page.contains("SSL_CERT_FILE"), "{call}");
        let below = command.get_subcommands();
        let below =
            below.map(|below| assert_page(folder, &format!("{call} {}", below.get_name()), below, titles));
        below.fold(page.clone(), |pages, page| pages + &page)
    }

    #[test]
    fn every_command_has_a_page_in_every_language_that_names_its_flags() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new");
        write_pages(&folder).unwrap();
        let places = ["man1", "zh_CN/man1"].map(|place| folder.join(place));
        let manuals = manuals();
        assert_eq!(manuals.len(), places.len());
        for (manual, place) in manuals.iter().zip(&places) {
            let titles: Vec<_> = manual.surroundings.iter().map(|section| section.title.clone()).collect();
            assert!(titles.len() > 2);
            let pages = assert_page(place, "aliyun", &manual.command, &titles);
            assert!(std::fs::read_dir(place).unwrap().count() > 25);
            // Each word of clap_mangen stands in the pages, in their language alone.
            for (english, chinese) in CHINESE {
                let is_chinese = manual.language == "zh";
                assert_eq!(pages.contains(english), !is_chinese, "{english}");
                assert_eq!(pages.contains(chinese), is_chinese, "{chinese}");
            }
        }
    }

    #[test]
    fn no_line_of_a_chinese_page_is_prose_in_english() {
        let folder = tempfile::tempdir().unwrap();
        write_pages(folder.path()).unwrap();
        let has_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        let mut lines = 0;
        for page in std::fs::read_dir(folder.path().join("zh_CN/man1")).unwrap() {
            let text = std::fs::read_to_string(page.unwrap().path()).unwrap();
            for line in
                text.lines().filter(|line| !line.starts_with("\\fBaliyun") && !line.starts_with("aliyun"))
            {
                let words =
                    line.split(' ').filter(|word| word.chars().all(|letter| letter.is_ascii_lowercase()));
                lines += 1;
                assert!(has_chinese(line) || words.filter(|word| word.len() > 1).count() < 3, "{line}");
            }
        }
        assert!(lines > 1000, "{lines}");
    }
}
