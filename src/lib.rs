//! Profiles and credentials for Alibaba Cloud, as `aliyun configure` keeps them in `~/.aliyun/config.json`.
//!
//! The binary `aliyun` is a thin layer over this library. Any other program reads and changes the same profiles
//! through a [`ConfigStore`], and obtains credentials through a [`CredentialResolver`]: in every mode, with the
//! environment variables of the command line, and with sessions that are refreshed before they expire.
//!
//! ```no_run
//! use aliyun_configure::{CredentialResolver, Credentials, RealHost};
//!
//! # async fn example() -> aliyun_configure::Result<()> {
//! let resolver = CredentialResolver::open(&RealHost)?.with_profile("dev");
//! if let Credentials::AccessKey(key) = resolver.resolve().await? {
//!     println!("signing as {} until {:?}", key.access_key_id, key.expires_at());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Store, resolver and surroundings
//!
//! Every change of the file is locked and atomic. The library sees its surroundings through a [`Host`] alone:
//! [`RealHost`] is the process's own environment, and a program that has its settings elsewhere brings another.
//!
//! ```
//! use std::collections::HashMap;
//! use std::path::PathBuf;
//!
//! use aliyun_configure::{ConfigStore, CredentialResolver, Credentials, Field, Host, Result};
//!
//! /// The settings of a service that serves several tenants.
//! struct Tenant {
//!     home: PathBuf,
//!     settings: HashMap<&'static str, String>,
//! }
//!
//! impl Host for Tenant {
//!     fn var(&self, name: &str) -> Option<String> {
//!         self.settings.get(name).cloned()
//!     }
//!
//!     fn home(&self) -> Result<PathBuf> {
//!         Ok(self.home.clone())
//!     }
//! }
//!
//! # fn main() -> Result<()> {
//! # let folder = tempfile::tempdir()?;
//! # let home = folder.path().to_owned();
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let settings = HashMap::from([("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "the-secret".to_owned())]);
//! let tenant = Tenant { home, settings };
//!
//! let store = ConfigStore::open(&tenant)?;
//! store.update(|config| {
//!     let mut profile = config.profile_or_new("dev");
//!     profile.set_text(Field::Mode, "AK");
//!     profile.set_text(Field::AccessKeyId, "the-id");
//!     profile.set_text(Field::RegionId, "cn-hangzhou");
//!     config.put(profile);
//!     config.switch("dev")
//! })?;
//! assert_eq!(store.load()?.current(), "dev");
//!
//! let Credentials::AccessKey(key) = CredentialResolver::new(&tenant, store).resolve().await? else {
//!     panic!("the mode AK has an access key");
//! };
//! assert_eq!((key.access_key_id.as_str(), key.access_key_secret.expose()), ("the-id", "the-secret"));
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! # Runtime
//!
//! [`CredentialResolver::resolve`] runs on tokio, on a runtime of one thread or of many, with time and I/O enabled.
//! What waits for locks or disks is done on the runtime's threads for such work, so that other tasks go on. The
//! [`ConfigStore`] itself is synchronous.
//!
//! # Errors
//!
//! [`Error`] sorts failures by what the caller can do about them. [`Error::NotConfigured`] and [`Error::Incomplete`]
//! ask for a profile or a field of it, [`Error::NotLoggedIn`] names the command that logs in, [`Error::Rejected`]
//! holds the code of the service, [`Error::Unreachable`] the server and the proxy. [`Error::is_transient`] tells
//! whether another attempt is worth it. No error holds a secret.
//!
//! # Features
//!
//! - `cli` (default): the command line, for the binary. A program that only wants credentials leaves it out with
//!   `default-features = false`, and compiles neither clap nor prompts.
//! - `test-util`: `FakeHost`, surroundings made of plain values, for tests.

#![cfg_attr(
    not(feature = "cli"),
    allow(
        dead_code,
        unused_imports,
        reason = "the rooms that all share hold what the command line alone calls"
    )
)]

mod blocking;
#[cfg(feature = "cli")]
pub mod cli;
mod config;
mod credentials;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod host;
mod http;
#[cfg(feature = "cli")]
mod ims;
mod language;
mod modes;
#[cfg(feature = "cli")]
mod prompt;
mod race;
mod secret;
#[cfg(feature = "cli")]
mod settings;
mod shell;
mod spelling;
mod storage;
mod sts;
#[cfg(test)]
mod testing;
mod texts;
mod waiting;

pub use config::Config;
pub use config::field::Field;
pub use config::profile::Profile;
pub use config::store::ConfigStore;
pub use credentials::overlay::Overrides;
pub use credentials::resolver::CredentialResolver;
pub use credentials::variables::{Variable, VariableFamily};
pub use credentials::{AccessKey, Credentials};
pub use error::{Barrier, Error, HelperFailure, NetworkFailure, Proxy, Result, ServiceError, StorageFailure};
#[cfg(any(test, feature = "test-util"))]
pub use host::FakeHost;
pub use host::{ExitFuture, HelperFuture, HelperOutput, Host, Launch, RealHost, Stream};
pub use secret::Secret;

/// The version of this program.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
