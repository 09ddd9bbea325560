//! From a host's name to its addresses.

use std::net::ToSocketAddrs;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::blocking;

/// Asks the system, on a thread where there is one.
#[derive(Debug)]
pub(super) struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found = blocking::run(move || (name.as_str(), 0).to_socket_addrs()).await?;
            let addresses: Addrs = Box::new(found);
            Ok(addresses)
        })
    }
}
