//! Calls for tokens and sessions (wire, section 2.7).

use url::Url;

use crate::config::field::{Field, Value};
use crate::credentials::AccessKey;
use crate::error::{Error, Result, ServiceError};
use crate::http::secret_json::SecretJson;
use crate::http::{self, Method, Request, Response};
use crate::modes::LOGIN_TIMEOUTS;
use crate::secret::Secret;
use crate::sts::session::{read_end, read_endless};
use crate::sts::sign::canonical_form;

use super::site::Site;

const EXCHANGE_FAILED: &str = "exchange failed";

/// The tokens of a login.
#[derive(Debug)]
pub(super) struct Tokens {
    access: Secret,
    /// Empty where the server issued none.
    refresh: Secret,
    /// When the access token expires, in seconds since 1970-01-01 UTC.
    expires: i64,
}

impl Tokens {
    /// Returns the token for sessions.
    pub(super) fn access(&self) -> &Secret {
        &self.access
    }

    /// Returns the fields of a new login.
    pub(super) fn fields(self) -> Vec<(Field, Value)> {
        vec![
            (Field::OauthAccessToken, Value::Secret(self.access)),
            (Field::OauthRefreshToken, Value::Secret(self.refresh)),
            (Field::OauthAccessTokenExpire, Value::Integer(self.expires)),
        ]
    }

    /// Returns the fields of a renewed login; without a new refresh token the old one stays valid.
    pub(super) fn renewed_fields(self) -> Vec<(Field, Value)> {
        let fields = self.fields().into_iter();
        fields.filter(|(field, value)| *field != Field::OauthRefreshToken || !value.is_empty()).collect()
    }
}

/// The code that a browser brought, and the proof that this program asked for it.
pub(super) struct Grant<'a> {
    pub(super) code: &'a Secret,
    pub(super) verifier: &'a Secret,
    pub(super) redirect_uri: &'a str,
}

/// Redeems a code.
pub(super) async fn redeem(http: &http::Client, site: &Site, grant: &Grant<'_>, now: i64) -> Result<Tokens> {
    let form = [
        ("client_id", site.client_id),
        ("code", grant.code.expose()),
        ("code_verifier", grant.verifier.expose()),
        ("grant_type", "authorization_code"),
        ("redirect_uri", grant.redirect_uri),
    ];
    let response = ask_for_tokens(http, site, &form).await?;
    read_tokens(&response, "failed to get token", &[grant.code, grant.verifier], now)
}

/// Gets new tokens for a refresh token.
pub(super) async fn refresh(http: &http::Client, site: &Site, token: &Secret, now: i64) -> Result<Tokens> {
    let form =
        [("client_id", site.client_id), ("grant_type", "refresh_token"), ("refresh_token", token.expose())];
    let response = ask_for_tokens(http, site, &form).await?;
    read_tokens(&response, "failed to refresh token", &[token], now)
}

/// Gets a session for an access token.
pub(super) async fn exchange(http: &http::Client, site: &Site, token: &Secret) -> Result<AccessKey> {
    let request = request(site, "/v1/exchange")?
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", token.expose()));
    read_exchange(&http.send(request).await?, token)
}

/// Makes a refresh token, and what came of it, worthless (RFC 7009).
#[cfg(feature = "cli")]
pub(super) async fn revoke(http: &http::Client, site: &Site, token: &Secret) -> Result<()> {
    let form = [("client_id", site.client_id), ("token", token.expose())];
    let response = post_form(http, site, "/v1/revoke", &form).await?;
    match response.status {
        200 => Ok(()),
        _ => read(&response, "failed to revoke token", &[token]).map(drop),
    }
}

/// Reads the session of a response.
pub(super) fn read_exchange(response: &Response, token: &Secret) -> Result<AccessKey> {
    let body = read(response, EXCHANGE_FAILED, &[token])?;
    let access_key = read_endless(&body, EXCHANGE_FAILED, "static_sts".into())?;
    Ok(AccessKey { expiration: read_end(&body, EXCHANGE_FAILED)?, ..access_key })
}

async fn ask_for_tokens(http: &http::Client, site: &Site, form: &[(&str, &str)]) -> Result<Response> {
    post_form(http, site, "/v1/token", form).await
}

async fn post_form(http: &http::Client, site: &Site, path: &str, form: &[(&str, &str)]) -> Result<Response> {
    let body = canonical_form(form);
    let request = Request { body, ..request(site, path)? };
    http.send(request.header("content-type", "application/x-www-form-urlencoded")).await
}

fn request(site: &Site, path: &str) -> Result<Request> {
    let url = Url::parse(&format!("{}{path}", site.tokens));
    let url = url.map_err(|_| Error::invalid("the site of the login has no address"))?;
    Ok(Request { timeouts: LOGIN_TIMEOUTS, ..Request::new(Method::Post, url) })
}

