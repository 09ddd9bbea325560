//! The pages on this machine that begin and end a login: a listener of a few minutes on the loopback address
//! (wire, section 7.3).
//!
//! The address that a browser is started with is seen by every user of the machine. So it is one of these pages,
//! which leads to the sign-in page once, and to nobody else's browser. It names another page that takes the answer
//! of who reads the address and does not follow it, and again of nobody else.

use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use url::Url;
use zeroize::Zeroizing;

use crate::error::{Error, Result, ServiceError};
use crate::host::peer;
use crate::race::first;
use crate::secret::{Secret, SecretBuffer};

/// The ports that are registered with the servers.
pub(super) const PORTS: RangeInclusive<u16> = 12345..=12349;
const PATH: &str = "/cli/callback";
const START: &str = "/cli/sign-in";
/// The longest request that is read, in bytes.
const REQUEST_LIMIT: usize = 16 << 10;
/// The time that a connection has to send its request, and again to read the response.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);
/// How many connections are open at the most; browsers open some that they don't use.
const CONNECTIONS: usize = 64;

/// What a listener knows of its login.
#[derive(Debug)]
pub(super) struct Login {
    state: Secret,
    /// What the pages are called that other users may know of.
    word: String,
    sign_in: Url,
    is_begun: AtomicBool,
}

impl Login {
    /// Makes a login with this state, sign-in page, and word for the pages that other users may know of.
    pub(super) fn new(state: Secret, word: String, sign_in: Url) -> Self {
        Self { state, word, sign_in, is_begun: AtomicBool::new(false) }
    }

    /// Returns the state.
    pub(super) fn state(&self) -> &Secret {
        &self.state
    }

    /// Tells whether a path is that of a page with the word of this login.
    fn is_page(&self, path: &str, page: &str) -> bool {
        path.strip_prefix(page).and_then(|rest| rest.strip_prefix('/')) == Some(self.word.as_str())
    }
}

/// What the sign-in page says by way of the callback address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SignInResult {
    /// The user agreed: here is the code.
    Agreed(Secret),
    /// The login failed, in the words of the server.
    Refused(String),
    /// It does not belong to this login.
    Stray,
}

impl SignInResult {
    /// Reads a callback address.
    pub(super) fn of(address: &Url, state: &Secret) -> Self {
        let value = |name: &str| address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        match value("state").as_deref() == Some(state.expose()) {
            true => Self::told(address),
            false => Self::Stray,
        }
    }

    /// Reads an address that is known to be meant for this login.
    fn told(address: &Url) -> Self {
        let value = |name: &str| address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        let shown = |name| {
            let text = value(name).unwrap_or_default();
            text.chars().filter(|character| !character.is_control()).take(500).collect::<String>()
        };
        match (shown("error"), shown("error_description"), value("code")) {
            (error, description, _) if !error.is_empty() && !description.is_empty() => {
                Self::Refused(format!("{error}: {description}"))
            }
            (error, ..) if !error.is_empty() => Self::Refused(error),
            (.., Some(code)) if !code.is_empty() => Self::Agreed(Secret::new(code)),
            _ => Self::Refused("code not found".to_owned()),
        }
    }

    /// Returns the code, or the error of a login that failed; `None` for a stray.
    pub(super) fn outcome(self) -> Option<Result<Secret>> {
        match self {
            Self::Agreed(code) => Some(Ok(code)),
            Self::Refused(why) => Some(Err(refused(why))),
            Self::Stray => None,
        }
    }
}

/// Returns the error of a login that the sign-in page refuses; it has no status.
fn refused(why: String) -> Error {
    let text = format!("authorization failed: {why}");
    Error::rejected(text, ServiceError { message: why, ..ServiceError::default() })
}

/// A listener for the browser.
#[derive(Debug)]
pub(super) struct Callback {
    listener: TcpListener,
    port: u16,
}

impl Callback {
    /// Listens on the first of some ports that is free, on 127.0.0.1 only.
    pub(super) async fn listen(ports: RangeInclusive<u16>) -> Result<Self> {
        for port in ports.clone() {
            let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await else {
                continue;
            };
            let port = listener.local_addr()?.port();
            return Ok(Self { listener, port });
        }
        let (from, to) = ports.into_inner();
        let text = format!("no available port found in range {from}-{to}");
        Err(io::Error::new(io::ErrorKind::AddrInUse, text).into())
    }

