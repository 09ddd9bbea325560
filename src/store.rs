//! The only way to the config file: whole reads, and writes that are locked, atomic, and safe from a crash.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use crate::config::Config;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::language::Language;
use crate::{json, legacy};

/// How long a writer waits for the lock of another one.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// The config file of a user, or the one that `--config-path` names.
#[derive(Debug, Clone)]
pub struct ConfigStore {
    path: PathBuf,
    /// The home folder whose older files stand in for a missing config; none for a file given by name.
    legacy_home: Option<PathBuf>,
    language: Language,
}

/// A config, and where it came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The config.
    pub config: Config,
    /// What it was read from.
    pub origin: Origin,
}

/// Where a config came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// From the config file.
    File,
    /// From the files of the older command line; it is saved by now.
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
        let path = home.join(".aliyun").join("config.json");
        Ok(Self { path, legacy_home: Some(home), language: Language::of(host) })
    }

    /// Opens a config file by its path; it need not be there.
    pub fn open_path(host: &dyn Host, path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), legacy_home: None, language: Language::of(host) }
    }

    /// Gives the path of the config file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Tells whether this is a file that `--config-path` names.
    pub fn is_custom(&self) -> bool {
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
    pub fn load(&self) -> Result<Loaded> {
        if let Some(config) = self.read()? {
            return Ok(Loaded { config, origin: Origin::File });
        }
        if self.read_legacy()?.is_some() {
            let target = self.target()?;
            let _lock = Lock::acquire(&target)?;
            if let Some(config) = self.read_or_migrate(&target)? {
                return Ok(Loaded { config, origin: Origin::Legacy });
            }
        }
        Ok(Loaded { config: Config::built_in(self.language), origin: Origin::BuiltIn })
    }

    /// Reads the config, and takes a missing file for an error.
    ///
    /// # Errors
    ///
    /// As [`ConfigStore::load`]; [`Error::ConfigPathMissing`] or [`Error::ConfigMissing`] where there is no file.
    pub fn load_existing(&self) -> Result<Config> {
        match self.load()? {
            Loaded { origin: Origin::BuiltIn, .. } => Err(self.missing()),
            Loaded { config, .. } => Ok(config),
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
        let target = self.target()?;
        let _lock = Lock::acquire(&target)?;
        let mut config = self.read_or_migrate(&target)?.unwrap_or_else(|| Config::built_in(self.language));
        let outcome = change(&mut config)?;
        write(&target, &config)?;
        Ok(outcome)
    }

    /// As [`ConfigStore::update`], but a missing file is an error and stays missing.
    ///
    /// # Errors
    ///
    /// As [`ConfigStore::update`] and [`ConfigStore::load_existing`].
    pub fn update_existing<T>(&self, change: impl FnOnce(&mut Config) -> Result<T>) -> Result<T> {
        self.load_existing()?;
        self.update(change)
    }

    /// Takes the turn to refresh sessions that this file keeps; `None` while somebody else has it.
    ///
    /// A refresh waits for a server, so its lock is another one than that of [`ConfigStore::update`]: no
    /// writer ever waits for the network. Who has the turn reads the file once more, since the session may
    /// be refreshed by now, and then writes as everybody does.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] where the folder cannot be written to, so that nothing could be remembered.
    pub fn try_refresh(&self) -> Result<Option<RefreshTurn>> {
        let target = self.target()?;
        let file = open_private(&suffixed(&target, "refresh.lock")).map_err(write_error(&target))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(RefreshTurn { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(write_error(&target)(source)),
        }
    }

    /// Finds out whether the file can be replaced by one that is a little longer: does all of it but the last
    /// step. What can be had only once, such as a new refresh token, is asked for only after that.
    ///
    /// # Errors
    ///
    /// As [`ConfigStore::update`].
    pub fn rehearse(&self) -> Result<()> {
        const MORE: usize = 8 << 10;
        let target = self.target()?;
        let _lock = Lock::acquire(&target)?;
        let there = fs::metadata(&target).map_or(0, |metadata| metadata.len());
        let blank = vec![b' '; usize::try_from(there).unwrap_or_default() + MORE];
        stage(&target, &blank).map(drop).map_err(write_error(&target))
    }

    fn missing(&self) -> Error {
        let path = self.path.clone();
        if self.is_custom() { Error::ConfigPathMissing(path) } else { Error::ConfigMissing(path) }
    }

    fn read(&self) -> Result<Option<Config>> {
        let path = || self.path.clone();
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Read { path: path(), source }),
        };
        let text = std::str::from_utf8(&bytes).map_err(|error| Error::Malformed {
            path: path(),
            what: format!("not UTF-8 from byte {} on", error.valid_up_to()),
        })?;
        let config = Config::parse(text, self.language);
        config.map(Some).map_err(|what| Error::Malformed { path: path(), what })
    }

    fn read_legacy(&self) -> Result<Option<Config>> {
        match &self.legacy_home {
            Some(home) => legacy::read(home, self.language),
            None => Ok(None),
        }
    }

    /// Reads the config file; where there is none it is made of the older files first. The caller holds the lock.
    fn read_or_migrate(&self, target: &Path) -> Result<Option<Config>> {
        if let Some(config) = self.read()? {
            return Ok(Some(config));
        }
        let Some(legacy) = self.read_legacy()? else {
            return Ok(None);
        };
        write(target, &legacy)?;
        self.read()
    }

    /// Gives the file to replace: the one at the end of a chain of symbolic links.
    fn target(&self) -> Result<PathBuf> {
        const LINKS: usize = 40;
        let mut path = self.path.clone();
        for _ in 0..LINKS {
            let Ok(link) = fs::read_link(&path) else {
                return Ok(path);
            };
            // A relative link is relative to the folder that it stands in.
            path = path.parent().unwrap_or(Path::new("")).join(link);
        }
        let source = io::Error::other("too many levels of symbolic links");
        Err(Error::Write { path: self.path.clone(), source })
    }
}

