use crate::VERSION;
use crate::cli::help;
use crate::cli::invocation::Invocation;
use crate::error::Result;
use crate::http::REFERENCE_VERSION;

/// Prints the version of the reference whose interface this is, because scripts compare it.
pub(crate) fn run(invocation: &Invocation<'_>) -> Result<()> {
    invocation.host.out(&format!("{REFERENCE_VERSION}\n"))
}

/// Prints the version of this program where it is asked for, else what the program offers.
pub(crate) fn root(invocation: &Invocation<'_>) -> Result<()> {
    if !invocation.is_set("version") {
        return help::of_command(invocation);
    }
    let text = format!("aliyun-configure {VERSION} (compatible with aliyun {REFERENCE_VERSION})\n");
    invocation.host.out(&text)
}
