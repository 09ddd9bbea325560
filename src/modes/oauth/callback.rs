//! The page that ends a login: a listener on the loopback address, for a few minutes (wire, section 7.3).

use std::future::pending;
use std::io;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use url::Url;
use zeroize::Zeroizing;

use crate::error::{Error, Result, ServiceError};
use crate::race::first;
use crate::secret::{Secret, SecretBuffer};

/// The ports that are registered with the servers.
pub(super) const PORTS: RangeInclusive<u16> = 12345..=12349;
const PATH: &str = "/cli/callback";
/// The longest request that is read, in bytes.
const REQUEST_LIMIT: usize = 16 << 10;
/// The time that a connection has to send its request, and again to read the response.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);
/// How many connections are open at the most; browsers open some that they don't use.
const CONNECTIONS: usize = 64;

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
        if value("state").as_deref() != Some(state.expose()) {
            return Self::Stray;
        }
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

    /// Answers requests until one of them ends the login, and returns its code.
    pub(super) async fn code(self, state: &Secret) -> Result<Secret> {
        let state = Arc::new(state.clone());
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
                Event::Came(Some(stream)) => drop(open.spawn(serve(stream, Arc::clone(&state)))),
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
async fn serve(mut stream: TcpStream, state: Arc<Secret>) -> SignInResult {
    let Ok(Some(request)) = timeout(CONNECTION_TIMEOUT, read_request(&mut stream)).await else {
        return SignInResult::Stray;
    };
    let Some(target) = target(&request) else {
        return SignInResult::Stray;
    };
    let (sign_in, status, text) = respond(&target, &state);
    let length = text.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
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

/// Returns what a request means, and the status and text of the response.
pub(super) fn respond(target: &Secret, state: &Secret) -> (SignInResult, &'static str, String) {
    const NOT_FOUND: &str = "404 Not Found";
    const REFUSED: &str = "400 Bad Request";
    let address = Url::parse("http://127.0.0.1").and_then(|base| base.join(target.expose()));
    let Some(address) = address.ok().filter(|address| address.path() == PATH) else {
        return (SignInResult::Stray, NOT_FOUND, "404 page not found\n".to_owned());
    };
    let sign_in = SignInResult::of(&address, state);
    let (status, text) = match &sign_in {
        SignInResult::Agreed(_) => {
            ("200 OK", "Authorization successful. You can close this window.".to_owned())
        }
        SignInResult::Refused(why) => {
            (REFUSED, format!("Authorization failed: {why}. You can close this window."))
        }
        SignInResult::Stray => (REFUSED, "Invalid state\n".to_owned()),
    };
    (sign_in, status, text)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net;
    use std::thread;

    use super::*;
    use crate::testing::block_on;

    const STATE: &str = "state123";

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
                let code = callback.code(&STATE.into()).await.map_err(|error| error.to_string());
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
