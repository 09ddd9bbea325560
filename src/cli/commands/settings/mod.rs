//! The groups of commands about the settings beside the config file.

pub(crate) mod ai_mode;
pub(crate) mod plugin_settings;
pub(crate) mod safety_policy;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::host::Host;
use crate::storage::json::{self, Escapes};

/// Returns the value of a flag without the blanks around it, and an error of these words where there is none.
fn required<'a>(value: &'a Option<String>, otherwise: &str) -> Result<&'a str> {
    let value = value.as_deref().map(str::trim).filter(|value| !value.is_empty());
    value.ok_or_else(|| Error::InvalidInput(otherwise.to_owned()))
}

/// Prints settings as JSON.
fn print(settings: &impl Serialize, host: &dyn Host) -> Result<()> {
    host.out(&(json::indented(settings, "  ", Escapes::Html) + "\n"))
}
