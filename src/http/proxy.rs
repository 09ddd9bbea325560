//! Which proxy a request takes, by the conventions of the environment variables (wire, section 11.2 and D28).

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host as UrlHost, Url};

use super::address::{authority, is_on_loopback};
use crate::error::{Error, Proxy, Result};
use crate::host::Host;

/// The proxies that the environment names, and the hosts that take none.
///
/// Upper-case names come before lower-case ones. `HTTP_PROXY` is ignored where `REQUEST_METHOD` is
/// set: in a CGI program a client's `Proxy` header could have set it. `ALL_PROXY` is not used.
#[derive(Debug, Clone, Default)]
pub(super) struct ProxyRules {
    https: Option<NamedProxy>,
    http: Option<NamedProxy>,
    exceptions: Vec<NoProxyEntry>,
}

/// The supported schemes of proxy URLs.
const KINDS: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// A proxy, and the variable that names it.
#[derive(Debug, Clone)]
struct NamedProxy {
    variable: &'static str,
    proxy: String,
}

/// One entry of `NO_PROXY`: `*`, a network, or a host name with or without its subdomains, and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
enum NoProxyEntry {
    All,
    Network(IpNet),
    Name { name: String, only_below: bool, port: Option<u16> },
}

impl ProxyRules {
    pub(super) fn of(host: &dyn Host) -> Self {
        let http = match host.var("REQUEST_METHOD") {
            Some(_) => None,
            None => NamedProxy::first(host, ["HTTP_PROXY", "http_proxy"]),
        };
        let exceptions = host.first_var(&["NO_PROXY", "no_proxy"]).unwrap_or_default();
        Self {
            https: NamedProxy::first(host, ["HTTPS_PROXY", "https_proxy"]),
            http,
            exceptions: exceptions.split(',').filter_map(NoProxyEntry::parse).collect(),
        }
    }

    /// Returns the proxy for a URL; `None` where it takes none.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where the variable that names the proxy holds none that can be used.
    pub(super) fn usable(&self, url: &Url) -> Result<Option<Url>> {
        let Some(named) = self.named(url) else { return Ok(None) };
        let unusable = || {
            let kinds = KINDS.join(", ");
            Error::InvalidInput(format!(
                "{} names no usable proxy; it should look like http://proxy.example:3128, with one of {kinds} in front",
                named.variable
            ))
        };
        parse(&named.proxy).map(Some).ok_or_else(unusable)
    }

    /// Returns the proxy for a URL whose proxy was checked by [`ProxyRules::usable`].
    pub(super) fn proxy(&self, url: &Url) -> Option<Url> {
        parse(&self.named(url)?.proxy)
    }

    /// Returns the proxy for a URL as an error may name it.
    pub(super) fn shown(&self, url: &Url) -> Option<Proxy> {
        let variable = self.named(url)?.variable;
        Some(Proxy { variable, address: authority(&self.proxy(url)?) })
    }

    fn named(&self, url: &Url) -> Option<&NamedProxy> {
        let named = if url.scheme() == "https" { &self.https } else { &self.http };
        named.as_ref().filter(|_| !self.is_exempt(url))
    }

    fn is_exempt(&self, url: &Url) -> bool {
        let Some(host) = url.host() else { return true };
        is_on_loopback(url) || self.exceptions.iter().any(|exception| exception.covers(&host, url))
    }
}

