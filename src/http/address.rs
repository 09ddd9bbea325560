//! What a URL says about the server that it leads to.

use url::Url;

/// Tells whether a URL names the loopback interface, without looking the name up.
pub(crate) fn is_on_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Returns host and port of a URL, the only parts of it that an error may show.
pub(crate) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the server");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