fn write_error(path: &Path) -> impl FnOnce(io::Error) -> Error {
    |source| Error::Write { path: path.to_owned(), source }
}

/// The turn to refresh the sessions that a config file keeps, until dropped.
#[derive(Debug)]
pub struct RefreshTurn {
    _file: File,
}

/// The exclusive right to change a config file, until dropped.
///
/// Programs of this project hold the lock file beside the config. Others lock the config itself, so that
/// one is held too where it is there.
struct Lock {
    _beside: File,
    _config: Option<File>,
}

impl Lock {
    fn acquire(target: &Path) -> Result<Self> {
        let folder = folder_of(target);
        make_folder(folder).map_err(write_error(target))?;
        let until = Instant::now() + LOCK_PATIENCE;
        let beside = open_private(&suffixed(target, "lock")).map_err(write_error(target))?;
        lock(&beside, until, target)?;
        let config = lock_config(target, until)?;
        Ok(Self { _beside: beside, _config: config })
    }
}

/// Locks the config file itself, where it is there and can be opened.
///
/// A file that was replaced in the meantime is not the one to hold, so the lock is taken on the new one.
#[cfg(unix)]
fn lock_config(target: &Path, until: Instant) -> Result<Option<File>> {
    use std::os::unix::fs::MetadataExt;
    loop {
        let Ok(config) = File::open(target) else {
            return Ok(None);
        };
        lock(&config, until, target)?;
        let is_same = match (config.metadata(), fs::metadata(target)) {
            (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
            _ => true,
        };
        if is_same {
            return Ok(Some(config));
        }
    }
}

/// Locks nothing: here a lock would keep this very program from reading the file.
#[cfg(not(unix))]
fn lock_config(_: &Path, _: Instant) -> Result<Option<File>> {
    Ok(None)
}

fn lock(file: &File, until: Instant, target: &Path) -> Result<()> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if Instant::now() < until => sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => {
                let seconds = LOCK_PATIENCE.as_secs();
                return Err(Error::Locked { path: target.to_owned(), seconds });
            }
            Err(TryLockError::Error(source)) => return Err(write_error(target)(source)),
        }
    }
}

fn write(target: &Path, config: &Config) -> Result<()> {
    let text = json::to_vec(config).map_err(|error| write_error(target)(error.into()))?;
    replace(target, &text).map_err(write_error(target))
}

/// Replaces a file by another one with this text; the caller holds the lock.
fn replace(target: &Path, text: &[u8]) -> io::Result<()> {
    stage(target, text)?.persist(target).map_err(|error| error.error)?;
    sync_folder(folder_of(target))
}

/// Writes a text to a file beside the target, which goes away with the value; the caller holds the lock.
fn stage(target: &Path, text: &[u8]) -> io::Result<NamedTempFile> {
    // One name serves, since the lock keeps all other writers away; so a crash leaves one file at the
    // most, and the next writer removes it.
    let fresh = suffixed(target, "new");
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let name = fresh.file_name().unwrap_or_default();
    let mut file = tempfile::Builder::new().prefix(name).rand_bytes(0).tempfile_in(folder_of(target))?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Gives a neighbour of a file: `NAME.SUFFIX`.
fn suffixed(target: &Path, suffix: &str) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    target.with_file_name(name)
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

#[cfg(unix)]
fn open_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(path)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
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
    fn one_at_a_time_has_the_turn_to_refresh_and_writers_do_not_wait_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (store(folder.path()), store(folder.path()));
        let turn = one.try_refresh().unwrap();
        assert!(turn.is_some());
        assert!(other.try_refresh().unwrap().is_none());
        other.update(|config| config.switch("default")).unwrap();
        drop(turn);
        assert!(other.try_refresh().unwrap().is_some());
    }

    #[test]
    fn a_rehearsal_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let (before, there) = (fs::read(store.path()).unwrap(), names(folder.path()));
        store.rehearse().unwrap();
        assert_eq!((fs::read(store.path()).unwrap(), names(folder.path())), (before, there));
    }
}
