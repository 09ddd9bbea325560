//! A fake Alibaba Cloud for tests: every endpoint that `aliyun configure` and `aliyun sts ...` talk
//! to, on loopback addresses, over real sockets and real TLS.
//!
//! It answers, records each request in a comparable form, and verifies signatures (RPC HMAC-SHA1,
//! RPC SHA256withRSA, ACS3-HMAC-SHA256) against the keys it knows. A client reaches all its hosts
//! through its proxy listener, without a network namespace:
//!
//! ```
//! use fake_cloud::{Answer, FakeCloud, Listeners, Overrides};
//!
//! # fn main() -> std::io::Result<()> {
//! let cloud = FakeCloud::start(Listeners::proxy())?;
//! let denied = Overrides::none().answer("AssumeRole", Answer::status(403));
//! cloud.reset(denied, [("LTAI5tExampleKey0001", "exampleSecret0001")]);
//! let environment = [
//!     ("HTTPS_PROXY", cloud.proxy_url().unwrap_or_default()),
//!     ("SSL_CERT_FILE", cloud.ca_file().display().to_string()),
//! ];
//! // ... run the client with this environment, then look at what it asked for:
//! assert!(cloud.requests().is_empty());
//! # let _ = environment;
//! # Ok(())
//! # }
//! ```

mod answer;
mod ims;
mod json;
mod keys;
mod request;
mod routes;
mod scenario;
mod server;
mod signature;
mod state;
mod tls;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener as StdListener},
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
};

use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::{net::TcpListener, runtime, sync::oneshot};
use tokio_rustls::TlsAcceptor;

pub use answer::{Answer, Overrides};
pub use json::Json;
pub use routes::METADATA_HOST;
pub use scenario::Scenario;
pub use state::LoggedRequest;

use keys::Keys;
use routes::Memory;
use server::{Role, Server};
use state::{Shared, State};

/// The hosts of the cloud that clients reach over TLS.
pub const HOSTS: [&str; 15] = [
    "sts.aliyuncs.com",
    "sts.cn-hangzhou.aliyuncs.com",
    "sts.cn-beijing.aliyuncs.com",
    "sts.cn-shanghai.aliyuncs.com",
    "sts.ap-southeast-1.aliyuncs.com",
    "sts.us-west-1.aliyuncs.com",
    "sts-vpc.cn-hangzhou.aliyuncs.com",
    "sts-vpc.cn-beijing.aliyuncs.com",
    "ims.aliyuncs.com",
    "oauth.aliyun.com",
    "oauth.alibabacloud.com",
    "signin.aliyun.com",
    "signin.alibabacloud.com",
    "signin-cn-shanghai.alibabacloudsso.com",
    "signin-us-west-1.alibabacloudsso.com",
];

/// The addresses that a cloud listens on; port 0 stands for any free port.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listeners {
    /// Where all of [`HOSTS`] answer over TLS.
    pub tls: Option<SocketAddr>,
    /// Where the instance metadata service answers, whatever host the client names.
    pub metadata: Option<SocketAddr>,
    /// Where every host answers over plain HTTP, and `/credentials` serves a credentials URI.
    pub plain: Option<SocketAddr>,
    /// Where an HTTP proxy leads to every host over TLS (`CONNECT`) and over plain HTTP.
    pub proxy: Option<SocketAddr>,
}

impl Listeners {
    /// Lists the addresses of the real services, for a network namespace whose hosts file leads
    /// [`HOSTS`] to 127.0.0.1 and whose loopback interface has the address [`METADATA_HOST`].
    pub fn namespace() -> Self {
        Self {
            tls: Some((Ipv4Addr::LOCALHOST, 443).into()),
            metadata: Some((Ipv4Addr::new(100, 100, 100, 200), 80).into()),
            plain: Some((Ipv4Addr::LOCALHOST, 8765).into()),
            proxy: None,
        }
    }

    /// Lists free ports of 127.0.0.1 for everything.
    pub fn loopback() -> Self {
        let any = Some((Ipv4Addr::LOCALHOST, 0).into());
        Self { tls: any, metadata: any, plain: any, proxy: any }
    }

    /// Lists a proxy on a free port of 127.0.0.1 and nothing else.
    pub fn proxy() -> Self {
        Self { proxy: Self::loopback().proxy, ..Self::default() }
    }
}

