//! What the cloud answers when a test does not say otherwise.

use std::io;

use hyper::StatusCode;

use crate::{ims, json::Json, keys::Keys, request::Request};

/// The address of the instance metadata service, which is also its name in `Host` headers.
pub const METADATA_HOST: &str = "100.100.100.200";

const REQUEST_ID: &str = "0E5B6F4D-0000-4000-8000-000000000000";
const FUTURE: &str = "2099-01-01T00:00:00Z";
const ROLES: &str = "/latest/meta-data/ram/security-credentials";

/// An answer as it goes onto the wire.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
}

impl Reply {
    /// A string is sent as it is, anything else as JSON; both say that they are JSON.
    pub(crate) fn new(status: StatusCode, body: &Json) -> io::Result<Self> {
        Ok(Self {
            status,
            content_type: "application/json; charset=utf-8",
            body: match body {
                Json::Text(text) => text.clone(),
                json => json.to_line()?,
            },
        })
    }

    fn text(body: &str) -> Self {
        Self { status: StatusCode::OK, content_type: "text/plain", body: body.to_owned() }
    }
}

/// Why a signed request is not answered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    UnknownKey,
    InactiveKey,
    WrongSignature,
}

/// Refuses a signed request.
pub(crate) fn refuse(host: &str, refusal: Refusal) -> io::Result<Reply> {
    let (status, code, message) = match refusal {
        Refusal::UnknownKey => {
            (StatusCode::NOT_FOUND, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        }
        Refusal::InactiveKey => {
            (StatusCode::FORBIDDEN, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.")
        }
        Refusal::WrongSignature => (
            StatusCode::BAD_REQUEST,
            "SignatureDoesNotMatch",
            "Specified signature is not matched with our calculation.",
        ),
    };
    let body = Json::object([
        ("RequestId", "11111111-2222-3333-4444-555555555555".into()),
        ("HostId", host.into()),
        ("Code", code.into()),
        ("Message", message.into()),
        ("Recommend", "https://api.example/troubleshoot".into()),
    ]);
    Reply::new(status, &body)
}

/// What the cloud's own answers of one test depend on and change.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) keys: Keys,
    /// How often a device's authorization was asked for.
    polls: u32,
}

impl Memory {
    pub(crate) fn new(keys: Keys) -> Self {
        Self { keys, polls: 0 }
    }
}

/// Returns the cloud's own answer.
pub(crate) fn route(request: &Request, at_metadata: bool, memory: &mut Memory) -> io::Result<Reply> {
    let (host, path) = (request.host.as_str(), request.path.as_str());
    let found = match host {
        _ if at_metadata || host == METADATA_HOST => return metadata(host, path),
        _ if host.starts_with("sts") => sts(request),
        ims::HOST => match ims::answer(request, &mut memory.keys) {
            Some((status, members)) => {
                let id = [("RequestId", Json::from(REQUEST_ID))];
                return Reply::new(status, &Json::object(id.into_iter().chain(members)));
            }
            None => None,
        },
        _ if host.starts_with("oauth.") => oauth(&request.method, path),
        _ if host.starts_with("signin-") && path == "/token" => return device_token(&mut memory.polls),
        _ if host.starts_with("signin-") => sign_in(host, path),
        _ => None,
    };
    let found = found.or_else(|| credentials_uri(path));
    found.map_or_else(|| not_found(host, path), |body| Reply::new(StatusCode::OK, &body))
}

fn not_found(host: &str, path: &str) -> io::Result<Reply> {
    let body = Json::object([
        ("Code", "NotFound".into()),
        ("Message", format!("no such thing: {host}{path}").into()),
    ]);
    Reply::new(StatusCode::NOT_FOUND, &body)
}

/// A credential triple that only this cloud hands out; its secret can be derived from its id.
fn issued(name: &str) -> [(&'static str, Json); 4] {
    [
        ("AccessKeyId", format!("STS.{name}").into()),
        ("AccessKeySecret", format!("secret-of-STS.{name}").into()),
        ("SecurityToken", format!("token-of-STS.{name}").into()),
        ("Expiration", FUTURE.into()),
    ]
}

fn sts(request: &Request) -> Option<Json> {
    let session = request.params.get("RoleSessionName").map_or("", String::as_str);
    match request.action()? {
        "GetCallerIdentity" => Some(Json::object([
            ("RequestId", REQUEST_ID.into()),
            ("IdentityType", "RAMUser".into()),
            ("AccountId", "1234567890123456".into()),
            ("PrincipalId", "216000000000000000".into()),
            ("UserId", "216000000000000000".into()),
            ("Arn", "acs:ram::1234567890123456:user/tester".into()),
        ])),
        "AssumeRole" => Some(assumed(&format!("assumed.{session}"))),
        "AssumeRoleWithOIDC" => Some(assumed("oidc")),
        "GenerateSessionAccessKey" => {
            let key = Json::object([
                ("SessionAccessKeyId", "STS.rsa".into()),
                ("SessionAccessKeySecret", "secret-of-STS.rsa".into()),
                ("Expiration", FUTURE.into()),
            ]);
            Some(Json::object([("RequestId", REQUEST_ID.into()), ("SessionAccessKey", key)]))
        }
        _ => None,
    }
}

fn assumed(name: &str) -> Json {
    let user = Json::object([("Arn", "acs:ram::1:role/r/s".into()), ("AssumedRoleId", "3:s".into())]);
    Json::object([
        ("RequestId", REQUEST_ID.into()),
        ("Credentials", Json::object(issued(name))),
        ("AssumedRoleUser", user),
    ])
}

fn oauth(method: &str, path: &str) -> Option<Json> {
    match path {
        "/v1/revoke" => (method == "POST").then(|| Json::object([])),
        "/v1/token" => Some(Json::object([
            ("access_token", "oauth-access-token-0123456789".into()),
            ("refresh_token", "oauth-refresh-token".into()),
            ("expires_in", 3600.into()),
            ("token_type", "Bearer".into()),
        ])),
        "/v1/exchange" => Some(Json::object([
            ("requestId", REQUEST_ID.into()),
            ("accessKeyId", "STS.oauth".into()),
            ("accessKeySecret", "secret-of-STS.oauth".into()),
            ("securityToken", "token-of-STS.oauth".into()),
            ("expiration", FUTURE.into()),
        ])),
        _ => None,
    }
}

/// The first poll finds the user still at the sign-in page.
fn device_token(polls: &mut u32) -> io::Result<Reply> {
    *polls += 1;
    if *polls == 1 {
        let body = Json::object([
            ("ErrorCode", "AuthorizationPending".into()),
            ("ErrorMessage", "pending".into()),
            ("RequestId", REQUEST_ID.into()),
        ]);
        return Reply::new(StatusCode::BAD_REQUEST, &body);
    }
    let body = Json::object([("AccessToken", "sso-access-token".into()), ("ExpiresIn", 3600.into())]);
    Reply::new(StatusCode::OK, &body)
}

fn sign_in(host: &str, path: &str) -> Option<Json> {
    match path {
        "/device-authorization" => Some(Json::object([
            ("DeviceCode", "device-code".into()),
            ("UserCode", "ABCD-EFGH".into()),
            ("Interval", 1.into()),
            ("ExpiresIn", 600.into()),
            ("VerificationUri", format!("https://{host}/device").into()),
            ("VerificationUriComplete", format!("https://{host}/device?code=ABCD-EFGH").into()),
        ])),
        "/access-assignments/accounts" => {
            Some(page("Accounts", ["AccountId", "DisplayName"], [["111", "dev"], ["222", "prod"]]))
        }
        "/access-assignments/access-configurations" => Some(page(
            "AccessConfigurationsForAccount",
            ["AccessConfigurationId", "AccessConfigurationName"],
            [["ac-1", "ReadOnly"], ["ac-2", "Admin"]],
        )),
        "/cloud-credentials" => Some(Json::object([
            ("RequestId", REQUEST_ID.into()),
            ("CloudCredential", Json::object(issued("sso"))),
        ])),
        _ => None,
    }
}

/// A last page of a listing, whose items have these keys and values.
fn page(name: &str, keys: [&str; 2], items: [[&str; 2]; 2]) -> Json {
    let item = |values: [&str; 2]| Json::object(keys.into_iter().zip(values.map(Json::from)));
    let items: Vec<_> = items.into_iter().map(item).collect();
    Json::object([(name, items.into()), ("IsTruncated", false.into())])
}

fn metadata(host: &str, path: &str) -> io::Result<Reply> {
    if path == "/latest/api/token" {
        return Ok(Reply::text("metadata-token"));
    }
    match path.strip_prefix(ROLES) {
        Some(role) if role.trim_end_matches('/').is_empty() => Ok(Reply::text("discovered-role")),
        Some(role) if role.starts_with('/') => {
            let name = role.rsplit('/').next().unwrap_or_default();
            Reply::new(StatusCode::OK, &succeeded(&format!("ecs.{name}")))
        }
        _ => match credentials_uri(path) {
            Some(body) => Reply::new(StatusCode::OK, &body),
            None => not_found(host, path),
        },
    }
}

fn credentials_uri(path: &str) -> Option<Json> {
    (path == "/credentials").then(|| succeeded("uri"))
}

fn succeeded(name: &str) -> Json {
    let code = [("Code", Json::from("Success"))];
    Json::object(code.into_iter().chain(issued(name)))
}
