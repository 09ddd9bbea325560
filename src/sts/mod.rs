//! Calls to the Security Token Service: where it is, how requests are signed, what its responses mean.

mod client;
mod endpoint;
mod retries;
pub(crate) mod session;
pub(crate) mod sign;

pub(crate) use client::{API_VERSION, Client, service_error, timestamp};
pub(crate) use endpoint::{VPC_REGIONS, call_endpoint, session_endpoint};
pub(crate) use retries::Retries;
