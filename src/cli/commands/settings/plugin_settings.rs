use serde::Serialize;

use super::{print, required};
use crate::cli::invocation::Invocation;
use crate::error::{Error, Result};
use crate::settings::PluginSettings;

/// What is shown of the settings.
#[derive(Serialize)]
struct Shown<'a> {
    config_file: String,
    env_override: &'a str,
    source_base: &'a str,
    source_base_effective: &'a str,
}

/// Shows the settings and what follows from them.
pub(crate) fn show(invocation: &Invocation<'_>) -> Result<()> {
    let store = invocation.settings()?;
    let settings: PluginSettings = store.load()?;
    let env_override = PluginSettings::environment(invocation.host);
    let base = if env_override.is_empty() { &settings.source_base } else { &env_override };
    let shown = Shown {
        config_file: store.path::<PluginSettings>().display().to_string(),
        env_override: &env_override,
        source_base: &settings.source_base,
        source_base_effective: base.trim_end_matches('/'),
    };
    print(invocation, &shown)
}

/// Sets the address that plugins come from.
pub(crate) fn set(invocation: &Invocation<'_>) -> Result<()> {
    let address = required(invocation, "source-base", "missing --source-base <url>")?;
    if !address.starts_with("http://") && !address.starts_with("https://") {
        return Err(Error::Arguments("source-base must start with http:// or https://".to_owned()));
    }
    update(invocation, address.trim_end_matches('/'))
}

/// Goes back to the built-in address.
pub(crate) fn clear(invocation: &Invocation<'_>) -> Result<()> {
    update(invocation, "")
}

fn update(invocation: &Invocation<'_>, address: &str) -> Result<()> {
    let change = |settings: &mut PluginSettings| address.clone_into(&mut settings.source_base);
    invocation.settings()?.update(change)?;
    show(invocation)
}
