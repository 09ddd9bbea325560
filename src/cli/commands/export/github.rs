//! For a step of GitHub Actions.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::refuse_nul;
use crate::credentials::variables::Variable;
use crate::error::{Error, Result, StorageFailure};
use crate::host::Host;

/// The variable that names the file of the steps' variables.
const FILE: &str = "GITHUB_ENV";

/// Masks the secrets in the log, then adds the variables to those of the next steps.
pub(super) fn run(variables: &[Variable], host: &dyn Host) -> Result<()> {
    refuse_nul(variables, "github")?;
    let path = host.var(FILE).ok_or_else(|| {
        Error::invalid(format!("{FILE} is not set: --format github is for a step of GitHub Actions"))
    })?;
    let path = Path::new(&path);
    let unwritable = |error| StorageFailure::Unwritable(error).at(path);
    let mut file = open(path).map_err(unwritable)?;
    let start = if ends_within_a_line(&mut file).map_err(unwritable)? { "\n" } else { "" };
    // Before anything can show them.
    host.out(&masks(variables))?;
    let additions = Zeroizing::new(start.to_owned() + &additions(variables, &delimiter(host)?));
    file.write_all(additions.as_bytes()).map_err(unwritable)
}

/// Tells whether the last line of a file has no end, so that what is added would belong to it.
fn ends_within_a_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Opens a file, and nothing else: opening a pipe to read and write does not wait for its other end.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.read(true).append(true).create(true).open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file")),
    }
}

fn masks(variables: &[Variable]) -> String {
    let mut secrets: Vec<_> = Vec::new();
    for secret in variables.iter().filter(|variable| variable.is_secret).filter_map(|one| one.value.as_ref())
    {
        if !secrets.contains(&secret.expose()) {
            secrets.push(secret.expose());
        }
    }
    let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    secrets.into_iter().map(|secret| format!("::add-mask::{}\n", escaped(secret))).collect()
}

/// Returns a line that ends a value of several lines, and that no value has.
fn delimiter(host: &dyn Host) -> Result<String> {
    let mut bytes = [0; 16];
    host.random(&mut bytes)?;
    Ok(format!("end-{:032x}", u128::from_be_bytes(bytes)))
}

fn additions(variables: &[Variable], delimiter: &str) -> String {
    let line = |variable: &Variable| {
        let (name, value) = (variable.name, variable.value.as_ref()?.expose());
        Some(match value.contains(['\r', '\n']) {
            true => format!("{name}<<{delimiter}\n{value}\n{delimiter}\n"),
            false => format!("{name}={value}\n"),
        })
    };
    variables.iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::variables;
    use super::*;

    #[test]
    fn a_mask_is_one_line_whatever_the_secret_holds_and_stands_once() {
        let values = variables(&[("A", Some("50%\r\n")), ("B", Some("s")), ("C", Some("s")), ("D", None)]);
        assert_eq!(masks(&values), "::add-mask::50%25%0D%0A\n::add-mask::s\n");
    }

    #[test]
    fn a_value_of_several_lines_ends_where_it_ends() {
        let values = variables(&[("A", Some("x")), ("B", Some("one\nC=two")), ("D", None)]);
        assert_eq!(additions(&values, "end-1"), "A=x\nB<<end-1\none\nC=two\nend-1\n");
    }
}
