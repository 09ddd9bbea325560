//! A server for programs of this machine: on 127.0.0.1 alone, a request at a time.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::http::uri::Authority;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::error::Result;
use crate::host::peer;
use crate::secret::Secret;

/// The longest request that is read, in bytes.
const REQUEST_LIMIT: usize = 16 << 10;
/// The time that a connection has to send its request, and again to read the response.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);
/// How many connections are open at the most.
const CONNECTIONS: usize = 256;
/// How many of them may be silent; browsers open some that they don't use.
const SILENT: usize = 64;

/// A server, until dropped.
#[derive(Debug)]
pub(crate) struct Server {
    port: u16,
    requests: mpsc::Receiver<Request>,
    _accepting: JoinSet<()>,
}

impl Server {
    /// Listens on the first of some ports that is free.
    pub(crate) async fn listen(ports: RangeInclusive<u16>) -> Result<Self> {
        for port in ports.clone() {
            let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await else {
                continue;
            };
            let port = listener.local_addr()?.port();
            let (sender, requests) = mpsc::channel(1);
            let mut accepting = JoinSet::new();
            accepting.spawn(accept(listener, sender));
            return Ok(Self { port, requests, _accepting: accepting });
        }
        let (from, to) = ports.into_inner();
        let text = format!("no available port found in range {from}-{to}");
        Err(io::Error::new(io::ErrorKind::AddrInUse, text).into())
    }

    /// Returns the address of a page.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Waits for the next request.
    pub(crate) async fn next(&mut self) -> Request {
        match self.requests.recv().await {
            Some(request) => request,
            // The runtime is shutting down.
            None => std::future::pending().await,
        }
    }
}

/// A GET request for this very machine, whatever name leads to it.
#[derive(Debug)]
pub(crate) struct Request {
    /// The path with the query.
    pub(crate) target: Secret,
    /// Whether a process of this user asks; `None` where the system does not tell.
    pub(crate) is_of_this_user: Option<bool>,
    response: oneshot::Sender<Page>,
    sent: Option<oneshot::Receiver<()>>,
}

impl Request {
    /// Responds, and waits until the response is on its way.
    pub(crate) async fn answer(self, page: Page) {
        let _ = self.response.send(page);
        if let Some(sent) = self.sent {
            // Whoever asked need not wait for the response.
            let _ = timeout(CONNECTION_TIMEOUT, sent).await;
        }
    }
}

/// A response.
#[derive(Debug)]
pub(crate) struct Page {
    /// The status.
    pub(crate) status: StatusCode,
    /// Where to go on.
    pub(crate) location: Option<String>,
    /// The type of the text.
    pub(crate) content_type: &'static str,
    /// The text.
    pub(crate) text: String,
}

impl Page {
    /// Returns a page of plain text.
    pub(crate) fn plain(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, location: None, content_type: "text/plain; charset=utf-8", text: text.into() }
    }

    /// Returns a page for a browser, which runs and fetches nothing.
    pub(crate) fn html(status: StatusCode, text: impl Into<String>) -> Self {
        Self { content_type: "text/html; charset=utf-8", ..Self::plain(status, text) }
    }

    /// Returns the page of a path that leads nowhere.
    pub(crate) fn not_found() -> Self {
        Self::plain(StatusCode::NOT_FOUND, "404 page not found\n")
    }

    /// Returns a page that leads to another one.
    pub(crate) fn found(location: impl Into<String>) -> Self {
        Self { location: Some(location.into()), ..Self::plain(StatusCode::FOUND, "") }
    }

    /// Returns a page of JSON.
    pub(crate) fn json(text: impl Into<String>) -> Self {
        Self { content_type: "application/json", ..Self::plain(StatusCode::OK, text) }
    }

    fn into_response(self) -> hyper::Response<String> {
        let mut response = hyper::Response::new(self.text);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if let Some(location) = self.location.and_then(|location| HeaderValue::try_from(location).ok()) {
            headers.insert(header::LOCATION, location);
        }
        for (name, value) in [
            (header::CONTENT_TYPE, self.content_type),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// Accepts connections until the server is dropped.
async fn accept(listener: TcpListener, requests: mpsc::Sender<Request>) {
    let mut open = JoinSet::new();
    let mut silent = VecDeque::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let has_asked = Arc::new(AtomicBool::new(false));
                let task = open.spawn(serve(stream, requests.clone(), has_asked.clone()));
                silent.push_back((task, has_asked));
            }
            // Such as too many open files, which passes.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
        while open.try_join_next().is_some() {}
        silent.retain(|(task, has_asked)| !task.is_finished() && !has_asked.load(Ordering::Relaxed));
        // Whoever opens connections and says nothing must not keep out those who ask.
        if silent.len() > SILENT {
            silent.pop_front().inspect(|(oldest, _)| oldest.abort());
        }
        if open.len() >= CONNECTIONS {
            open.join_next().await;
        }
    }
}

