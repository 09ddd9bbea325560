use crate::cli::args::profile_flags::{ignored_words, persistent};
use crate::error::Result;
use crate::host::Host;
use crate::http::REFERENCE_VERSION;

/// The arguments of `version`, of which none means anything.
#[derive(Debug, clap::Args)]
#[command(args = persistent(), arg = ignored_words())]
pub(crate) struct Arguments {}

/// Prints the version of the reference whose interface this is, because scripts compare it.
pub(crate) fn run(host: &dyn Host) -> Result<()> {
    host.out(&format!("{REFERENCE_VERSION}\n"))
}
