use serde::Serialize;

use super::print;
use crate::config::store::ConfigStore;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::settings::{PluginSettings, SettingsStore};
use crate::texts::flags;

/// The arguments of `plugin-settings set`.
#[derive(Debug, clap::Args)]
pub(crate) struct SetArguments {
    #[arg(long, help = flags::SOURCE_BASE.en)]
    source_base: Option<String>,
}

/// What is shown of the settings.
#[derive(Serialize)]
struct Shown<'a> {
    config_file: String,
    env_override: &'a str,
    source_base: &'a str,
    source_base_effective: &'a str,
}

/// Shows the settings and what follows from them.
pub(crate) fn show(host: &dyn Host) -> Result<()> {
    let store = settings(host)?;
    let settings: PluginSettings = store.load()?;
    let env_override = PluginSettings::environment(host);
    let base = if env_override.is_empty() { &settings.source_base } else { &env_override };
    let shown = Shown {
        config_file: store.path::<PluginSettings>().display().to_string(),
        env_override: &env_override,
        source_base: &settings.source_base,
        source_base_effective: base.trim_end_matches('/'),
    };
    print(&shown, host)
}

/// Sets the address that plugins come from.
pub(crate) fn set(arguments: &SetArguments, host: &dyn Host) -> Result<()> {
    let address = arguments.source_base.as_deref().map(str::trim);
    let address = address.ok_or_else(|| Error::invalid("missing --source-base <url>"))?;
    if address.is_empty() {
        return Err(Error::invalid(
            "source-base must not be empty (use 'configure plugin-settings clear' to reset)",
        ));
    }
    if !is_web(address) {
        return Err(Error::invalid("source-base must start with http:// or https://"));
    }
    update(address.trim_end_matches('/'), host)
}

/// Tells whether an address is one of the web; its scheme counts in any case of its letters.
fn is_web(address: &str) -> bool {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

/// Goes back to the built-in address.
pub(crate) fn clear(host: &dyn Host) -> Result<()> {
    update("", host)
}

fn update(address: &str, host: &dyn Host) -> Result<()> {
    let change = |settings: &mut PluginSettings| address.clone_into(&mut settings.source_base);
    settings(host)?.update(change)?;
    show(host)
}

/// Opens the settings beside the user's own config file; these commands take no other.
fn settings(host: &dyn Host) -> Result<SettingsStore> {
    Ok(SettingsStore::beside(&ConfigStore::open(host)?))
}
