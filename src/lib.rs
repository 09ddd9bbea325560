//! Profiles and credentials for Alibaba Cloud, as `aliyun configure` keeps them in `~/.aliyun/config.json`.
//!
//! The binary `aliyun` is a thin layer over this library. Another program takes credentials from the same
//! file, refreshed where they are over, as the command line does:
//!
//! ```no_run
//! use aliyun_configure::{CredentialResolver, Credentials, RealHost};
//!
//! # async fn example() -> aliyun_configure::Result<()> {
//! let resolver = CredentialResolver::open(&RealHost)?.with_profile("dev");
//! if let Credentials::Keys(keys) = resolver.resolve().await? {
//!     println!("signing as {}", keys.access_key_id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Profiles are read and changed through a [`ConfigStore`]; every change is locked and atomic:
//!
//! ```
//! use aliyun_configure::{ConfigStore, FakeHost};
//!
//! # fn main() -> aliyun_configure::Result<()> {
//! # let home = tempfile::tempdir().unwrap();
//! let host = FakeHost::new().with_home(home.path());
//! let store = ConfigStore::open(&host)?;
//! store.update(|config| config.switch("default"))?;
//! assert_eq!(store.load()?.config.current(), "default");
//! # Ok(())
//! # }
//! ```

mod answer;
pub mod cli;
mod config;
mod credentials;
mod error;
mod field;
mod file;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod holder;
mod host;
pub mod http;
mod json;
mod keeper;
mod language;
mod legacy;
mod messages;
pub mod modes;
mod overlay;
mod profile;
pub mod prompt;
mod resolver;
mod secret;
mod settings;
mod store;
pub mod sts;
#[cfg(test)]
mod testing;

pub use config::{Config, DEFAULT_PROFILE};
pub use credentials::{Credentials, Keys};
pub use error::{Error, Invalid, NetworkFailure, Result, ServiceError};
pub use field::{Field, Kind, Text, Value};
pub use host::{FakeHost, HelperOutput, Host, RealHost, Running, Stream};
pub use language::Language;
pub use overlay::{Overrides, fill_from_environment, overlay};
pub use profile::Profile;
pub use resolver::{CredentialResolver, Selected, profile_variable, validate};
pub use secret::Secret;
pub use store::{ConfigStore, Loaded, Origin, RefreshTurn};

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
