//! Sessions: calls that turn one set of credentials into another.

use std::borrow::Cow;

use super::client::Client;
use super::endpoint::session_endpoint;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::AccessKey;
use crate::error::{Error, Result, ServiceError};
use crate::host::Host;
use crate::http;
use crate::http::secret_json::SecretJson;
use crate::secret::Secret;

/// The duration of a session where the profile sets none, in seconds.
const DEFAULT_DURATION: i64 = 3600;
/// The shortest duration of a session, in seconds.
const SHORTEST_DURATION: i64 = 900;

/// Assumes the role that a profile names, with an access key that is allowed to (wire, section 2.2).
///
/// # Errors
///
/// [`Error::InvalidInput`] where the profile names no role, [`Error::Rejected`] where the service refuses, and
/// [`Error::UnexpectedResponse`] where its response lacks something.
pub(crate) async fn assume_role(
    host: &dyn Host,
    http: &http::Client,
    profile: &Profile,
    access_key: &AccessKey,
) -> Result<AccessKey> {
    const FAILED: &str = "refresh RoleArn sts token err";
    let role = role_arn(host, profile)?;
    let duration = duration(profile)?.to_string();
    let name = session_name(host, profile);
    let mut form = vec![
        ("DurationSeconds", duration.as_str()),
        ("RoleArn", role.as_str()),
        ("RoleSessionName", name.as_str()),
    ];
    let external_id = profile.text(Field::ExternalId);
    if !external_id.is_empty() {
        form.push(("ExternalId", external_id));
    }
    let client = Client::new(host, http, session_endpoint(profile)?, access_key);
    let body = client.call("AssumeRole", &[], &form).await.map_err(|error| match error {
        Error::Rejected { service, .. } => refused("refresh session token failed", service),
        Error::UnexpectedResponse(why) => Error::unexpected(format!("{FAILED}, {why}")),
        other => other,
    })?;
    // Of a chain of roles only the root is named, as the service's statistics expect.
    let root = access_key.provider.rsplit('/').next().unwrap_or_default();
    let provider = Cow::Owned(format!("ram_role_arn/{root}"));
    read_session(host, read_json(&body, FAILED)?.get("Credentials"), FAILED, provider)
}

/// Returns the error of a refused session.
pub(crate) fn refused(what: &str, error: impl Into<Box<ServiceError>>) -> Error {
    let error = error.into();
    let ServiceError { status, code, message, request_id, .. } = &*error;
    Error::rejected(format!("{what}: HTTP {status} {code}: {message} (RequestId: {request_id})"), error)
}

/// Returns the error of a response with status 200 whose code says that something failed.
pub(crate) fn not_successful(what: &str, response: &SecretJson) -> Error {
    let service = ServiceError { code: response.shown("Code"), ..ServiceError::of_status(200) };
    Error::rejected(format!("{what}, Code is not Success"), service)
}

/// Returns the role that a profile names, else the environment's.
pub(crate) fn role_arn(host: &dyn Host, profile: &Profile) -> Result<String> {
    match profile.text(Field::RamRoleArn) {
        "" => host.var("ALIBABA_CLOUD_ROLE_ARN").ok_or_else(|| Error::invalid("the RoleArn is empty")),
        role => Ok(role.to_owned()),
    }
}

/// Returns the name of a session: the profile's, else the environment's, else one made of the time.
pub(crate) fn session_name(host: &dyn Host, profile: &Profile) -> String {
    match profile.text(Field::RamSessionName) {
        "" => host
            .var("ALIBABA_CLOUD_ROLE_SESSION_NAME")
            .unwrap_or_else(|| format!("aliyun-configure-{}", host.now())),
        name => name.to_owned(),
    }
}

fn duration(profile: &Profile) -> Result<i64> {
    match profile.integer(Field::ExpiredSeconds) {
        0 => Ok(DEFAULT_DURATION),
        seconds if seconds < SHORTEST_DURATION => {
            Err(Error::invalid("session duration should be in the range of 900s - max session duration"))
        }
        seconds => Ok(seconds),
    }
}

/// Parses the body of a response that holds a session.
pub(crate) fn read_json(body: &Secret, what: &str) -> Result<SecretJson> {
    SecretJson::parse(body).ok_or_else(|| Error::unexpected(format!("{what}, the answer is not JSON")))
}

/// Reads a session; one that is incomplete or expired is an error.
pub(crate) fn read_session(
    host: &dyn Host,
    session: &SecretJson,
    what: &str,
    provider: Cow<'static, str>,
) -> Result<AccessKey> {
    let access_key = read_endless(session, what, provider)?;
    match read_end(session, what)? {
        None => Err(lacks(what, "Expiration")),
        Some(end) if end <= host.now() => {
            Err(Error::unexpected(format!("{what}, the session is over already")))
        }
        end => Ok(AccessKey { expiration: end, ..access_key }),
    }
}

/// Reads a session without its expiration; one that is incomplete is an error.
pub(crate) fn read_endless(
    session: &SecretJson,
    what: &str,
    provider: Cow<'static, str>,
) -> Result<AccessKey> {
    read_access_key(session, provider, |name| lacks(what, name))
}

fn lacks(what: &str, name: &str) -> Error {
    Error::unexpected(format!("{what}, fail to get credentials: no {name}"))
}

/// Reads the access key of a session; `lacks` makes the error for a missing member.
pub(crate) fn read_access_key(
    session: &SecretJson,
    provider: Cow<'static, str>,
    lacks: impl Fn(&str) -> Error,
) -> Result<AccessKey> {
    let text = |name: &str| session.secret(name).ok_or_else(|| lacks(name));
    Ok(AccessKey {
        access_key_id: text("AccessKeyId")?.expose().to_owned(),
        access_key_secret: text("AccessKeySecret")?,
        security_token: Some(text("SecurityToken")?),
        // A time that cannot be read is as good as none, where no session is cached by it.
        expiration: expiration(session.text("Expiration"), "").ok(),
        provider,
    })
}

/// Reads the expiration of a session; `None` where it has none.
pub(crate) fn read_end(session: &SecretJson, what: &str) -> Result<Option<i64>> {
    match session.text("Expiration") {
        "" => Ok(None),
        text => expiration(text, what).map(Some),
    }
}

/// Parses a time in RFC 3339 form. The error does not quote the text: a malformed response may hold a secret there.
pub(crate) fn expiration(text: &str, what: &str) -> Result<i64> {
    let time: std::result::Result<jiff::Timestamp, _> = text.parse();
    time.map(jiff::Timestamp::as_second)
        .map_err(|_| Error::unexpected(format!("{what}, the expiration is no time in the form of RFC 3339")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_none_is_not_repeated() {
        let error = expiration("CAISexampletoken", "failed").unwrap_err();
        assert_eq!(error.to_string(), "failed, the expiration is no time in the form of RFC 3339");
    }
}
