//! The pages on this machine that begin and end a login: a listener of a few minutes on the loopback address
//! (wire, section 7.3).
//!
//! The address that a browser is started with is seen by every user of the machine. So it is one of these pages,
//! which leads to the sign-in page once, and to nobody else's browser. It names another page that takes the answer
//! of who reads the address and does not follow it, and again of nobody else.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hyper::StatusCode;
use url::Url;

use super::page;
use crate::error::{Error, Result, ServiceError};
use crate::http::server::{self, Server};
use crate::language::Language;
use crate::secret::Secret;

/// The ports that are registered with the servers.
pub(super) const PORTS: RangeInclusive<u16> = 12345..=12349;
const PATH: &str = "/cli/callback";
const START: &str = "/cli/sign-in";

/// What a listener knows of its login.
#[derive(Debug)]
pub(super) struct Login {
    state: Secret,
    /// What the pages are called that other users may know of.
    word: String,
    sign_in: Url,
    is_begun: AtomicBool,
    language: Language,
}

impl Login {
    /// Makes a login with this state, sign-in page, and word for the pages that other users may know of.
    pub(super) fn new(state: Secret, word: String, sign_in: Url, language: Language) -> Self {
        Self { state, word, sign_in, is_begun: AtomicBool::new(false), language }
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
pub(super) struct Callback(Server);

impl Callback {
    /// Listens on the first of some ports that is free, on 127.0.0.1 only.
    pub(super) async fn listen(ports: RangeInclusive<u16>) -> Result<Self> {
        Ok(Self(Server::listen(ports).await?))
    }

    /// Returns the address to which the sign-in page sends the browser back.
    pub(super) fn address(&self) -> String {
        self.0.address(PATH)
    }

    /// Returns the address to start a browser with: it leads to the sign-in page, and holds no secret.
    ///
    /// Whoever reads it finds where to come back to.
    pub(super) fn start(&self, word: &str) -> Result<Url> {
        let (page, back) = (self.0.address(&format!("{START}/{word}")), self.address());
        Url::parse_with_params(&page, [("redirect_uri", format!("{back}/{word}"))])
            .map_err(|_| Error::invalid("the page of the login has no address"))
    }

    /// Answers requests until one of them ends the login, and returns its code.
    pub(super) async fn code(mut self, login: &Arc<Login>) -> Result<Secret> {
        loop {
            let request = self.0.next().await;
            let user = request.is_of_this_user.map_or(User::Unknown, User::of);
            let Handled { sign_in, page } = respond(&request.target, login, user);
            request.answer(page).await;
            if let Some(outcome) = sign_in.outcome() {
                return outcome;
            }
        }
    }
}

/// Whose a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum User {
    This,
    Other,
    Unknown,
}

impl User {
    fn of(is_this_user: bool) -> Self {
        if is_this_user { Self::This } else { Self::Other }
    }
}

/// What a request means, and the response.
pub(super) struct Handled {
    pub(super) sign_in: SignInResult,
    pub(super) page: server::Page,
}

impl Handled {
    fn stray(page: server::Page) -> Self {
        Self { sign_in: SignInResult::Stray, page }
    }
}

/// Returns what a request means, and the response.
pub(super) fn respond(target: &Secret, login: &Login, user: User) -> Handled {
    let address = Url::parse("http://127.0.0.1").and_then(|base| base.join(target.expose()));
    let address = address.ok();
    match address.as_ref().map(|address| (address, address.path())) {
        Some((address, PATH)) => ended(SignInResult::of(address, login.state()), login.language),
        Some((address, path)) if login.is_page(path, PATH) && user == User::This => {
            let has_state = address.query_pairs().any(|(key, value)| key == "state" && !value.is_empty());
            let told = if has_state {
                SignInResult::of(address, login.state())
            } else {
                SignInResult::told(address)
            };
            ended(told, login.language)
        }
        Some((_, path)) if login.is_page(path, START) && user != User::Other => begun(login),
        _ => Handled::stray(server::Page::not_found()),
    }
}

/// Leads to the sign-in page, the first time.
fn begun(login: &Login) -> Handled {
    if login.is_begun.swap(true, Ordering::Relaxed) {
        let text = "This address was opened before. Open the one that the terminal shows.\n";
        return Handled::stray(server::Page::plain(StatusCode::GONE, text));
    }
    Handled::stray(server::Page::found(login.sign_in.as_str()))
}

fn ended(sign_in: SignInResult, language: Language) -> Handled {
    let page = match &sign_in {
        SignInResult::Agreed(_) => server::Page::html(StatusCode::OK, page::agreed(language)),
        SignInResult::Refused(why) => {
            server::Page::html(StatusCode::BAD_REQUEST, page::refused(language, why))
        }
        SignInResult::Stray => server::Page::plain(StatusCode::BAD_REQUEST, "Invalid state\n"),
    };
    Handled { sign_in, page }
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
        Arc::new(Login::new(STATE.into(), "word".to_owned(), page, Language::English))
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
                let port = Url::parse(&callback.address()).unwrap().port().unwrap();
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
        assert!(answers[4].ends_with(&format!("\r\n\r\n{}", page::agreed(Language::English))));
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
        let status = |target: &str, user| respond(&target.into(), &login, user).page.status.as_u16();
        for target in ["/cli/callback/word?code=x", "/cli/callback/word?error=e", "/cli/sign-in/word"] {
            assert_eq!(status(target, User::Other), 404, "{target}");
        }
        // Where nobody tells whose a request is, the first one may begin, and none may end without the state.
        assert_eq!(status("/cli/callback/word?code=x", User::Unknown), 404);
        assert_eq!(status("/cli/callback/word?code=x&state=state123", User::Unknown), 404);
        assert_eq!(status("/cli/callback?code=x&state=state123", User::Other), 200);
        assert_eq!(status("/cli/sign-in/word", User::Unknown), 302);
        assert_eq!(status("/cli/sign-in/word", User::Unknown), 410);
    }
}