/// A running cloud, which ends when it is dropped.
#[derive(Debug)]
pub struct FakeCloud {
    state: Shared,
    bound: Listeners,
    ca_file: NamedTempFile,
    ca_pem: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FakeCloud {
    /// Starts a cloud on these addresses, in a thread of its own.
    ///
    /// # Errors
    /// An address cannot be listened on, or the CA's temporary file cannot be written.
    pub fn start(listeners: Listeners) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let authority = Arc::new(tls::Authority::new()?);
        let ca_pem = authority.pem();
        let ca_file = tempfile::Builder::new().prefix("fake-cloud-").suffix(".pem").tempfile()?;
        std::fs::write(&ca_file, &ca_pem)?;
        let state = Shared::default();
        let server =
            Arc::new(Server { state: state.clone(), tls: TlsAcceptor::from(tls::server_config(authority)?) });
        let bound = {
            let _context = runtime.enter();
            listeners.open(&server)?
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::Builder::new().name("fake-cloud".to_owned()).spawn(move || {
            // An error says that the cloud is gone, which ends the thread just as well.
            let _ = runtime.block_on(stopped);
        })?;
        Ok(Self { state, bound, ca_file, ca_pem, stop: Some(stop), thread: Some(thread) })
    }

    /// Begins a new test: forgets the log, the registered keys and the earlier answers, and takes
    /// what the test says of it and its AccessKey secrets by id.
    pub fn reset<Id, Secret>(
        &self,
        scenario: impl Into<Scenario>,
        secrets: impl IntoIterator<Item = (Id, Secret)>,
    ) where
        Id: Into<String>,
        Secret: Into<String>,
    {
        let owned = |(id, secret): (Id, Secret)| (id.into(), secret.into());
        let Scenario { overrides, keys } = scenario.into();
        let keys = Keys::new(&keys, secrets.into_iter().map(owned).collect());
        *self.state.lock() = State { overrides, memory: Memory::new(keys), ..State::default() };
    }

    /// Makes RPC `SHA256withRSA` signatures of this key pair verifiable until the next reset; the
    /// key is a DER `RSAPublicKey` of PKCS #1, as `ring::rsa::KeyPair::public` gives it.
    pub fn register_rsa_key(&self, key_pair_name: &str, public_key_der: &[u8]) {
        self.state.lock().memory.keys.register_rsa(key_pair_name, public_key_der);
    }

    /// Returns the requests since the last reset in their comparable form: one form for both
    /// signing styles, without what differs between two runs.
    pub fn requests(&self) -> Vec<Value> {
        self.state.lock().log.iter().map(|request| request.json.clone()).collect()
    }

    /// Returns the requests since the last reset with how each came in.
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.state.lock().log.clone()
    }

    /// Returns how many tunnels the proxy has opened since the last reset, whatever went through them.
    pub fn tunnels(&self) -> usize {
        self.state.lock().tunnels
    }

    /// Returns the path of a PEM file with the cloud's certificate authority, for `SSL_CERT_FILE`;
    /// the file goes when the cloud does.
    pub fn ca_file(&self) -> &Path {
        self.ca_file.path()
    }

    /// Returns the certificate of the cloud's certificate authority as PEM.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Returns the addresses that the cloud listens on, with the ports it got.
    pub fn addresses(&self) -> Listeners {
        self.bound
    }

    /// Returns the proxy's URL, for `HTTPS_PROXY`, if there is a proxy.
    pub fn proxy_url(&self) -> Option<String> {
        self.bound.proxy.map(|address| format!("http://{address}"))
    }
}

impl Drop for FakeCloud {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread runs the tests' answers only; its panic would have been shown already.
            let _ = thread.join();
        }
    }
}

impl Listeners {
    /// Listens everywhere within the runtime entered, and returns the addresses it got.
    fn open(self, server: &Arc<Server>) -> io::Result<Self> {
        let open = |address: Option<SocketAddr>, role| {
            address.map(|address| open(server, address, role)).transpose()
        };
        Ok(Self {
            tls: open(self.tls, Role::Tls)?,
            metadata: open(self.metadata, Role::Metadata)?,
            plain: open(self.plain, Role::Plain)?,
            proxy: open(self.proxy, Role::Proxy)?,
        })
    }
}

fn open(server: &Arc<Server>, address: SocketAddr, role: Role) -> io::Result<SocketAddr> {
    let listener = StdListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let bound = listener.local_addr()?;
    tokio::spawn(server.clone().listen(TcpListener::from_std(listener)?, role));
    Ok(bound)
}
