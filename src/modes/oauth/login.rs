//! A login in the browser, with an authorization code (wire, section 7.2).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use url::Url;

use super::api::{self, Grant, Tokens};
use super::callback::{Callback, Login, PORTS, SignInResult};
use super::log_in_command;
use super::site::Site;
use crate::error::{Error, Result};
use crate::host::{Host, Stream};
use crate::language::Language;
use crate::modes::pkce::{Pkce, random_text};
use crate::modes::{Dialogue, browser};
use crate::prompt::Prompt;
use crate::race::first;
use crate::secret::Secret;
use crate::texts::{LOGIN_TIMEOUT, NOT_THE_ADDRESS, OAUTH_IN_BROWSER};

const STATE_LENGTH: usize = 16;
const VERIFIER_LENGTH: usize = 128;
/// How long a login may take.
const LIFETIME: Duration = Duration::from_secs(5 * 60);
/// How often to look whether an address was pasted.
const PASTE_POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Sends the user to the sign-in page, waits for the browser to come back, and redeems the code it brings.
pub(super) async fn log_in(dialogue: &mut Dialogue<'_>, site: &Site) -> Result<Tokens> {
    let callback = Callback::listen(PORTS).await?;
    let pkce = Pkce::new(dialogue.host, VERIFIER_LENGTH)?;
    let state = random_text(dialogue.host, STATE_LENGTH)?;
    let word = random_text(dialogue.host, STATE_LENGTH)?.expose().to_owned();
    let redirect_uri = callback.address();
    let url = sign_in_url(site, &redirect_uri, &state, &pkce)?;
    let start = callback.start(&word)?;
    let login = Arc::new(Login::new(state, word, url.clone(), dialogue.language));
    send_to_browser(dialogue, &start, &url)?;
    let Dialogue { host, http, language, .. } = *dialogue;
    let pasted = pasted(host, &mut *dialogue.prompt, login.state(), language);
    let code = match timeout(LIFETIME, first(callback.code(&login), pasted)).await {
        Ok(code) => code?,
        Err(_) => {
            let text = LOGIN_TIMEOUT.in_language(language).to_owned();
            return Err(Error::NotLoggedIn { command: log_in_command(dialogue.profile), text });
        }
    };
    let grant = Grant { code: &code, verifier: &pkce.verifier, redirect_uri: &redirect_uri };
    api::redeem(http, site, &grant, host.now()).await
}

fn sign_in_url(site: &Site, redirect_uri: &str, state: &Secret, pkce: &Pkce) -> Result<Url> {
    let parameters = [
        ("response_type", "code"),
        ("client_id", site.client_id),
        ("redirect_uri", redirect_uri),
        ("state", state.expose()),
        ("code_challenge", &pkce.challenge),
        ("code_challenge_method", Pkce::METHOD),
    ];
    let url = Url::parse_with_params(&format!("{}/oauth2/v1/auth", site.sign_in), parameters);
    url.map_err(|_| Error::invalid("the site of the login has no address"))
}

/// Shows the sign-in page, and starts the browser with an address that leads there.
fn send_to_browser(dialogue: &mut Dialogue<'_>, start: &Url, url: &Url) -> Result<()> {
    let introduction = "Please open the following URL in your browser to authorize:";
    dialogue.prompt.say(&format!("{introduction}\n{url}\n"))?;
    browser::start(dialogue, start, url)?;
    browser::show(dialogue, url.as_str())?;
    dialogue.prompt.say(&format!("\n{}\n", OAUTH_IN_BROWSER.in_language(dialogue.language)))?;
    let pasting = dialogue.prompt.hears_unasked();
    browser::tell_waiting(dialogue, pasting)
}

/// Waits for somebody to paste the address at which the browser ended, since a browser on another machine cannot
/// reach the callback.
async fn pasted(
    host: &dyn Host,
    prompt: &mut dyn Prompt,
    state: &Secret,
    language: Language,
) -> Result<Secret> {
    loop {
        match prompt.unasked() {
            Ok(Some(line)) if !line.is_empty() => {
                let sign_in = address_in(&line).map(|address| SignInResult::of(&address, state));
                if let Some(outcome) = sign_in.and_then(SignInResult::outcome) {
                    return outcome;
                }
                host.write(Stream::Stderr, &format!("{}\n", NOT_THE_ADDRESS.in_language(language)))?;
            }
            Ok(_) => {}
            // No more input comes, but the browser may still come back.
            Err(Error::InputEnded(_)) => std::future::pending().await,
            Err(error) => return Err(error),
        }
        sleep(PASTE_POLL_INTERVAL).await;
    }
}

