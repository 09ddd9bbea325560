use super::rename::Arguments;
use crate::config::Config;
use crate::error::Result;
use crate::host::Host;

/// Appends a copy of a profile under another name (beyond, section 3).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    arguments.update(host, Config::copy)
}
