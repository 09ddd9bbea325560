//! The variables of the environment, in every spelling.

use super::{Found, SESSION_NAME};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::overlay::fill_from_environment;
use crate::credentials::variables::{self, VariableFamily};
use crate::error::{Error, Result};
use crate::host::Host;
use crate::modes;

/// What SDKs find in the environment, and a call of this program does not: the mode, its field, and the variables.
const OF_SDKS: &[(&str, Field, &[&str])] = &[
    ("CredentialsURI", Field::CredentialsUri, variables::CREDENTIALS_URI),
    ("EcsRamRole", Field::RamRoleName, variables::INSTANCE_ROLE),
];

/// Reads the one profile: by the variables that a call reads, else by those of one family of programs, else by others
/// of SDKs.
pub(super) fn read(host: &dyn Host) -> Result<Found> {
    let by_families = VariableFamily::ALL.iter().map(|family| family.read(host));
    let mut own = Profile::default();
    fill_from_environment(&mut own, host);
    let mut of_sdks = own.clone();
    let mut complete = std::iter::once(own).chain(by_families).filter(|profile| !profile.mode().is_empty());
    let mut profile = match complete.next() {
        Some(profile) => profile,
        None => {
            fill_as_sdks(&mut of_sdks, host)?;
            of_sdks
        }
    };
    let needs_session_name =
        modes::by_name(profile.mode()).is_some_and(|mode| mode.required().contains(&Field::RamSessionName));
    if needs_session_name {
        let name = host.first_var(variables::SESSION_NAME);
        profile.set_text(Field::RamSessionName, name.as_deref().unwrap_or(SESSION_NAME));
    }
    Ok(Found { profile, place: "the environment".to_owned() })
}

/// Fills a profile by the first mode that SDKs find.
fn fill_as_sdks(profile: &mut Profile, host: &dyn Host) -> Result<()> {
    let found = OF_SDKS.iter().find_map(|(mode, field, names)| Some((mode, field, host.first_var(names)?)));
    let (mode, field, value) = found.ok_or_else(|| {
        Error::invalid(
            "the environment holds no credentials: neither an access key nor another mode's variables",
        )
    })?;
    profile.set_text(*field, value);
    profile.set_text(Field::Mode, mode);
    Ok(())
}