/// Finds an address in a line, with or without quotes and words around it.
fn address_in(line: &Secret) -> Option<Url> {
    let text = line.expose();
    let from = ["http://", "https://"].iter().filter_map(|scheme| text.find(scheme)).min()?;
    let rest = text.get(from..)?;
    let end =
        rest.find(|character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '<' | '>'));
    Url::parse(rest.get(..end.unwrap_or(rest.len()))?).ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::thread;

    use super::*;
    use crate::config::profile::Profile;
    use crate::host::FakeHost;
    use crate::http::Client;
    #[cfg(unix)]
    use crate::prompt::Terminal;
    use crate::prompt::{Lines, Query};
    use crate::testing::{Server, block_on};

    fn get(url: &Url) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).unwrap();
        let (path, query) = (url.path(), url.query().unwrap());
        write!(stream, "GET {path}?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Does what a browser does whose user agrees: goes to the sign-in page, and from there back to the program.
    fn agree(host: &FakeHost) -> String {
        let start = loop {
            match host.opened().pop() {
                Some(start) => break Url::parse(&start).unwrap(),
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        assert!(!start.as_str().contains("state") && !start.as_str().contains("challenge"), "{start}");
        let answer = get(&start);
        let page = answer.lines().find_map(|line| line.strip_prefix("Location: ")).unwrap();
        let page = Url::parse(page).unwrap();
        let value = |name: &str| page.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        let back = Url::parse(&value("redirect_uri")).unwrap();
        get(&Url::parse_with_params(back.as_str(), [("code", "the-code"), ("state", &value("state"))])
            .unwrap());
        value("code_challenge")
    }

    #[test]
    fn a_login_redeems_the_code_that_the_browser_brings() {
        let server = Server::start(|_| (200, r#"{"access_token":"a","refresh_token":"r"}"#.to_owned()));
        let site = Site::at(&server.address);
        let host = FakeHost::new().with_input("left for the next question\n");
        let (http, mut profile) = (Client::new(&host, false), Profile::new("p"));
        let mut lines = Lines::new(&host).unwrap();
        let challenge = thread::scope(|scope| {
            let browser = scope.spawn(|| agree(&host));
            let (prompt, language) = (&mut lines, Language::English);
            let mut dialogue = Dialogue { host: &host, prompt, http: &http, profile: &mut profile, language };
            block_on(log_in(&mut dialogue, &site)).unwrap();
            browser.join().unwrap()
        });
        let body = server.asked()[0].body.clone();
        let form: Vec<_> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let value = |name: &str| form.iter().find(|(key, _)| key == name).unwrap().1.as_str();
        assert_eq!((value("grant_type"), value("code")), ("authorization_code", "the-code"));
        assert_eq!(value("code_verifier").len(), 128);
        assert_eq!(Pkce::of(value("code_verifier").into()).challenge, challenge);
        assert_eq!(lines.ask(&Query::new("")).unwrap().expose(), "left for the next question");
    }

    #[cfg(unix)]
    fn paste(input: &str) -> (Option<std::result::Result<Secret, String>>, String) {
        let host = FakeHost::new().with_input(input);
        let mut terminal = Terminal::new(&host).unwrap();
        let state = "s1".into();
        let pasted = pasted(&host, &mut terminal, &state, Language::English);
        let outcome = block_on(async { timeout(Duration::from_secs(1), pasted).await.ok() });
        (outcome.map(|code| code.map_err(|error| error.to_string())), host.written(Stream::Stderr))
    }

    #[test]
    fn the_sign_in_address_is_as_the_servers_expect_it() {
        let host = FakeHost::new();
        let site = Site::meant_by("CN").unwrap();
        let pkce = Pkce { verifier: "v".into(), challenge: "ch".to_owned() };
        let url = sign_in_url(site, "http://127.0.0.1:12345/cli/callback", &"st".into(), &pkce).unwrap();
        assert_eq!(
            url.as_str(),
            "https://signin.aliyun.com/oauth2/v1/auth?response_type=code&client_id=4038181954557748008&redirect_uri=http%3A%2F%2F127.0.0.1%3A12345%2Fcli%2Fcallback&state=st&code_challenge=ch&code_challenge_method=S256"
        );
        assert!(host.opened().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_pasted_address_serves_once_its_state_is_right() {
        let (code, told) = paste(
            "hello\nhttp://127.0.0.1:12345/cli/callback?code=x&state=other\n\n \"http://127.0.0.1:12345/cli/callback?code=c&state=s1\" \n",
        );
        assert_eq!(code, Some(Ok("c".into())));
        assert_eq!(told.matches(NOT_THE_ADDRESS.en).count(), 2);
        assert!(!told.contains("code=x"), "{told}");
    }

    #[cfg(unix)]
    #[test]
    fn a_pasted_refusal_ends_the_login_and_the_end_of_the_input_does_not() {
        let refusal = "http://127.0.0.1:12345/cli/callback?error=access_denied&state=s1\n";
        assert_eq!(paste(refusal).0, Some(Err("authorization failed: access_denied".to_owned())));
        assert_eq!(paste("").0, None);
    }

    #[test]
    fn an_address_is_found_between_words() {
        let found = |line: &str| address_in(&line.into()).map(String::from);
        assert_eq!(found("see <https://a.example/?b=c> there").as_deref(), Some("https://a.example/?b=c"));
        assert_eq!(found("no address"), None);
    }
}
