//! Credentials for a program that outlives a session: an address on this machine that answers with them
//! (beyond, section 2).

use hyper::StatusCode;

use super::not_started;
use crate::cli::args::profile_flags::Target;
use crate::cli::commands::export::{resolver, uri};
use crate::cli::runtime::wait;
use crate::config::field::Field;
use crate::credentials::Credentials;
use crate::credentials::resolver::CredentialResolver;
use crate::credentials::variables::{self, IGNORE_PROFILE, OTHER_SOURCES_OFF, ignoring_variable};
use crate::error::Result;
use crate::host::{Host, Launch};
use crate::http::server::{Page, Server};
use crate::race::first;
use crate::secret::Secret;

/// How many seconds before their end credentials are replaced.
const MARGIN: i64 = 5 * 60;

/// The variables that send requests through a proxy, and those that keep requests away from it.
const PROXIES: &[&str] = &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
const NO_PROXIES: &[&str] = &["NO_PROXY", "no_proxy"];

/// Runs a program, answers its requests for credentials as long as it runs, and returns its exit code.
pub(super) fn run(mut launch: Launch, target: &Target, host: &dyn Host) -> Result<u8> {
    let resolver = resolver(target, host)?;
    let profile = resolver.profile()?;
    // Whichever profile becomes the current one meanwhile.
    let resolver = resolver.with_profile(profile.name()).with_margin(MARGIN);
    let mut served = Served { host, resolver, latest: None };
    wait(async {
        // Without credentials nothing starts.
        served.body().await?;
        let mut server = Server::listen(0..=0).await?;
        let path = path(host)?;
        let in_file = (!target.names_file() && ignoring_variable(host).is_none()).then(|| profile.name());
        let address = Secret::new(server.address(path.expose()));
        launch.environment.extend(environment(&address, profile.text(Field::RegionId), in_file, host));
        let answering = async {
            loop {
                let request = server.next().await;
                let page = if request.target == path { served.page().await } else { Page::not_found() };
                request.answer(page).await;
            }
        };
        let program = async { host.supervise(&launch).await };
        first(answering, program).await.map_err(|cause| not_started(&launch.name, cause))
    })
}

/// Returns a path with 128 random bits.
fn path(host: &dyn Host) -> Result<Secret> {
    let mut bytes = [0; 16];
    host.random(&mut bytes)?;
    Ok(Secret::new(format!("/{:032x}", u128::from_be_bytes(bytes))))
}

/// Returns the variables that lead to an address, and to nothing else. A child `aliyun` takes the profile from the
/// config file, where that is its own too, since it does not recognise an address.
fn environment(
    address: &Secret,
    region: &str,
    in_file: Option<&str>,
    host: &dyn Host,
) -> Vec<(String, Option<Secret>)> {
    let regions = variables::names_of_regions().filter(|_| !region.is_empty()).map(|name| (name, region));
    let choice = in_file.map_or((IGNORE_PROFILE, "TRUE"), |name| ("ALIBABACLOUD_PROFILE", name));
    let set = OTHER_SOURCES_OFF
        .iter()
        .copied()
        .chain(regions)
        .chain([choice, ("ALIBABA_CLOUD_CREDENTIALS_URI", address.expose())]);
    let set = set.map(|(name, value)| (name.to_owned(), Some(Secret::from(value))));
    let has_proxy = host.first_var(PROXIES).is_some();
    let direct = NO_PROXIES.iter().filter(|_| has_proxy).map(|name| {
        let others = host.var(name).map(|others| others + ",").unwrap_or_default();
        ((*name).to_owned(), Some(Secret::new(others + "127.0.0.1")))
    });
    set.chain(direct).collect()
}

/// The credentials that are served, and where new ones come from.
struct Served<'a> {
    host: &'a dyn Host,
    resolver: CredentialResolver<'a>,
    latest: Option<Credentials>,
}

