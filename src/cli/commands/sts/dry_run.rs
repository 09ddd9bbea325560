//! What `--dryrun` shows in place of a call.

use super::{ACTION, Arguments, http, query};
use crate::credentials::AccessKey;
use crate::credentials::resolver::Selected;
use crate::error::Result;
use crate::host::Host;
use crate::sts::{Client, call_endpoint};

/// What stands for all that only credentials could tell.
const UNKNOWN: &str = "***";

/// Shows the call as it would be sent. Nothing is obtained for it, so whatever depends on credentials is left
/// out (wire, section 9.4).
pub(super) fn show(arguments: &Arguments, selected: &Selected, host: &dyn Host) -> Result<()> {
    let profile = &selected.profile;
    let endpoint = call_endpoint(profile).map_err(|error| error.during("init client failed "))?;
    let access_key = AccessKey {
        access_key_id: UNKNOWN.to_owned(),
        access_key_secret: UNKNOWN.into(),
        security_token: None,
        expiration: None,
        provider: UNKNOWN.into(),
    };
    let http = http(arguments, host)?;
    let client = Client::new(host, &http, endpoint, &access_key);
    let request = client.describe(ACTION, &query(arguments, profile))?;
    let dashes = "-".repeat(36);
    let (name, mode) = (profile.name(), profile.mode());
    host.out(&format!(
        "Skip invoke in dry-run mode, request is:\n{dashes}\n{request}\nCredentials: those of profile '{name}', mode {mode}, not obtained\n"
    ))
}
