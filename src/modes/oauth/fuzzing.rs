//! What [`crate::fuzzing`] reaches of OAuth.

use super::api::{read_exchange, read_tokens};
use super::callback::{Handled, Login, SignInResult, User, respond};
use url::Url;

use crate::http::Response;
use crate::secret::Secret;

/// Reads a response with tokens and as one with a session, of a server that was sent this secret, and returns what
/// is said where it has neither.
pub fn oauth(status: u16, body: &str, secret: &str) -> Vec<String> {
    let (response, secret) =
        (Response { status, body: body.into(), ..Response::default() }, Secret::from(secret));
    let tokens = read_tokens(&response, "failed", &[&secret], i64::MAX - 1)
        .map(|tokens| drop(tokens.renewed_fields()));
    let session = read_exchange(&response, &secret).map(drop);
    [tokens, session].into_iter().filter_map(|read| read.err().map(|error| error.to_string())).collect()
}

/// Reads the target of a browser's request: returns the code where there is one for this login, and the text of the
/// response; `None` where the login has no page.
pub fn callback(target: &str, state: &str) -> Option<(Option<String>, String)> {
    let sign_in = Url::parse("https://sign-in.example").ok()?;
    let login = Login::new(state.into(), "word".to_owned(), sign_in, crate::language::Language::English);
    let Handled { sign_in, page } = respond(&target.into(), &login, User::Unknown);
    let code = match sign_in {
        SignInResult::Agreed(code) => Some(code.expose().to_owned()),
        _ => None,
    };
    Some((code, page.text))
}