    /// Returns the address to which the sign-in page sends the browser back.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Returns the address to start a browser with: it leads to the sign-in page, and holds no secret.
    ///
    /// Whoever reads it finds where to come back to.
    pub(super) fn start(&self, word: &str) -> Result<Url> {
        let (page, back) = (format!("http://127.0.0.1:{}{START}/{word}", self.port), self.address());
        Url::parse_with_params(&page, [("redirect_uri", format!("{back}/{word}"))])
            .map_err(|_| Error::invalid("the page of the login has no address"))
    }

    /// Answers requests until one of them ends the login, and returns its code.
    pub(super) async fn code(self, login: &Arc<Login>) -> Result<Secret> {
        let mut open: JoinSet<SignInResult> = JoinSet::new();
        loop {
            let (is_idle, is_full) = (open.is_empty(), open.len() >= CONNECTIONS);
            let coming = async {
                match is_full {
                    true => pending().await,
                    false => Event::Came(self.listener.accept().await.ok().map(|(stream, _)| stream)),
                }
            };
            let going = async {
                match is_idle {
                    true => pending().await,
                    false => Event::Went(open.join_next().await.and_then(std::result::Result::ok)),
                }
            };
            match first(coming, going).await {
                Event::Came(Some(stream)) => drop(open.spawn(serve(stream, Arc::clone(login)))),
                // Such as too many open files, which passes.
                Event::Came(None) => sleep(Duration::from_millis(50)).await,
                Event::Went(sign_in) => {
                    if let Some(outcome) = sign_in.and_then(SignInResult::outcome) {
                        return outcome;
                    }
                }
            }
        }
    }
}

/// What happens to the connections of a listener.
enum Event {
    Came(Option<TcpStream>),
    Went(Option<SignInResult>),
}

/// Responds to one request, unless it is empty or too long.
async fn serve(mut stream: TcpStream, login: Arc<Login>) -> SignInResult {
    let user = user_of(&stream);
    let Ok(Some(request)) = timeout(CONNECTION_TIMEOUT, read_request(&mut stream)).await else {
        return SignInResult::Stray;
    };
    let Some(target) = target(&request) else {
        return SignInResult::Stray;
    };
    let Page { sign_in, status, location, text } = respond(&target, &login, user);
    let location = location.map(|url| format!("Location: {url}\r\n")).unwrap_or_default();
    let length = text.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\n{location}Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
    );
    let sending = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    };
    // The login goes on even if the browser does not wait for the response.
    let _ = timeout(CONNECTION_TIMEOUT, sending).await;
    sign_in
}

/// Reads a request up to the end of its headers.
async fn read_request(stream: &mut TcpStream) -> Option<SecretBuffer> {
    let mut request = SecretBuffer::default();
    let mut piece = Zeroizing::new([0; 1 << 10]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let length = stream.read(&mut *piece).await.ok()?;
        if length == 0 || request.len() > REQUEST_LIMIT {
            return None;
        }
        request.extend(piece.get(..length)?);
    }
    Some(request)
}

/// Returns the target of a request.
pub(super) fn target(request: &[u8]) -> Option<Secret> {
    let text = String::from_utf8_lossy(request);
    let mut words = text.lines().next()?.split(' ');
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some(_), Some(target), Some(version), None) if version.starts_with("HTTP/1.") => {
            Some(Secret::new(target))
        }
        _ => None,
    }
}

fn user_of(stream: &TcpStream) -> User {
    let ends = (stream.peer_addr(), stream.local_addr());
    let is_of_this_user = match ends {
        (Ok(SocketAddr::V4(peer)), Ok(SocketAddr::V4(own))) => peer::is_of_this_user(peer, own),
        _ => None,
    };
    match is_of_this_user {
        Some(true) => User::This,
        Some(false) => User::Other,
        None => User::Unknown,
    }
}

/// Whose a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum User {
    This,
    Other,
    Unknown,
}

/// What a request means, and the response.
pub(super) struct Page {
    pub(super) sign_in: SignInResult,
    status: &'static str,
    location: Option<Url>,
    pub(super) text: String,
}

impl Page {
    fn stray(status: &'static str, text: &str) -> Self {
        Self { sign_in: SignInResult::Stray, status, location: None, text: text.to_owned() }
    }
}

const NOT_FOUND: &str = "404 Not Found";
const REFUSED: &str = "400 Bad Request";

