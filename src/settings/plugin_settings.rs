use super::object::{Setting, SettingsObject};
use super::{EditableSettings, Settings};
use crate::host::Host;

/// Where the reference takes its plugins from.
#[derive(Default)]
pub(crate) struct PluginSettings {
    /// The address that is set; empty for the built-in one.
    pub(crate) source_base: String,
}

const SOURCE_BASE: &str = "source_base";

impl PluginSettings {
    /// Returns the address that the environment sets, which wins over that of the file.
    pub(crate) fn environment(host: &dyn Host) -> String {
        host.var("ALIBABA_CLOUD_CLI_PLUGIN_SOURCE_BASE").unwrap_or_default().trim().to_owned()
    }
}

impl Settings for PluginSettings {
    const FILE: &'static str = "plugin-settings.json";
    const KEYS: &'static [&'static str] = &[SOURCE_BASE];

    fn read(object: &SettingsObject<'_>) -> Result<Self, String> {
        Ok(Self { source_base: object.string(SOURCE_BASE)?.trim().to_owned() })
    }
}

impl EditableSettings for PluginSettings {
    fn write(self, object: &mut SettingsObject<'_>) {
        let address = Some(self.source_base).filter(|address| !address.is_empty());
        object.set(SOURCE_BASE, address.map(Setting::String));
    }
}
