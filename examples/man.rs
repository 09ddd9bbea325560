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
    clap_mangen::generate_to(aliyun_configure::cli::command(), folder)
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
