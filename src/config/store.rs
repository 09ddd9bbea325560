//! The only way to the config file: whole reads, and writes that are locked, atomic, and safe from a crash.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::blocking;
use crate::config::legacy;
use crate::config::{Config, Excerpt};
use crate::error::{Error, Result, StorageFailure};
use crate::host::Host;
use crate::language::Language;
use crate::storage::atomic_file::{AtomicFile, LockedFile};

/// The config file of a user, or the one that `--config-path` names.
#[derive(Debug, Clone)]
pub struct ConfigStore {
    file: AtomicFile,
    /// The home folder whose older files stand in for a missing config; none for a file given by name.
    legacy_home: Option<PathBuf>,
    language: Language,
    /// Whether profiles that are taken over are saved.
    saves_legacy: bool,
}

/// A config, and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    /// The config.
    pub(crate) config: Config,
    /// What it was read from.
    pub(crate) origin: Origin,
}

/// Where a config came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From the config file.
    File,
    /// From the files of the older command line; it is saved by now, as long as that is wanted.
    Legacy,
    /// There is no file; this is what stands in for it.
    BuiltIn,
}

impl ConfigStore {
    /// Opens `~/.aliyun/config.json`.
    ///
    /// # Errors
    ///
    /// [`Error::NoHome`] where no home folder is known.
    pub fn open(host: &dyn Host) -> Result<Self> {
        let home = host.home()?;
        let file = AtomicFile::new(home.join(".aliyun").join("config.json"));
        Ok(Self { file, legacy_home: Some(home), language: Language::of(host), saves_legacy: true })
    }

    /// Opens a config file by its path; it need not be there.
    pub fn open_path(host: &dyn Host, path: impl Into<PathBuf>) -> Self {
        Self {
            file: AtomicFile::new(path),
            legacy_home: None,
            language: Language::of(host),
            saves_legacy: true,
        }
    }

    /// Leaves every file as it is when the config is read: profiles of the older command line are not saved.
    #[must_use]
    pub fn without_saving(mut self) -> Self {
        self.saves_legacy = false;
        self
    }

    /// Returns the path of the config file.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Tells whether this is a file that `--config-path` names.
    pub(crate) fn is_custom(&self) -> bool {
        self.legacy_home.is_none()
    }

    /// Reads the config. No lock is needed: writers replace the whole file at once.
    ///
    /// Where there is no file, the profiles of the older command line are taken over and saved; where there
    /// are none either, a built-in config is given.
    ///
    /// # Errors
    ///
    /// Fails where the file is there but unusable; it is left as it is.
    pub fn load(&self) -> Result<Config> {
        Ok(self.load_with_origin()?.config)
    }

    /// Reads the config as [`ConfigStore::load`] does, and tells where it came from.
    ///
    /// # Errors
    ///
    /// As [`ConfigStore::load`].
    pub(crate) fn load_with_origin(&self) -> Result<Loaded> {
        if let Some(config) = self.read()? {
            return Ok(Loaded { config, origin: Origin::File });
        }
        if let Some(legacy) = self.read_legacy()? {
            let saved = if self.saves_legacy { self.migrate()? } else { None };
            return Ok(Loaded { config: saved.unwrap_or(legacy), origin: Origin::Legacy });
        }
        Ok(Loaded { config: Config::built_in(self.language), origin: Origin::BuiltIn })
    }

    /// Reads the config, and takes a missing file for an error.
    ///
    /// # Errors
    ///
    /// As [`ConfigStore::load`]; [`Error::Storage`] where there is no file.
    pub fn load_existing(&self) -> Result<Config> {
        match self.load_with_origin()? {
            Loaded { origin: Origin::BuiltIn, .. } => Err(self.missing()),
            Loaded { config, .. } => Ok(config),
        }
    }

    /// As [`ConfigStore::load_existing`], but makes profiles of no others than the current one and those of
    /// these names. The whole file is checked all the same.
    ///
    /// # Errors
    ///
    /// As [`ConfigStore::load_existing`].
    pub(crate) fn excerpt_existing(&self, names: &[&str]) -> Result<Excerpt> {
        match self.file.read_as(|text| Excerpt::parse(text, self.language, names))? {
            Some(excerpt) => Ok(excerpt),
            None => self.load_existing().map(Excerpt),
        }
    }

    /// Changes the config: locks it, reads it again, lets `change` alter it, and replaces the file.
    ///
    /// Where `change` fails nothing is written. A symbolic link stays and its target is replaced; the file
    /// gets mode 0600, a folder made for it 0700.
    ///
    /// # Errors
    ///
    /// Those of `change`; [`Error::Locked`] where another program holds the lock for 10 seconds; else
    /// whatever keeps the file from being read or written. The old file is whole in every case.
    pub fn update<T>(&self, change: impl FnOnce(&mut Config) -> Result<T>) -> Result<T> {
        let lock = self.file.lock()?;
        let mut config = self.read_or_migrate(&lock)?.unwrap_or_else(|| Config::built_in(self.language));
        let outcome = change(&mut config)?;
        lock.replace(&config)?;
        Ok(outcome)
    }

    /// Tries a change on the config as [`ConfigStore::update`] would find it, and writes nothing: profiles of the
    /// older command line are not saved either.
    ///
    /// # Errors
    ///
    /// Those of `change`, and whatever keeps the file from being read.
    #[cfg(feature = "cli")]
    pub(crate) fn rehearse<T>(&self, change: impl FnOnce(&mut Config) -> Result<T>) -> Result<T> {
        change(&mut self.clone().without_saving().load()?)
    }

