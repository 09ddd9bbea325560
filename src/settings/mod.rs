//! The settings that stand beside the config file: AI mode, safety policy, plugin settings, throttling.

mod ai_mode;
mod object;
mod plugin_settings;
mod safety_policy;
mod throttling_retry;

use std::path::PathBuf;

use zeroize::Zeroizing;

pub(crate) use ai_mode::AiMode;
pub(crate) use plugin_settings::PluginSettings;
pub(crate) use safety_policy::{Rule, SafetyPolicy, Verdict, actions};
pub(crate) use throttling_retry::ThrottlingRetry;

use crate::config::store::ConfigStore;
use crate::error::{Error, Result};
use crate::storage::atomic_file::AtomicFile;
use object::SettingsObject;

/// The contents of one settings file.
pub(crate) trait Settings: Sized {
    /// The name of the file.
    const FILE: &'static str;

    /// The members that are known, in the order in which they are written.
    const KEYS: &'static [&'static str];

    /// Reads the known members.
    ///
    /// # Errors
    ///
    /// Says which member is wrong and where, without its value.
    fn read(object: &SettingsObject<'_>) -> std::result::Result<Self, String>;
}

/// Settings that this program changes.
pub(crate) trait EditableSettings: Settings {
    /// Writes the known members over those of the file.
    fn write(self, object: &mut SettingsObject<'_>);
}

/// The folder of the settings files.
#[derive(Debug, Clone)]
pub(crate) struct SettingsStore {
    folder: PathBuf,
}

impl SettingsStore {
    /// Opens the settings beside a config file.
    pub(crate) fn beside(config: &ConfigStore) -> Self {
        Self { folder: config.path().parent().map(PathBuf::from).unwrap_or_default() }
    }

    /// Returns the path of a settings file.
    pub(crate) fn path<S: Settings>(&self) -> PathBuf {
        self.folder.join(S::FILE)
    }

    /// Reads settings; a missing file holds the usual ones.
    ///
    /// # Errors
    ///
    /// Fails where the file is there but unusable, which is left as it is, or a link leads to none.
    pub(crate) fn load<S: Settings>(&self) -> Result<S> {
        let file = self.file::<S>();
        let text = file.read()?;
        if text.is_none() {
            file.refuse_dangling_link()?;
        }
        let read = parse::<S>(text.as_ref()).and_then(|object| S::read(&object));
        read.map_err(|what| file.malformed(what))
    }

    /// Makes the error for a settings file whose text is not what it should be.
    pub(crate) fn malformed<S: Settings>(&self, what: String) -> Error {
        self.file::<S>().malformed(what)
    }

    /// Changes settings: locks the file, reads it, lets `change` alter them, and replaces the file.
    /// What this version does not know stays.
    ///
    /// # Errors
    ///
    /// Whatever keeps the file from being read or written; the old one is whole then.
    pub(crate) fn update<S: EditableSettings>(&self, change: impl FnOnce(&mut S)) -> Result<()> {
        let file = self.file::<S>();
        let lock = file.lock()?;
        let text = file.read()?;
        let malformed = |what| file.malformed(what);
        let mut object = parse::<S>(text.as_ref()).map_err(malformed)?;
        let mut settings = S::read(&object).map_err(malformed)?;
        change(&mut settings);
        settings.write(&mut object);
        lock.replace(&object)
    }

    fn file<S: Settings>(&self) -> AtomicFile {
        AtomicFile::new(self.path::<S>())
    }
}

fn parse<S: Settings>(text: Option<&Zeroizing<String>>) -> std::result::Result<SettingsObject<'_>, String> {
    SettingsObject::parse(text.map_or("{}", |text| text.as_str()), S::KEYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    fn store(home: &tempfile::TempDir) -> SettingsStore {
        SettingsStore::beside(&ConfigStore::open(&FakeHost::new().with_home(home.path())).unwrap())
    }

    #[test]
    fn a_missing_file_holds_the_usual_settings_and_is_made_by_a_change() {
        let home = tempfile::tempdir().unwrap();
        let store = store(&home);
        assert!(!store.load::<AiMode>().unwrap().enabled);
        store.update(|mode: &mut AiMode| mode.enabled = true).unwrap();
        assert!(store.load::<AiMode>().unwrap().enabled);
        let text = std::fs::read_to_string(home.path().join(".aliyun/ai-mode.json")).unwrap();
        assert_eq!(text, "{\n\t\"enabled\": true\n}");
    }

    #[test]
    fn a_broken_file_is_an_error_that_names_path_and_place_and_stays() {
        let home = tempfile::tempdir().unwrap();
        let store = store(&home);
        std::fs::create_dir(home.path().join(".aliyun")).unwrap();
        let path = home.path().join(".aliyun/safety-policy.json");
        for (text, said) in [
            ("", "EOF while parsing a value at line 1 column 0"),
            ("{\n \"enabled\": \"hidden\"}", "`enabled` must be true or false at line 2 column 13"),
            ("{\"rules\": [\n {}, \"hidden\"]}", "`rules` must hold nothing but objects at line 2 column 6"),
            (
                "{\"rules\": [\n {\"pattern\": [\"hidden\"]}]}",
                "`pattern` must be a string at line 2 column 14",
            ),
            ("[\"hidden\"]", "`{` expected"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = store.update(|policy: &mut SafetyPolicy| policy.enabled = true).unwrap_err();
            let error = error.to_string();
            assert!(error.contains(said) && error.contains("safety-policy.json"), "{text}: {error}");
            assert!(!error.contains("hidden"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn unknown_members_stay_where_they_were() {
        let home = tempfile::tempdir().unwrap();
        let store = store(&home);
        std::fs::create_dir(home.path().join(".aliyun")).unwrap();
        let path = home.path().join(".aliyun/safety-policy.json");
        let text =
            r#"{"x":1e5,"rules":[{"why":"w","pattern":"a:*","action":"deny","z":[]}],"y":{"b":1,"a":2}}"#;
        std::fs::write(&path, text).unwrap();
        store.update(|policy: &mut SafetyPolicy| policy.put("a:*", "confirm")).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let squeezed: String = text.split_whitespace().collect();
        assert_eq!(
            squeezed,
            r#"{"x":1e5,"enabled":false,"rules":[{"why":"w","pattern":"a:*","action":"confirm","z":[]}],"y":{"b":1,"a":2}}"#
        );
    }
}
