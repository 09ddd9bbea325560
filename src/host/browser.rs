#![expect(clippy::disallowed_methods, reason = "this is where the program meets its surroundings")]

//! Starting the user's browser.

use std::io;
use std::process::{Command, Stdio};

use url::Url;

use super::Host;

/// The program that opens a URL, with its arguments before the URL (wire, section 7.2).
const OPENER: &[&str] = if cfg!(target_os = "linux") {
    &["xdg-open"]
} else if cfg!(target_os = "macos") {
    &["open"]
} else if cfg!(windows) {
    &["rundll32", "url.dll,FileProtocolHandler"]
} else {
    &[]
};

pub(super) fn open(host: &dyn Host, url: &str) -> io::Result<()> {
    let [program, words @ ..] = OPENER else {
        return Err(io::ErrorKind::Unsupported.into());
    };
    // An opener starts whatever program is registered for a scheme, and the URL may come from a server.
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url =
        url.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the address is none of the web"))?;
    let mut command = Command::new(host.resolve(program)?);
    command.args(words).arg(url.as_str());
    // It must neither read the answers to later questions nor write between them.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    detach(&mut command);
    command.spawn().map(drop)
}

/// Starts the browser in a process group of its own, so that Ctrl-C ends this program but not the browser.
#[cfg(unix)]
fn detach(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn detach(_: &mut Command) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::RealHost;

    #[test]
    fn only_addresses_of_the_web_are_opened() {
        for address in ["file:///etc/passwd", "javascript:1", "mailto:a@b", "no address"] {
            let error = open(&RealHost, address).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{address}");
        }
    }
}
