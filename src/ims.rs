//! Calls to Identity Management (IMS) about the access keys of the user who calls (beyond, section 3).

use url::Url;

use crate::credentials::AccessKey;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::http;
use crate::http::secret_json::SecretJson;
use crate::secret::Secret;
use crate::sts::Client;

const ENDPOINT: &str = "https://ims.aliyuncs.com/";
const API_VERSION: &str = "2019-08-15";

/// An access key as the service lists it.
#[derive(Debug)]
pub(crate) struct ListedKey {
    /// The id of the key.
    pub(crate) id: String,
    /// `Active` or `Inactive`.
    pub(crate) status: String,
    /// When the key was created, in RFC 3339 form.
    pub(crate) created: String,
}

/// A client that calls as the user of one access key.
pub(crate) struct Ims<'a>(Client<'a>);

impl<'a> Ims<'a> {
    /// Makes a client with the default timeouts.
    ///
    /// # Errors
    ///
    /// Fails as parsing any address can; this one is constant.
    pub(crate) fn new(host: &'a dyn Host, http: &'a http::Client, access_key: &'a AccessKey) -> Result<Self> {
        let endpoint = Url::parse(ENDPOINT).map_err(|error| Error::invalid(error.to_string()))?;
        Ok(Self(Client::new(host, http, endpoint, access_key).with_version(API_VERSION)))
    }

    /// Lists the user's access keys.
    ///
    /// # Errors
    ///
    /// As [`Client::call`].
    pub(crate) async fn list(&self) -> Result<Vec<ListedKey>> {
        let response = read(&self.0.call("ListAccessKeys", &[], &[]).await?, "ListAccessKeys")?;
        let keys = response.get("AccessKeys").get("AccessKey").items();
        Ok(keys.iter().map(listed).collect())
    }

    /// Creates an access key for the user.
    ///
    /// # Errors
    ///
    /// As [`Client::call`]; [`Error::UnexpectedResponse`] where the response holds no key.
    pub(crate) async fn create(&self) -> Result<AccessKey> {
        let response = read(&self.0.call("CreateAccessKey", &[], &[]).await?, "CreateAccessKey")?;
        let key = response.get("AccessKey");
        let text = |name: &str| {
            key.secret(name)
                .ok_or_else(|| Error::unexpected(format!("CreateAccessKey answers without {name}")))
        };
        Ok(AccessKey {
            access_key_id: text("AccessKeyId")?.expose().to_owned(),
            access_key_secret: text("AccessKeySecret")?,
            security_token: None,
            expiration: None,
            provider: "static_ak".into(),
        })
    }

    /// Disables one of the user's access keys.
    ///
    /// # Errors
    ///
    /// As [`Client::call`].
    pub(crate) async fn disable(&self, id: &str) -> Result<()> {
        let query = [("Status", "Inactive"), ("UserAccessKeyId", id)];
        self.0.call("UpdateAccessKey", &query, &[]).await.map(drop)
    }

    /// Deletes one of the user's access keys.
    ///
    /// # Errors
    ///
    /// As [`Client::call`].
    pub(crate) async fn delete(&self, id: &str) -> Result<()> {
        self.0.call("DeleteAccessKey", &[("UserAccessKeyId", id)], &[]).await.map(drop)
    }
}

fn listed(key: &SecretJson) -> ListedKey {
    ListedKey { id: key.shown("AccessKeyId"), status: key.shown("Status"), created: key.shown("CreateDate") }
}

fn read(body: &Secret, action: &str) -> Result<SecretJson> {
    SecretJson::parse(body).ok_or_else(|| Error::unexpected(format!("the answer to {action} is not JSON")))
}
