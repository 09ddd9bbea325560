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
//! assert_eq!(store.load()?.current(), "default");
//! # Ok(())
//! # }
//! ```

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
mod language;
mod modes;
#[cfg(feature = "cli")]
mod prompt;
mod race;
mod secret;
#[cfg(feature = "cli")]
mod settings;
mod storage;
mod sts;
#[cfg(test)]
mod testing;
mod texts;

pub use config::Config;
pub use config::field::Field;
pub use config::profile::Profile;
pub use config::store::ConfigStore;
pub use credentials::overlay::Overrides;
pub use credentials::resolver::CredentialResolver;
pub use credentials::{Credentials, Keys};
pub use error::{Error, Invalid, NetworkFailure, Result, ServiceError};
#[cfg(any(test, feature = "test-util"))]
pub use host::FakeHost;
pub use host::{HelperOutput, Host, RealHost, Running, Stream};
pub use secret::Secret;

/// The version of this program.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
