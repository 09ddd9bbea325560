//! A received request, and its entry in the log.

use std::collections::BTreeMap;

use bytes::Bytes;
use hyper::{HeaderMap, http::request::Parts};
use serde_json::{Map, Value, json};

/// Parameters of the RPC protocol itself, which the log expresses in other words or leaves out.
const PROTOCOL: [&str; 12] = [
    "Action",
    "Version",
    "Format",
    "RegionId",
    "AccessKeyId",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
];

const KEPT_HEADERS: [&str; 5] = [
    "x-acs-bearer-token",
    "x-acs-retry-attempts",
    "x-acs-retry-delay",
    "x-aliyun-ecs-metadata-token",
    "x-aliyun-ecs-metadata-token-ttl-seconds",
];

/// How a request came in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) proxied: bool,
    pub(crate) at_metadata: bool,
}

/// A request with its parameters decoded.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Bytes,
    /// Query and form together.
    pub(crate) params: BTreeMap<String, String>,
    json: Option<Value>,
}

impl Request {
    pub(crate) fn new(parts: &Parts, body: Bytes) -> Self {
        let headers = latin1(&parts.headers);
        let header = |name: &str| headers.get(name).map_or("", String::as_str);
        let host = header("host").split(':').next().unwrap_or_default().to_owned();
        let query = decode(parts.uri.query().unwrap_or_default().as_bytes());
        let mut params = query.clone();
        let mut json = None;
        if header("content-type").contains("x-www-form-urlencoded") {
            params.extend(decode(&body));
        } else if !body.is_empty() {
            let text = || Value::from(String::from_utf8_lossy(&body));
            json =
                Some(serde_json::from_slice(&body).unwrap_or_else(|_| text())).filter(|json| !json.is_null());
        }
        Self {
            method: parts.method.to_string(),
            host,
            path: parts.uri.path().to_owned(),
            query,
            headers,
            body,
            params,
            json,
        }
    }

    /// The header's value, empty when it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The API that is called, in either signing style.
    pub(crate) fn action(&self) -> Option<&str> {
        self.header_or_param("x-acs-action", "Action")
    }

    /// The AccessKey id in an ACS3 `Authorization` header.
    pub(crate) fn credential(&self) -> Option<&str> {
        let (_, rest) = self.header("authorization").split_once("Credential=")?;
        rest.split(',').next().filter(|id| !id.is_empty())
    }

    /// The AccessKey that the caller claims to have, in either signing style.
    pub(crate) fn access_key_id(&self) -> Option<&str> {
        self.credential().or_else(|| self.params.get("AccessKeyId").map(String::as_str))
    }

    /// The version of the API that is called, in either signing style.
    pub(crate) fn version(&self) -> Option<&str> {
        self.header_or_param("x-acs-version", "Version")
    }

    fn header_or_param(&self, header: &str, param: &str) -> Option<&str> {
        let param = || self.params.get(param).map(String::as_str);
        Some(self.header(header)).filter(|value| !value.is_empty()).or_else(param)
    }

    /// The request in its comparable form: one for both signing styles, saying what is asked, by
    /// whom, and whether the signature holds.
    pub(crate) fn entry(&self, signature: Option<&str>) -> Value {
        let mut entry = Map::new();
        let mut put = |key: &str, value: Value| entry.insert(key.to_owned(), value);
        put("host", json!(self.host));
        put("path", json!(self.path));
        let action = self.action().filter(|action| !action.is_empty());
        if let Some(action) = action {
            put("action", json!(action));
            put("version", json!(self.version()));
            put("access-key-id", json!(self.access_key_id()));
            put("token", json!(self.header_or_param("x-acs-security-token", "SecurityToken")));
            put("signature", json!(signature));
        } else {
            put("method", json!(self.method));
        }
        let mut rest = self.params.clone();
        rest.retain(|key, _| action.is_none() || !PROTOCOL.contains(&key.as_str()));
        if !rest.is_empty() {
            put("params", json!(rest));
        }
        if let Some(json) = &self.json {
            put("json", json.clone());
        }
        let kept = self.kept_headers();
        if !kept.is_empty() {
            put("headers", json!(kept));
        }
        put("user-agent", json!(self.header("user-agent")));
        Value::Object(entry)
    }

    fn kept_headers(&self) -> BTreeMap<&str, &str> {
        let kept = |name: &'static str| Some((name, self.headers.get(name)?.as_str()));
        let bearer = Some(("authorization", self.header("authorization")))
            .filter(|(_, value)| value.starts_with("Bearer "));
        KEPT_HEADERS.into_iter().filter_map(kept).chain(bearer).collect()
    }
}

fn decode(form: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(form).into_owned().collect()
}

fn latin1(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |raw: &[u8]| raw.iter().map(|byte| char::from(*byte)).collect();
    headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
}
