//! Calls to the Security Token Service: where it is, how requests are signed, what its answers say.

mod client;
mod endpoint;
pub(crate) mod session;
pub(crate) mod sign;

pub(crate) use client::{API_VERSION, service_error, timestamp};
pub use client::{Client, Retries};
pub(crate) use endpoint::VPC_REGIONS;
pub use endpoint::{call_endpoint, session_endpoint};
