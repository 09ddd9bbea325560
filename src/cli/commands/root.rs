use crate::VERSION;
use crate::cli::args::profile_flags::all;
use crate::error::Result;
use crate::host::Host;
use crate::http::REFERENCE_VERSION;
use crate::texts::flags;

/// The arguments of `aliyun` itself.
#[derive(Debug, clap::Args)]
#[command(args = all())]
pub(crate) struct Arguments {
    /// Whether the version of this program is asked for.
    #[arg(long, help = flags::VERSION.en)]
    pub(crate) version: bool,
}

/// Prints the version of this program.
pub(crate) fn version(host: &dyn Host) -> Result<()> {
    host.out(&format!("aliyun-configure {VERSION} (compatible with aliyun {REFERENCE_VERSION})\n"))
}