/// Reads the tokens of a response.
pub(super) fn read_tokens(
    response: &Response,
    failed: &str,
    secrets: &[&Secret],
    now: i64,
) -> Result<Tokens> {
    let body = read(response, failed, secrets)?;
    let access =
        body.secret("access_token").ok_or_else(|| Error::unexpected("access token not found in response"))?;
    let life = match body.get("expires_in") {
        SecretJson::Null => 0,
        life => life
            .whole()
            .ok_or_else(|| Error::unexpected(format!("{failed}: expires_in is no whole number")))?,
    };
    let refresh = body.secret("refresh_token").unwrap_or_default();
    Ok(Tokens { access, refresh, expires: now.saturating_add(life) })
}

/// Reads the body of a response, or says what the server had against the request.
fn read(response: &Response, failed: &str, secrets: &[&Secret]) -> Result<SecretJson> {
    let body = SecretJson::parse(&response.body).filter(SecretJson::is_object);
    if response.status == 200 {
        return body.ok_or_else(|| Error::unexpected(format!("{failed}: the answer is no JSON object")));
    }
    let body = body.unwrap_or_default();
    let first = |names: [&str; 3]| {
        names.into_iter().map(|name| body.shown(name)).find(|text| !text.is_empty()).unwrap_or_default()
    };
    let details = [
        first(["error", "code", "errorCode"]),
        first(["error_description", "message", "errorMessage"]),
        first(["request_id", "requestId", "request-id"]),
    ];
    let mut text = format!("{failed}, status code: {}", response.status);
    if details.iter().any(|detail| !detail.is_empty()) {
        text.push_str(&format!(", detail: {{{}}}", details.join(" ")));
    }
    let [code, message, request_id] = details;
    let service = ServiceError { code, message, request_id, ..ServiceError::of_status(response.status) };
    Err(Error::rejected(text, service).without(secrets.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;
    use crate::testing::{Server, block_on};

    /// Exchanges a token at a server with this response.
    fn exchanged(response: &'static str) -> (Result<AccessKey>, Server) {
        let server = Server::start(move |_| (200, response.to_owned()));
        let site = Site::at(&server.address);
        let http = http::Client::new(&FakeHost::new(), false);
        (block_on(exchange(&http, &site, &"at".into())), server)
    }

    #[test]
    fn a_session_is_given_for_the_access_token_alone() {
        let (access_key, server) = exchanged(
            r#"{"accessKeyId":"i","accessKeySecret":"s","securityToken":"t","expiration":"2099-01-01T08:00:00+08:00"}"#,
        );
        assert_eq!(access_key.unwrap().expiration, Some(4_070_908_800));
        let asked = &server.asked()[0];
        assert_eq!((asked.line.as_str(), asked.authorization.as_str()), ("POST /v1/exchange", "Bearer at"));
        assert_eq!(asked.body, "");
    }

    #[test]
    fn an_incomplete_session_is_an_error() {
        for response in [
            "{}",
            r#"{"accessKeyId":"i","accessKeySecret":"s"}"#,
            r#"{"accessKeyId":"i","accessKeySecret":"s","securityToken":"t","expiration":"soon"}"#,
        ] {
            let error = exchanged(response).0.unwrap_err().to_string();
            assert!(error.starts_with("exchange failed"), "{error}");
        }
    }

    fn response(status: u16, body: &str) -> Response {
        Response { status, body: body.into(), ..Response::default() }
    }

    fn tokens(body: &str) -> Result<Tokens> {
        read_tokens(&response(200, body), "failed", &[], 1000)
    }

    #[test]
    fn a_refusal_is_told_in_the_words_of_the_server_without_secrets() {
        let body = r#"{"error":"invalid_grant","error_description":"rt-1 is spent","requestId":"r"}"#;
        let error = read(&response(400, body), "failed to refresh token", &[&"rt-1".into()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "failed to refresh token, status code: 400, detail: {invalid_grant *** is spent r}"
        );
        let error = read(&response(502, "<html>"), "exchange failed", &[]).unwrap_err();
        assert_eq!(error.to_string(), "exchange failed, status code: 502");
    }

    #[test]
    fn an_answer_without_an_access_token_is_no_login() {
        assert_eq!(tokens("{}").unwrap_err().to_string(), "access token not found in response");
        assert!(tokens("<html>").is_err());
        assert!(tokens(r#"{"access_token":"a","expires_in":"60"}"#).is_err());
    }

    #[test]
    fn a_refresh_without_a_new_refresh_token_leaves_the_old_one_alone() {
        let names =
            |fields: Vec<(Field, Value)>| fields.into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        let all = [Field::OauthAccessToken, Field::OauthRefreshToken, Field::OauthAccessTokenExpire];
        let without = r#"{"access_token":"a","expires_in":60}"#;
        assert_eq!(names(tokens(without).unwrap().fields()), all);
        assert_eq!(names(tokens(without).unwrap().renewed_fields()), [all[0], all[2]]);
        let with = r#"{"access_token":"a","refresh_token":"r","expires_in":60}"#;
        assert_eq!(names(tokens(with).unwrap().renewed_fields()), all);
        assert_eq!(tokens(with).unwrap().expires, 1060);
    }
}