/// Returns what a request means, and the response.
pub(super) fn respond(target: &Secret, login: &Login, user: User) -> Page {
    let address = Url::parse("http://127.0.0.1").and_then(|base| base.join(target.expose()));
    let address = address.ok();
    match address.as_ref().map(|address| (address, address.path())) {
        Some((address, PATH)) => ended(SignInResult::of(address, login.state())),
        Some((address, path)) if login.is_page(path, PATH) && user == User::This => {
            let has_state = address.query_pairs().any(|(key, value)| key == "state" && !value.is_empty());
            let told = if has_state {
                SignInResult::of(address, login.state())
            } else {
                SignInResult::told(address)
            };
            ended(told)
        }
        Some((_, path)) if login.is_page(path, START) && user != User::Other => begun(login),
        _ => Page::stray(NOT_FOUND, "404 page not found\n"),
    }
}

/// Leads to the sign-in page, the first time.
fn begun(login: &Login) -> Page {
    if login.is_begun.swap(true, Ordering::Relaxed) {
        let text = "This address was opened before. Open the one that the terminal shows.\n";
        return Page::stray("410 Gone", text);
    }
    Page { location: Some(login.sign_in.clone()), ..Page::stray("302 Found", "") }
}

fn ended(sign_in: SignInResult) -> Page {
    let (status, text) = match &sign_in {
        SignInResult::Agreed(_) => {
            ("200 OK", "Authorization successful. You can close this window.".to_owned())
        }
        SignInResult::Refused(why) => {
            (REFUSED, format!("Authorization failed: {why}. You can close this window."))
        }
        SignInResult::Stray => (REFUSED, "Invalid state\n".to_owned()),
    };
    Page { sign_in, status, location: None, text }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net;
    use std::thread;

    use super::*;
    use crate::testing::block_on;

    const STATE: &str = "state123";

    fn login() -> Arc<Login> {
        let page = Url::parse("https://sign-in.example/auth?state=state123").unwrap();
        Arc::new(Login::new(STATE.into(), "word".to_owned(), page))
    }

    fn sign_in(query: &str) -> SignInResult {
        SignInResult::of(&Url::parse(&format!("http://127.0.0.1{PATH}?{query}")).unwrap(), &STATE.into())
    }

    #[test]
    fn only_an_address_with_the_right_state_says_anything() {
        assert_eq!(sign_in("code=c&state=state123"), SignInResult::Agreed("c".into()));
        for query in ["", "code=c", "code=c&state=", "code=c&state=forged", "error=access_denied&state=x"] {
            assert_eq!(sign_in(query), SignInResult::Stray, "{query}");
        }
    }

    #[test]
    fn a_refusal_is_told_as_the_server_worded_it() {
        let refused = |text: &str| SignInResult::Refused(text.to_owned());
        assert_eq!(sign_in("error=access_denied&state=state123"), refused("access_denied"));
        let described = "error=access_denied&error_description=The%20user%0Asaid+no&state=state123&code=c";
        assert_eq!(sign_in(described), refused("access_denied: The usersaid no"));
        assert_eq!(sign_in("state=state123"), refused("code not found"));
    }

    /// Runs a listener, and returns what it ends with and what `visit` makes of its port.
    fn with_listener<T: Send>(
        visit: impl FnOnce(u16) -> T + Send,
    ) -> (std::result::Result<Secret, String>, T) {
        thread::scope(|scope| {
            block_on(async {
                let callback = Callback::listen(0..=0).await.unwrap();
                let port = callback.port;
                let visitor = scope.spawn(move || visit(port));
                let code = callback.code(&login()).await.map_err(|error| error.to_string());
                (code, visitor.join().unwrap())
            })
        })
    }

    fn connect(port: u16) -> net::TcpStream {
        net::TcpStream::connect(("127.0.0.1", port)).unwrap()
    }

    fn request(port: u16, text: &str) -> String {
        let mut stream = connect(port);
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn get(port: u16, target: &str) -> String {
        request(port, &format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
    }

    #[test]
    fn strays_are_refused_and_do_not_end_the_login() {
        let (code, answers) = with_listener(|port| {
            [
                "/favicon.ico",
                "/cli/callback/?code=x&state=state123",
                "/cli/callback?code=forged&state=forged",
                "/cli/callback?error=access_denied&state=forged",
                "/cli/callback?code=the-code&state=state123",
            ]
            .map(|target| get(port, target))
        });
        assert_eq!(code, Ok("the-code".into()));
        assert!(
            answers[0].starts_with("HTTP/1.1 404 ") && answers[0].ends_with("\r\n\r\n404 page not found\n")
        );
        assert!(answers[1].starts_with("HTTP/1.1 404 "));
        assert!(answers[2].starts_with("HTTP/1.1 400 ") && answers[2].ends_with("\r\n\r\nInvalid state\n"));
        assert!(answers[3].starts_with("HTTP/1.1 400 "));
        assert!(answers[4].starts_with("HTTP/1.1 200 "));
        assert!(answers[4].ends_with("\r\n\r\nAuthorization successful. You can close this window."));
    }

    #[test]
    fn a_refusal_ends_the_login() {
        let (code, answer) =
            with_listener(|port| get(port, "/cli/callback?error=access_denied&state=state123"));
        assert_eq!(code, Err("authorization failed: access_denied".to_owned()));
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("access_denied"), "{answer}");
    }

    // Elsewhere nobody tells whose a request is.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_page_that_begins_a_login_leads_on_once_and_who_reads_its_address_may_come_back() {
        let (code, answers) = with_listener(|port| {
            [
                "/cli/sign-in/other",
                "/cli/sign-in",
                "/cli/sign-in/word?redirect_uri=x",
                "/cli/sign-in/word",
                "/cli/callback/other?code=x",
                "/cli/callback/word?code=x&state=forged",
                "/cli/callback/word?code=the-code&state=",
            ]
            .map(|target| get(port, target))
        });
        let of_page = ["404", "404", "302", "410", "404", "400", "200"];
        let statuses = answers.each_ref().map(|answer| answer.split(' ').nth(1).unwrap());
        assert_eq!(statuses, of_page);
        assert!(answers[2].contains("\r\nLocation: https://sign-in.example/auth?state=state123\r\n"));
        assert_eq!(code, Ok("the-code".into()));
    }

    #[test]
    fn other_users_who_know_the_address_of_a_browser_neither_begin_nor_end_a_login() {
        let login = login();
        let status = |target: &str, user| respond(&target.into(), &login, user).status;
        for target in ["/cli/callback/word?code=x", "/cli/callback/word?error=e", "/cli/sign-in/word"] {
            assert_eq!(status(target, User::Other), NOT_FOUND, "{target}");
        }
        // Where nobody tells whose a request is, the first one may begin, and none may end without the state.
        assert_eq!(status("/cli/callback/word?code=x", User::Unknown), NOT_FOUND);
        assert_eq!(status("/cli/callback/word?code=x&state=state123", User::Unknown), NOT_FOUND);
        assert_eq!(status("/cli/callback?code=x&state=state123", User::Other), "200 OK");
        assert_eq!(status("/cli/sign-in/word", User::Unknown), "302 Found");
        assert_eq!(status("/cli/sign-in/word", User::Unknown), "410 Gone");
    }

    #[test]
    fn connections_that_say_nothing_or_nonsense_do_not_block_the_browser() {
        let (code, _) = with_listener(|port| {
            let silent: Vec<_> = (0..8).map(|_| connect(port)).collect();
            assert_eq!(request(port, "nonsense\r\n\r\n"), "");
            assert_eq!(request(port, "GET / HTTP/1.1 more\r\n\r\n"), "");
            connect(port).write_all(b"GET /cli").unwrap();
            get(port, "/cli/callback?code=the-code&state=state123");
            drop(silent);
        });
        assert_eq!(code, Ok("the-code".into()));
    }

    #[test]
    fn a_request_without_end_is_not_read_to_its_end() {
        let (code, sent) = with_listener(|port| {
            let mut stream = connect(port);
            let line = [b'a'; 1 << 10];
            let sent = (0..100_000).take_while(|_| stream.write_all(&line).is_ok()).count();
            get(port, "/cli/callback?code=the-code&state=state123");
            sent
        });
        assert_eq!(code, Ok("the-code".into()));
        assert!(sent < 100_000);
    }

    #[test]
    fn the_next_port_is_taken_where_one_is_in_use() {
        block_on(async {
            let first = Callback::listen(0..=0).await.unwrap();
            let taken = first.port;
            let error = Callback::listen(taken..=taken).await.unwrap_err();
            assert_eq!(error.to_string(), format!("no available port found in range {taken}-{taken}"));
            let second = Callback::listen(taken..=taken.saturating_add(20)).await.unwrap();
            assert!(second.port > taken);
            assert!(first.listener.local_addr().unwrap().ip().is_loopback());
            assert_eq!(second.address(), format!("http://127.0.0.1:{}/cli/callback", second.port));
        });
    }
}
