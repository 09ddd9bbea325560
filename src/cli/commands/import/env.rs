//! The variables of the environment, in every spelling.

use super::Found;
use crate::config::field::Field;
use crate::credentials::overlay::fill_from_environment;
use crate::credentials::variables::VariableFamily;
use crate::error::{Error, Result};
use crate::host::Host;

/// Reads the one profile: by the variables that a call reads, else by those of one family of programs.
pub(super) fn read(host: &dyn Host) -> Result<Vec<Found>> {
    let by_families = VariableFamily::ALL.iter().map(|family| family.read(host));
    let mut own = Found::new("", "", "the environment".to_owned()).profile;
    fill_from_environment(&mut own, host);
    let mut complete = std::iter::once(own).chain(by_families).filter(|profile| !profile.mode().is_empty());
    let profile = complete.next().ok_or_else(|| {
        Error::invalid(
            "the environment holds no credentials: neither an access key nor another mode's variables",
        )
    })?;
    if let Some(field) = Field::ALL.iter().find(|field| profile.text(**field).contains(char::is_control)) {
        return Err(Error::invalid(format!(
            "the environment's value of {} holds control characters",
            field.json()
        )));
    }
    Ok(vec![Found { profile, place: "the environment".to_owned() }])
}