/// Serves one request of a connection.
async fn serve(stream: TcpStream, requests: mpsc::Sender<Request>, has_asked: Arc<AtomicBool>) {
    let is_of_this_user = is_of_this_user(&stream);
    let (sending, sent) = oneshot::channel::<()>();
    let sent = Mutex::new(Some(sent));
    let service = service_fn(|request: hyper::Request<Incoming>| {
        has_asked.store(true, Ordering::Relaxed);
        let (response, answer) = oneshot::channel();
        let target = request.uri().path_and_query().map(|target| Secret::new(target.as_str()));
        let sent = sent.lock().ok().and_then(|mut sent| sent.take());
        let is_served = request.method() == Method::GET && is_for_this_machine(&request);
        let request =
            target.filter(|_| is_served).map(|target| Request { target, is_of_this_user, response, sent });
        let requests = &requests;
        async move {
            if let Some(request) = request {
                let _ = requests.send(request).await;
            }
            Ok::<_, Infallible>(answer.await.unwrap_or_else(|_| Page::not_found()).into_response())
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(CONNECTION_TIMEOUT)
        .max_buf_size(REQUEST_LIMIT)
        .keep_alive(false)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service);
    // What went wrong is whoever asked's to notice.
    let _ = connection.await;
    drop(sending);
}

/// Tells whether a request names this machine as the one it is for: a page of another site that has got its own name to
/// lead here must not be served.
fn is_for_this_machine(request: &hyper::Request<Incoming>) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let named = hosts.next().and_then(|host| host.to_str().ok()).unwrap_or_default();
    let authority = request.uri().authority().map_or(named, Authority::as_str);
    hosts.next().is_none() && [named, authority].into_iter().all(is_this_machine)
}

/// Tells whether a host, with or without a port, is this machine.
fn is_this_machine(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let is_own = ["127.0.0.1", "localhost"].iter().any(|own| name.eq_ignore_ascii_case(own));
    is_own && port.bytes().all(|digit| digit.is_ascii_digit())
}

fn is_of_this_user(stream: &TcpStream) -> Option<bool> {
    match (stream.peer_addr(), stream.local_addr()) {
        (Ok(SocketAddr::V4(peer)), Ok(SocketAddr::V4(own))) => peer::is_of_this_user(peer, own),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net;
    use std::thread;

    use super::*;
    use crate::testing::block_on;

    fn connect(port: u16) -> net::TcpStream {
        net::TcpStream::connect(("127.0.0.1", port)).unwrap()
    }

    fn said(port: u16, text: &str) -> String {
        let mut stream = connect(port);
        stream.write_all(text.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }

    /// Runs a server that answers every request with its target until `/end`, and returns what `visit` makes of its port.
    fn with_server<T: Send>(visit: impl FnOnce(u16) -> T + Send) -> T {
        thread::scope(|scope| {
            block_on(async {
                let mut server = Server::listen(0..=0).await.unwrap();
                let port = server.port;
                let visitor = scope.spawn(move || {
                    let visited = visit(port);
                    said(port, "GET /end HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    visited
                });
                loop {
                    let request = server.next().await;
                    let target = request.target.expose().to_owned();
                    request.answer(Page::plain(StatusCode::OK, target.as_str())).await;
                    if target == "/end" {
                        return visitor.join().unwrap();
                    }
                }
            })
        })
    }

    fn status(response: &str) -> &str {
        response.split(' ').nth(1).unwrap_or_default()
    }

    #[test]
    fn a_page_is_for_this_machine_by_its_own_names_and_for_get_alone() {
        let statuses = with_server(|port| {
            [
                ("GET /a?b", format!("127.0.0.1:{port}")),
                ("GET /a", "LOCALHOST".to_owned()),
                ("GET /a", format!("rebound.example:{port}")),
                ("GET /a", "127.0.0.1.example".to_owned()),
                ("GET /a", String::new()),
                ("GET http://127.0.0.1/a", "rebound.example".to_owned()),
                ("GET http://rebound.example/a", "127.0.0.1".to_owned()),
                ("GET /a", "127.0.0.1:80.rebound.example".to_owned()),
                ("GET /a", "127.0.0.1\r\nHost: rebound.example".to_owned()),
                ("POST /a", "127.0.0.1".to_owned()),
                ("HEAD /a", "127.0.0.1".to_owned()),
            ]
            .map(|(line, host)| {
                let response = said(port, &format!("{line} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
                status(&response).to_owned()
            })
        });
        assert_eq!(statuses, ["200", "200", "404", "404", "404", "404", "404", "404", "404", "404", "404"]);
    }

    #[test]
    fn a_response_is_neither_kept_nor_guessed_at_and_ends_the_connection() {
        let response = with_server(|port| said(port, "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        for line in [
            "Content-Type: text/plain; charset=utf-8",
            "X-Content-Type-Options: nosniff",
            "Cache-Control: no-store",
            "Referrer-Policy: no-referrer",
            "Connection: close",
        ] {
            assert!(response.lines().any(|header| header.eq_ignore_ascii_case(line)), "{line}: {response}");
        }
        assert!(response.ends_with("\r\n\r\n/a"), "{response}");
    }

    #[test]
    fn connections_that_say_nothing_or_nonsense_do_not_block_others() {
        let (nonsense, good) = with_server(|port| {
            let silent: Vec<_> = (0..8).map(|_| connect(port)).collect();
            let nonsense = said(port, "nonsense\r\n\r\n");
            connect(port).write_all(b"GET /a").unwrap();
            let good = said(port, "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
            drop(silent);
            (nonsense, good)
        });
        assert_eq!((status(&nonsense), status(&good)), ("400", "200"));
    }

    #[test]
    fn connections_that_say_nothing_make_room_for_those_that_ask() {
        let (still_open, good) = with_server(|port| {
            let silent: Vec<_> = (0..2 * SILENT).map(|_| connect(port)).collect();
            let good = said(port, "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
            let is_open = |stream: &&net::TcpStream| {
                stream.set_nonblocking(true).unwrap();
                stream.peek(&mut [0]).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
            };
            (silent.iter().filter(is_open).count(), good)
        });
        assert_eq!((status(&good), still_open), ("200", SILENT - 1));
    }

    #[test]
    fn a_request_without_end_is_not_read_to_its_end() {
        let sent = with_server(|port| {
            let mut stream = connect(port);
            let line = [b'a'; 1 << 10];
            (0..100_000).take_while(|_| stream.write_all(&line).is_ok()).count()
        });
        assert!(sent < 100_000);
    }

    #[test]
    fn the_next_port_is_taken_where_one_is_in_use() {
        block_on(async {
            let first = Server::listen(0..=0).await.unwrap();
            let taken = first.port;
            let error = Server::listen(taken..=taken).await.unwrap_err();
            assert_eq!(error.to_string(), format!("no available port found in range {taken}-{taken}"));
            let second = Server::listen(taken..=taken.saturating_add(20)).await.unwrap();
            assert!(second.port > taken);
            assert_eq!(second.address("/a"), format!("http://127.0.0.1:{}/a", second.port));
        });
    }
}
