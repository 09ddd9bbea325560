//! What [`crate::fuzzing`] reaches of the command line.

use super::args::grammar::{self, Failure};
use super::args::table::ROOT;
use super::complete;
use super::invocation::Invocation;
use crate::host::{FakeHost, Stream};

/// Takes arguments apart, and gives the commands that they name, or what is said of them.
///
/// # Panics
///
/// Panics where clap refuses what the grammar has put into the usual form.
pub fn arguments(arguments: Vec<String>) -> Result<Vec<&'static str>, String> {
    let host = FakeHost::new();
    let parsed = grammar::parse(&ROOT, arguments).map_err(|failure| match failure {
        Failure::Wrong(error) | Failure::ForeignFlag(error) | Failure::ForeignCommand(error) => {
            error.to_string()
        }
    })?;
    let path = parsed.path.iter().map(|command| command.name).collect();
    if !parsed.help {
        let refused = Invocation::new(&host, parsed).err().map(|error| error.to_string());
        assert_eq!(refused, None, "{path:?}");
    }
    Ok(path)
}

/// Gives what is offered at a place of a line, to bash or, where one is named, to another shell.
pub fn completions(line: &str, point: usize, shell: Option<&str>, replaced: &str) -> String {
    let host = FakeHost::new().with_var("COMP_POINT", &point.to_string());
    let host = match shell {
        Some(shell) => host.with_var("ALIYUN_COMPLETE", shell),
        None => host,
    };
    let arguments = ["aliyun", replaced].map(str::to_owned);
    match complete::answer(&host, line, &arguments) {
        Ok(_) => host.written(Stream::Stdout),
        Err(error) => error.to_string(),
    }
}
