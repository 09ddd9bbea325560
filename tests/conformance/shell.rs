//! What a shell makes of an output that is meant for `eval`.

use std::{collections::BTreeMap, process::Command};

use crate::Outcome;

/// Returns what a POSIX shell has for these variables once it has evaluated the text; all of them
/// stood in its environment before.
pub(crate) fn evaluate<'a>(
    text: &str,
    names: impl Iterator<Item = &'a String> + Clone,
) -> Outcome<BTreeMap<String, Option<String>>> {
    let output = Command::new("sh")
        .args(["-c", r#"eval "$1"; exec env -0"#, "sh", text])
        .current_dir("/")
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .envs(names.clone().map(|name| (name, "stale")))
        .output()?;
    let listed = String::from_utf8_lossy(&output.stdout);
    let found: BTreeMap<_, _> = listed.split('\0').filter_map(|line| line.split_once('=')).collect();
    let value = |name: &String| found.get(name.as_str()).map(|value| (*value).to_owned());
    Ok(names.map(|name| (name.clone(), value(name))).collect())
}