    /// As [`ConfigStore::update`], but a missing file is an error and stays missing.
    ///
    /// # Errors
    ///
    /// As [`ConfigStore::update`] and [`ConfigStore::load_existing`].
    pub fn update_existing<T>(&self, change: impl FnOnce(&mut Config) -> Result<T>) -> Result<T> {
        let is_there = !matches!(self.path().try_exists(), Ok(false));
        if !is_there && self.read_legacy()?.is_none() {
            return Err(self.missing());
        }
        self.update(change)
    }

    /// Takes the lock for refreshing the sessions in this file; `None` while another program holds it.
    ///
    /// A refresh waits for a server, so its lock is another one than that of [`ConfigStore::update`]: no
    /// writer ever waits for the network. The owner of the lock reads the file once more, since the session may
    /// be refreshed by now, and then writes as everybody does.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where the folder cannot be written to, so that nothing could be stored.
    pub(crate) fn try_lock_refresh(&self) -> Result<Option<RefreshLock>> {
        Ok(self.file.try_lock_beside("refresh.lock")?.map(|file| RefreshLock { file }))
    }

    /// Finds out whether the file can be replaced by one that is a little longer: takes every step of a
    /// replacement but the last. What can be had only once, such as a new refresh token, is requested only after that.
    ///
    /// # Errors
    ///
    /// As [`ConfigStore::update`].
    pub(crate) fn check_writable(&self) -> Result<()> {
        const MORE: u64 = 8 << 10;
        self.file.lock()?.check_replaceable(MORE)
    }

    /// Does work with this store where its waits hold up no other task.
    ///
    /// # Errors
    ///
    /// Those of the work.
    pub(crate) async fn unblocked<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        blocking::run(move || work(&store)).await
    }

    /// Makes the error for a config file that is not there.
    pub(crate) fn missing(&self) -> Error {
        let failure = if self.is_custom() { StorageFailure::NamedMissing } else { StorageFailure::Missing };
        failure.at(self.path())
    }

    fn read(&self) -> Result<Option<Config>> {
        self.file.read_as(|text| Config::parse(text, self.language))
    }

    /// Returns the lines of the older files that are not understood, where these stand in for the config file.
    #[cfg(feature = "cli")]
    pub(crate) fn skipped_lines(&self) -> Vec<(PathBuf, usize)> {
        match &self.legacy_home {
            Some(home) if matches!(self.path().try_exists(), Ok(false)) => legacy::skipped(home),
            _ => Vec::new(),
        }
    }

    fn read_legacy(&self) -> Result<Option<Config>> {
        match &self.legacy_home {
            Some(home) => legacy::read(home, self.language),
            None => Ok(None),
        }
    }

    /// Saves what the older files hold; `None` where the home folder cannot be written to, since it can be read from
    /// all the same.
    fn migrate(&self) -> Result<Option<Config>> {
        match self.file.lock().and_then(|lock| self.read_or_migrate(&lock)) {
            Err(Error::Storage { failure: StorageFailure::Unwritable(_), .. }) => Ok(None),
            outcome => outcome,
        }
    }

    /// Reads the config file; where there is none it is made of the older files first.
    fn read_or_migrate(&self, lock: &LockedFile) -> Result<Option<Config>> {
        if let Some(config) = self.read()? {
            return Ok(Some(config));
        }
        let Some(legacy) = self.read_legacy()? else {
            return Ok(None);
        };
        lock.replace(&legacy)?;
        self.read()
    }
}

/// The exclusive right to refresh the sessions in a config file, until dropped.
#[derive(Debug)]
pub(crate) struct RefreshLock {
    file: File,
}

impl RefreshLock {
    /// Returns what an earlier owner of the lock left for the next ones; nothing where it cannot be read.
    pub(crate) fn note(&self) -> String {
        const LIMIT: u64 = 16 << 10;
        let mut note = String::new();
        let mut file = &self.file;
        let read = file.rewind().and_then(|()| file.take(LIMIT).read_to_string(&mut note));
        read.map_or_else(|_| String::new(), |_| note)
    }

    /// Leaves something for the next owners of the lock, who do without where it cannot be written.
    pub(crate) fn leave_note(&self, note: &str) {
        let mut file = &self.file;
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(note.as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io};

    use super::*;
    use crate::host::FakeHost;

    fn store(folder: &Path) -> ConfigStore {
        let store = ConfigStore::open_path(&FakeHost::new(), folder.join("config.json"));
        store.update(|_| Ok(())).unwrap();
        store
    }

    fn names(folder: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(name).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn one_at_a_time_holds_the_refresh_lock_and_writers_do_not_wait_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (store(folder.path()), store(folder.path()));
        let lock = one.try_lock_refresh().unwrap();
        assert!(lock.is_some());
        assert!(other.try_lock_refresh().unwrap().is_none());
        other.update(|config| config.switch("default")).unwrap();
        drop(lock);
        assert!(other.try_lock_refresh().unwrap().is_some());
    }

    #[test]
    fn checking_that_the_file_is_writable_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let (before, there) = (fs::read(store.path()).unwrap(), names(folder.path()));
        store.check_writable().unwrap();
        assert_eq!((fs::read(store.path()).unwrap(), names(folder.path())), (before, there));
    }
}
