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

    /// Asserts that a command has a page with all its flags, and so have those below it.
    fn assert_page(folder: &Path, name: &str, command: &clap::Command) {
        let page = std::fs::read_to_string(folder.join(format!("{name}.1"))).unwrap();
        let page = page.replace("\\-", "-");
        assert!(page.contains(&command.get_about().unwrap().to_string()), "{name}");
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            assert!(page.contains(&format!("--{}", argument.get_long().unwrap())), "{name}: {argument}");
        }
        for below in command.get_subcommands() {
            assert_page(folder, &format!("{name}-{}", below.get_name()), below);
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
