//! What [`crate::fuzzing`] reaches of the command line.

use std::ffi::OsString;

use super::args::grammar::{self, Failure};
use super::complete;
use crate::host::{FakeHost, Stream};

/// Takes arguments apart, and returns the commands that they name, or what is said of them.
///
/// # Panics
///
/// Panics where clap refuses what the grammar has put into the usual form.
pub fn arguments(arguments: Vec<String>) -> Result<Vec<&'static str>, String> {
    let parsed =
        grammar::parse(arguments.into_iter().map(OsString::from).collect()).map_err(
            |failure| match failure {
                Failure::Wrong(error) | Failure::ForeignFlag(error) | Failure::ForeignCommand(error) => {
                    error.to_string()
                }
            },
        )?;
    let path: Vec<_> = parsed.path.words().collect();
    if !parsed.help {
        let refused = parsed.read().err().map(|error| error.to_string());
        assert_eq!(refused, None, "{path:?}");
    }
    Ok(path)
}

/// Returns what is offered at a place of a line, to bash or, where one is named, to another shell.
pub fn completions(line: &str, point: usize, shell: Option<&str>, replaced: &str) -> String {
    let host = FakeHost::new().with_var("COMP_POINT", &point.to_string());
    let host = match shell {
        Some(shell) => host.with_var("ALIYUN_COMPLETE", shell),
        None => host,
    };
    let arguments = ["aliyun", replaced].map(OsString::from);
    match complete::answer(&host, line, &arguments) {
        Ok(_) => host.written(Stream::Stdout),
        Err(error) => error.to_string(),
    }
}

/// Reads a file as `import` does, and returns how many profiles it holds, or what is said of it.
pub fn import(text: &str) -> Result<usize, String> {
    super::commands::import::fuzz(text)
}
