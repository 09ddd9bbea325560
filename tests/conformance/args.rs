//! The command line of the runner, which is libtest's where both have a meaning.

use std::path::PathBuf;

use crate::case::Case;

/// Options of libtest that change nothing here, and whether a value follows them.
const IGNORED: [(&str, bool); 11] = [
    ("--nocapture", false),
    ("--no-capture", false),
    ("--show-output", false),
    ("--include-ignored", false),
    ("--quiet", false),
    ("-q", false),
    ("--test", false),
    ("--test-threads", true),
    ("--color", true),
    ("--format", true),
    ("-Z", true),
];

/// What the caller asks for.
#[derive(Debug, Default)]
pub(crate) struct Args {
    pub(crate) filters: Vec<String>,
    pub(crate) skip: Vec<String>,
    pub(crate) exact: bool,
    pub(crate) ignored: bool,
    pub(crate) list: bool,
    pub(crate) verbose: bool,
    /// Whether the waiting list loses the cases that pass.
    pub(crate) renew_waiting: bool,
    pub(crate) json: Option<PathBuf>,
}

impl Args {
    pub(crate) fn parse(args: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut parsed = Self::default();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            let (name, inline) = match arg.split_once('=') {
                Some((name, value)) if arg.starts_with("--") => (name, Some(value.to_owned())),
                _ => (arg.as_str(), None),
            };
            let mut value = || inline.clone().or_else(|| args.next()).ok_or(format!("{name} needs a value"));
            match name {
                "--list" => parsed.list = true,
                "--exact" => parsed.exact = true,
                "--ignored" => parsed.ignored = true,
                "-v" | "--verbose" => parsed.verbose = true,
                "--renew-waiting" => parsed.renew_waiting = true,
                "--json" => parsed.json = Some(value()?.into()),
                "--skip" => parsed.skip.push(value()?),
                _ if !name.starts_with('-') => parsed.filters.push(arg),
                _ => match IGNORED.iter().find(|(known, _)| *known == name) {
                    Some((_, true)) => drop(value()?),
                    Some((_, false)) => {}
                    None => return Err(format!("unknown option {name}")),
                },
            }
        }
        Ok(parsed)
    }

    /// Says whether the caller wants all cases.
    pub(crate) fn select_all(&self) -> bool {
        self.filters.is_empty() && self.skip.is_empty() && !self.ignored
    }

    /// Says whether the caller wants this case; no case is one that libtest would call ignored.
    pub(crate) fn select(&self, case: &Case) -> bool {
        let name = case.full_name();
        let matches = |pattern: &String| {
            if self.exact { *pattern == name } else { name.contains(pattern.as_str()) }
        };
        let wanted = self.filters.is_empty() || self.filters.iter().any(matches);
        wanted && !self.skip.iter().any(matches) && !self.ignored
    }
}