impl Served<'_> {
    async fn page(&mut self) -> Page {
        match self.body().await {
            Ok(body) => Page::json(body.expose()),
            Err(error) => Page::plain(StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
        }
    }

    /// Returns the credentials as they are served; new ones where less than five minutes are left, or nobody knows how
    /// much. Those that are still good serve where new ones cannot be had.
    async fn body(&mut self) -> Result<Secret> {
        let obtained = match self.latest.take() {
            Some(latest) if self.lasts(&latest, MARGIN) => latest,
            Some(latest) if self.lasts(&latest, 0) => self.resolver.resolve().await.unwrap_or(latest),
            _ => self.resolver.resolve().await?,
        };
        uri::write(self.latest.insert(obtained), "--serve")
    }

    fn lasts(&self, credentials: &Credentials, seconds: i64) -> bool {
        let Credentials::AccessKey(key) = credentials else { return false };
        key.expiration.is_some_and(|end| end.saturating_sub(self.host.now()) > seconds)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;
    use crate::config::profile::Profile;
    use crate::config::store::ConfigStore;
    use crate::host::FakeHost;
    use crate::testing;

    /// A host whose clock jumps, as that of a laptop does whose lid was closed.
    struct Jumping(FakeHost, AtomicI64);

    impl Host for Jumping {
        fn var(&self, name: &str) -> Option<String> {
            self.0.var(name)
        }
        fn home(&self) -> Result<PathBuf> {
            self.0.home()
        }
        fn now(&self) -> i64 {
            self.1.load(Ordering::Relaxed)
        }
    }

    /// Serves a profile whose credentials are good for an hour, and returns what each of these times finds: the number
    /// of the credentials, or the status.
    fn at_times(times: &[i64], fails_from: usize) -> Vec<String> {
        let home = tempfile::tempdir().unwrap();
        let host = Jumping(FakeHost::new().with_home(home.path()), AtomicI64::new(0));
        let count = AtomicI64::new(0);
        let source = testing::Server::start(move |_| {
            let number = count.fetch_add(1, Ordering::Relaxed);
            if usize::try_from(number).unwrap() >= fails_from {
                return (403, r#"{"Code":"Gone"}"#.to_owned());
            }
            let end = jiff::Timestamp::from_second((number + 1) * 3600).unwrap();
            (
                200,
                format!(
                    r#"{{"Code":"Success","AccessKeyId":"STS.{number}","AccessKeySecret":"s","SecurityToken":"t","Expiration":"{end}"}}"#
                ),
            )
        });
        let store = ConfigStore::open(&host).unwrap();
        let mut profile = Profile::new("p");
        profile.set_text(Field::Mode, "CredentialsURI");
        profile.set_text(Field::CredentialsUri, &source.address);
        store
            .update(|config| {
                config.put(profile);
                config.switch("p")
            })
            .unwrap();
        let resolver = CredentialResolver::new(&host, store);
        let mut served = Served { host: &host, resolver, latest: None };
        testing::block_on(async {
            let mut found = Vec::new();
            for time in times {
                host.1.store(*time, Ordering::Relaxed);
                let page = served.page().await;
                let id = page.text.split('"').find(|word| word.starts_with("STS.")).map(str::to_owned);
                found.push(id.unwrap_or_else(|| page.status.as_u16().to_string()));
            }
            found
        })
    }

    #[test]
    fn credentials_are_replaced_five_minutes_before_their_end_and_after_any_sleep() {
        assert_eq!(at_times(&[0, 3299, 3300], 9), ["STS.0", "STS.0", "STS.1"]);
        assert_eq!(at_times(&[0, 3500, 3500, 7000], 9), ["STS.0", "STS.1", "STS.1", "STS.2"]);
    }

    #[test]
    fn where_new_ones_cannot_be_had_the_old_ones_serve_to_their_end() {
        assert_eq!(at_times(&[0, 3400, 3599, 3600, 90_000], 1), ["STS.0", "STS.0", "STS.0", "503", "503"]);
    }

    #[test]
    fn a_proxy_is_not_asked_for_an_address_on_this_machine() {
        let names = |host: FakeHost| -> Vec<_> {
            let variables = environment(&"http://127.0.0.1:1/x".into(), "", Some("p"), &host);
            let of_proxies = variables.into_iter().filter(|(name, _)| NO_PROXIES.contains(&name.as_str()));
            of_proxies.map(|(_, value)| value.unwrap().expose().to_owned()).collect()
        };
        assert!(names(FakeHost::new()).is_empty());
        let host = FakeHost::new().with_var("http_proxy", "http://proxy").with_var("NO_PROXY", "a.example");
        assert_eq!(names(host), ["a.example,127.0.0.1", "127.0.0.1"]);
    }
}
