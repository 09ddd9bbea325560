//! Writes the manual, one page a command: `cargo run --example man -- FOLDER`.

use std::ffi::OsString;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let folder = std::env::args_os().nth(1).unwrap_or_else(|| OsString::from("."));
    write_pages(Path::new(&folder))
}

/// Writes all pages into a folder, which is made where it is missing.
fn write_pages(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut command = aliyun_configure::cli::command().disable_help_subcommand(true);
    command.build();
    write_page(folder, &command, &surroundings())
}

/// Writes the page of a command, and those of the commands below it, each with the same text at its end.
fn write_page(folder: &Path, command: &clap::Command, end: &str) -> io::Result<()> {
    let page = clap_mangen::Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text)?;
    text.extend(end.bytes());
    std::fs::write(folder.join(page.get_filename()), text)?;
    command.get_subcommands().try_for_each(|below| write_page(folder, below, end))
}

/// Returns the sections on exit codes, environment variables and files.
fn surroundings() -> String {
    let row =
        |(name, text): &(String, String)| format!(".TP\n\\fB{}\\fR\n{}\n", escaped(name), escaped(text));
    let section = |section: &aliyun_configure::cli::Section| {
        let rows: String = section.rows.iter().map(row).collect();
        format!(".SH \"{}\"\n{rows}", section.title.to_uppercase())
    };
    aliyun_configure::cli::surroundings().iter().map(section).collect()
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
    /// have those below it.
    fn assert_page(folder: &Path, call: &str, command: &clap::Command) {
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
        for said in [".SH \"EXIT STATUS\"", ".SH \"ENVIRONMENT\"", "SSL_CERT_FILE", ".SH \"FILES\""] {
            assert!(page.contains(said), "{call}: {said}");
        }
        for below in command.get_subcommands() {
            assert_page(folder, &format!("{call} {}", below.get_name()), below);
        }
    }

    #[test]
    fn every_command_has_a_page_that_names_its_flags() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new");
        write_pages(&folder).unwrap();
        assert_page(&folder, "aliyun", &aliyun_configure::cli::command());
        assert!(std::fs::read_dir(folder).unwrap().count() > 25);
    }
}
