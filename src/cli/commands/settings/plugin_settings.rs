use serde::Serialize;

use super::{print, required};
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
    let address = required(&arguments.source_base, "missing --source-base <url>")?;
    if !address.starts_with("http://") && !address.starts_with("https://") {
        return Err(Error::InvalidInput("source-base must start with http:// or https://".to_owned()));
    }
    update(address.trim_end_matches('/'), host)
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
