use super::document::{Document, Value};
use super::{Changeable, Settings};
use crate::host::Host;

/// Where the reference takes its plugins from.
#[derive(Default)]
pub(crate) struct PluginSettings {
    /// The address that is set; empty for the built-in one.
    pub(crate) source_base: String,
}

const SOURCE_BASE: &str = "source_base";

impl PluginSettings {
    /// Gives the address that the environment sets, which wins over that of the file.
    pub(crate) fn environment(host: &dyn Host) -> String {
        host.var("ALIBABA_CLOUD_CLI_PLUGIN_SOURCE_BASE").unwrap_or_default()
    }
}

impl Settings for PluginSettings {
    const FILE: &'static str = "plugin-settings.json";
    const KEYS: &'static [&'static str] = &[SOURCE_BASE];

    fn read(document: &Document<'_>) -> Result<Self, String> {
        Ok(Self { source_base: document.text(SOURCE_BASE)? })
    }
}

impl Changeable for PluginSettings {
    fn write(self, document: &mut Document<'_>) {
        match self.source_base {
            empty if empty.is_empty() => document.remove(SOURCE_BASE),
            address => document.set(SOURCE_BASE, Value::Text(address)),
        }
    }
}
