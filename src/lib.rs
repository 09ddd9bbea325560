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

pub mod cli;
mod config;
mod credentials;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod host;
pub mod http;
mod language;
pub mod modes;
pub mod prompt;
mod secret;
mod settings;
mod storage;
pub mod sts;
#[cfg(test)]
mod testing;
mod texts;

pub use config::field::{Field, Kind, Text, Value};
pub use config::profile::Profile;
pub use config::store::{ConfigStore, Loaded, Origin};
pub use config::{Config, DEFAULT_PROFILE};
pub use credentials::overlay::{Overrides, fill_from_environment, overlay};
pub use credentials::resolver::{CredentialResolver, Selected, profile_variable, validate};
pub use credentials::{Credentials, Keys};
pub use error::{Error, Invalid, NetworkFailure, Result, ServiceError};
pub use host::{FakeHost, HelperOutput, Host, RealHost, Running, Stream};
pub use language::Language;
pub use secret::Secret;

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