impl NamedProxy {
    /// Returns the first of these variables that is set and not empty.
    fn first(host: &dyn Host, variables: [&'static str; 2]) -> Option<Self> {
        variables.into_iter().find_map(|variable| Some(Self { variable, proxy: host.var(variable)? }))
    }
}

/// Parses a proxy's URL; without a scheme it is `http`.
fn parse(proxy: &str) -> Option<Url> {
    let whole = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    let has_host = |url: &Url| url.host_str().is_some_and(|host| !host.is_empty());
    Url::parse(&whole).ok().filter(|url| KINDS.contains(&url.scheme()) && has_host(url))
}

impl NoProxyEntry {
    fn parse(entry: &str) -> Option<Self> {
        let entry = entry.trim();
        if entry.is_empty() {
            return None;
        }
        if entry == "*" {
            return Some(Self::All);
        }
        if let Ok(network) = entry.parse() {
            return Some(Self::Network(network));
        }
        if let Ok(address) = entry.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Some(Self::Network(address.into()));
        }
        let (name, port) = match entry.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().ok()?)),
            None => (entry, None),
        };
        let below = name.strip_prefix("*.").or_else(|| name.strip_prefix('.'));
        let name = below.unwrap_or(name).to_ascii_lowercase();
        Some(Self::Name { name, only_below: below.is_some(), port })
    }

    fn covers(&self, host: &UrlHost<&str>, url: &Url) -> bool {
        match self {
            Self::All => true,
            Self::Network(network) => match host {
                UrlHost::Ipv4(address) => network.contains(&IpAddr::V4(*address)),
                UrlHost::Ipv6(address) => network.contains(&IpAddr::V6(*address)),
                UrlHost::Domain(_) => false,
            },
            Self::Name { name, only_below, port } => {
                let host = host.to_string().to_ascii_lowercase();
                let below = host.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('.'));
                let ports_agree = port.is_none() || *port == url.port_or_known_default();
                ports_agree && (below || (!only_below && host == *name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    fn proxy(vars: &[(&str, &str)], url: &str) -> Option<String> {
        let host = vars.iter().fold(FakeHost::new(), |host, (name, value)| host.with_var(name, value));
        ProxyRules::of(&host).proxy(&Url::parse(url).unwrap()).map(String::from)
    }

    #[test]
    fn the_scheme_and_the_upper_case_name_decide() {
        let vars = [("HTTPS_PROXY", "http://a:1"), ("https_proxy", "http://b:1"), ("http_proxy", "c:2")];
        assert_eq!(proxy(&vars, "https://sts.aliyuncs.com").as_deref(), Some("http://a:1/"));
        assert_eq!(proxy(&vars, "http://example.com").as_deref(), Some("http://c:2/"));
        assert_eq!(proxy(&[("ALL_PROXY", "http://a:1")], "https://example.com"), None);
        let cgi = [("HTTP_PROXY", "http://a:1"), ("REQUEST_METHOD", "GET")];
        assert_eq!(proxy(&cgi, "http://example.com"), None);
    }

    #[test]
    fn exceptions_are_names_suffixes_networks_and_ports() {
        for (exceptions, url, direct) in [
            ("aliyuncs.com", "https://sts.aliyuncs.com", true),
            ("aliyuncs.com", "https://notaliyuncs.com", false),
            (".aliyuncs.com", "https://aliyuncs.com", false),
            ("*.aliyuncs.com", "https://sts.aliyuncs.com", true),
            ("sts", "https://sts.aliyuncs.com", false),
            ("x, STS.aliyuncs.com", "https://sts.aliyuncs.com", true),
            ("sts.aliyuncs.com:443", "https://sts.aliyuncs.com", true),
            ("sts.aliyuncs.com:8443", "https://sts.aliyuncs.com", false),
            ("10.0.0.0/8", "https://10.1.2.3", true),
            ("10.1.2.3", "https://10.1.2.4", false),
            ("[", "https://10.1.2.4", false),
            ("*", "https://anything", true),
            ("", "https://localhost", true),
            ("", "https://127.0.0.1:8443", true),
            ("", "https://[::1]", true),
        ] {
            let vars = [("HTTPS_PROXY", "http://p:1"), ("NO_PROXY", exceptions)];
            assert_eq!(proxy(&vars, url).is_none(), direct, "{exceptions} {url}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_an_error_that_names_the_variable() {
        for (variable, proxy) in [
            ("HTTPS_PROXY", "http://user:secret@"),
            ("https_proxy", "ftp://secret:3128"),
            ("HTTPS_PROXY", "socks://secret:1080"),
            ("HTTPS_PROXY", "socks5:///secret"),
            ("HTTPS_PROXY", "://secret"),
            ("HTTPS_PROXY", "secret proxy"),
            ("https_proxy", "http://secret:port"),
            ("HTTPS_PROXY", ":3128"),
            ("HTTPS_PROXY", "http://sec\u{fffd}ret"),
        ] {
            let proxy_rules = ProxyRules::of(&FakeHost::new().with_var(variable, proxy));
            let error =
                proxy_rules.usable(&Url::parse("https://example.com").unwrap()).unwrap_err().to_string();
            assert!(error.starts_with(variable) && !error.contains("secret"), "{proxy}: {error}");
            assert!(proxy_rules.usable(&Url::parse("http://example.com").unwrap()).unwrap().is_none());
            assert!(proxy_rules.usable(&Url::parse("https://127.0.0.1").unwrap()).unwrap().is_none());
        }
    }

    #[test]
    fn every_kind_of_proxy_can_be_used() {
        for kind in KINDS {
            let proxy_rules =
                ProxyRules::of(&FakeHost::new().with_var("HTTPS_PROXY", &format!("{kind}://u:p@proxy:1")));
            assert!(
                proxy_rules.usable(&Url::parse("https://example.com").unwrap()).unwrap().is_some(),
                "{kind}"
            );
        }
    }
}
