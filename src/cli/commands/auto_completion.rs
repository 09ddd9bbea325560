//! Completion in the start-up files of the user's shells.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::runtime::help_language;
use crate::error::{Error, Result, StorageFailure};
use crate::host::Host;
use crate::storage::paths::is_same_file;
use crate::storage::replacement::replace_with_backup;
use crate::texts::{COMPLETION_ABSENT, COMPLETION_ADDED, COMPLETION_REMOVED, COMPLETION_THERE, flags};

/// What ends the lines of this program.
const MARK: &str = "# aliyun completion";
/// What is behind the name of a file as it was before the last change.
const BACKUP: &str = "before-aliyun-completion";

const BASH: &str = "bash";
const ZSH: &str = "zsh";

/// A start-up file of a shell.
struct StartUp {
    /// The shell, by the name of its `completion` subcommand.
    shell: &'static str,
    path: PathBuf,
}

/// The arguments of `auto-completion`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, help = flags::UNINSTALL.en)]
    uninstall: bool,
}

/// Sets completion up in the start-up files of bash and zsh, or removes it (behaviour, section 1).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let uninstall = arguments.uninstall;
    let files = if uninstall { all_files(host)? } else { files_to_change(host)? };
    if files.is_empty() && !uninstall {
        return Err(Error::InvalidInput(
            "no start-up file of bash or zsh is there; `aliyun completion` names the shells that it prints a script for".to_owned(),
        ));
    }
    let (program, language) = (program(host), help_language(host));
    for StartUp { shell, path } in files.iter().filter(|file| !uninstall || file.path.exists()) {
        let line = (!uninstall).then(|| line(&program, shell));
        let is_changed = change(path, line.as_deref())?;
        let said = match (uninstall, is_changed) {
            (false, true) => COMPLETION_ADDED,
            (false, false) => COMPLETION_THERE,
            (true, true) => COMPLETION_REMOVED,
            (true, false) => COMPLETION_ABSENT,
        };
        host.out(&format!("{}: {}\n", path.display(), said.in_language(language)))?;
    }
    Ok(())
}

/// Returns every start-up file that completion may have been set up in.
fn all_files(host: &dyn Host) -> Result<Vec<StartUp>> {
    let home = host.home()?;
    let zsh_home = host.var("ZDOTDIR").map_or_else(|| home.clone(), PathBuf::from);
    Ok(vec![
        StartUp { shell: BASH, path: home.join(".bashrc") },
        StartUp { shell: BASH, path: home.join(".bash_profile") },
        StartUp { shell: ZSH, path: zsh_home.join(".zshrc") },
    ])
}

/// Returns the start-up files that are there, and that of the user's own shell.
fn files_to_change(host: &dyn Host) -> Result<Vec<StartUp>> {
    let own = host.var("SHELL").unwrap_or_default();
    let mut files = all_files(host)?;
    let is_there = |file: &StartUp| file.path.exists();
    let has_bash = files.iter().any(|file| file.shell == BASH && is_there(file));
    files.retain(|file| {
        let is_own = Path::new(&own).file_name().is_some_and(|name| name == file.shell);
        let is_login = file.path.ends_with(".bash_profile");
        match is_there(file) {
            // Most of these read `.bashrc`, and then it serves for both.
            true => !is_login || !mentions_bashrc(&file.path),
            false => is_own && !is_login && !(file.shell == BASH && has_bash),
        }
    });
    Ok(files)
}

fn mentions_bashrc(path: &Path) -> bool {
    fs::read(path).is_ok_and(|text| String::from_utf8_lossy(&text).contains(".bashrc"))
}

/// Returns the program as the shell finds it: by its name where that is this very program, else by its path.
fn program(host: &dyn Host) -> PathBuf {
    let own = host.program();
    let found = host.search("aliyun").into_iter().next();
    let is_own = |found: &PathBuf| own.as_ref().is_some_and(|own| is_same_file(own, found));
    match own {
        Some(own) if !found.as_ref().is_some_and(is_own) => own,
        _ => "aliyun".into(),
    }
}

/// Returns the line that sets completion up, and does nothing where the program is gone.
fn line(program: &Path, shell: &str) -> Vec<u8> {
    let program = on_one_line(program.as_os_str().as_encoded_bytes());
    // `source <(...)` would do nothing in the bash of macOS.
    [
        b"! command -v ",
        &*program,
        b" >/dev/null || eval \"$(",
        &*program,
        b" completion ",
        shell.as_bytes(),
        b")\"",
    ]
    .concat()
}

/// Returns a path as a word on one line of bash or zsh, so that the line is found again when it is to go.
fn on_one_line(program: &[u8]) -> Vec<u8> {
    if program.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(byte)) {
        return program.to_owned();
    }
    let escaped = |byte: &u8| match byte {
        b'\'' | b'\\' => vec![b'\\', *byte],
        byte if byte.is_ascii_control() => format!("\\{byte:03o}").into_bytes(),
        byte => vec![*byte],
    };
    [b"$'".to_vec(), program.iter().flat_map(escaped).collect(), b"'".to_vec()].concat()
}

/// Puts this line into a start-up file in place of older ones, or only removes those. Tells whether that
/// changed the file; its former text stays beside it then.
fn change(path: &Path, line: Option<&[u8]>) -> Result<bool> {
    let unreadable = |source| StorageFailure::Unreadable(source).at(path);
    let before = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(source) => return Err(unreadable(source)),
    };
    let mut after: Vec<u8> = before
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| !is_ours(line))
        .collect::<Vec<_>>()
        .concat();
    if let Some(line) = line {
        if !after.is_empty() && !after.ends_with(b"\n") {
            after.push(b'\n');
        }
        after.extend([line, b"  ", MARK.as_bytes(), b"\n"].concat());
    }
    if after == before {
        return Ok(false);
    }
    replace_with_backup(path, &after, BACKUP)?;
    Ok(true)
}

/// Tells whether a line sets completion up: one of this program's, or of the reference's.
fn is_ours(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    let line = line.trim();
    line.ends_with(MARK)
        || (line.starts_with("complete ") && line.contains(" -C ") && line.ends_with(" aliyun"))
}
