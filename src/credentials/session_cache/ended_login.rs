//! What is left beside the config file of a login that its server refuses to renew: so one program asks, and those
//! that come behind it know.

use serde::{Deserialize, Serialize};

use crate::config::profile::Profile;
use crate::error::{Error, ServiceError};
use crate::sts::sign::sha256_hex;

/// A login that is over, without its secrets.
#[derive(Serialize, Deserialize)]
struct EndedLogin {
    /// The digest of the login's tokens.
    login: String,
    /// When to ask the server again, in seconds since 1970-01-01 UTC; only for another login where this is missing.
    until: Option<i64>,
    /// The sentence.
    text: String,
    status: u16,
    code: String,
    message: String,
    request_id: String,
}

/// Returns the note about a refusal; empty for an error that is none.
pub(super) fn note(profile: &Profile, error: &Error, until: Option<i64>) -> String {
    let Error::Rejected { text, service } = error else {
        return String::new();
    };
    let ended = EndedLogin {
        login: digest(profile),
        until,
        text: text.clone(),
        status: service.status,
        code: service.code.clone(),
        message: service.message.clone(),
        request_id: service.request_id.clone(),
    };
    serde_json::to_string(&ended).unwrap_or_default()
}

/// Returns the refusal of a note, where it is about the login of this profile and still counts.
pub(super) fn read(note: &str, profile: &Profile, now: i64) -> Option<Error> {
    let ended: EndedLogin = serde_json::from_str(note).ok()?;
    if ended.login != digest(profile) || ended.until.is_some_and(|until| until <= now) {
        return None;
    }
    let EndedLogin { text, status, code, message, request_id, .. } = ended;
    let service = ServiceError { status, code, message, request_id, ..ServiceError::default() };
    Some(Error::rejected(text, service))
}

/// Returns a digest of the tokens of a profile: another login has another one.
fn digest(profile: &Profile) -> String {
    let names = [profile.name(), profile.mode()];
    let parts = names.into_iter().chain(profile.secrets().map(crate::secret::Secret::expose));
    // The tokens are long and random, so nobody finds them by their digest.
    sha256_hex(parts.map(|part| sha256_hex(part.as_bytes())).collect::<String>().as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::thread;

    use super::*;
    use crate::config::field::Field;
    use crate::config::store::ConfigStore;
    use crate::credentials::resolver::CredentialResolver;
    use crate::host::FakeHost;
    use crate::testing::block_on;
    use fake_cloud::{Answer, FakeCloud, Listeners, Overrides};

    const NOW: i64 = 1_700_000_000;

    /// Starts a cloud that refuses to renew any login, and a store with a login that is due.
    fn stage(status: u16, code: &str) -> (FakeCloud, tempfile::TempDir) {
        let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
        let body = serde_json::json!({"error": code, "error_description": "rt-1 is spent"}).to_string();
        let refusal = Answer::status(status).body(body.as_str());
        cloud.reset(Overrides::none().answer("POST /v1/token", refusal), [("", "")]);
        let folder = tempfile::tempdir().unwrap();
        log_in(folder.path(), "rt-1");
        (cloud, folder)
    }

    fn log_in(folder: &std::path::Path, token: &str) {
        let mut profile = Profile::new("p");
        for (field, text) in [
            (Field::Mode, "OAuth"),
            (Field::RegionId, "cn-hangzhou"),
            (Field::OauthSiteType, "CN"),
            (Field::OauthAccessToken, "at-1"),
            (Field::OauthRefreshToken, token),
        ] {
            profile.set_text(field, text);
        }
        let store = ConfigStore::open_path(&FakeHost::new(), folder.join("config.json"));
        let put = |config: &mut crate::config::Config| {
            config.put(profile);
            config.switch("p")
        };
        store.update(put).unwrap();
    }

    fn resolve(cloud: &FakeCloud, folder: &std::path::Path, now: i64) -> String {
        let host = FakeHost::new()
            .with_now(now)
            .with_var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
            .with_var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
        let store = ConfigStore::open_path(&host, folder.join("config.json"));
        block_on(CredentialResolver::new(&host, store).resolve()).unwrap_err().to_string()
    }

    #[test]
    fn of_many_programs_with_a_dead_refresh_token_one_asks_the_server() {
        let (cloud, folder) = stage(400, "invalid_grant");
        let path = folder.path();
        let before = fs::read_to_string(path.join("config.json")).unwrap();
        let errors: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..20).map(|_| scope.spawn(|| resolve(&cloud, path, NOW))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let text = "failed to refresh token, status code: 400, detail: {invalid_grant *** is spent }";
        assert_eq!(errors, [text; 20]);
        assert_eq!(resolve(&cloud, path, NOW + 1_000_000), text);
        assert_eq!(cloud.requests().len(), 1);
        assert_eq!(fs::read_to_string(path.join("config.json")).unwrap(), before);
        let note = fs::read_to_string(path.join("config.json.refresh.lock")).unwrap();
        assert!(!note.contains("rt-1") && !note.contains("at-1"), "{note}");
        log_in(path, "rt-2");
        resolve(&cloud, path, NOW);
        assert_eq!(cloud.requests().len(), 2, "another login is asked for");
    }

    #[test]
    fn a_refusal_that_may_pass_counts_for_a_while_or_not_at_all() {
        for (status, code, asked) in
            [(403, "Forbidden", [1, 2]), (429, "Throttling", [2, 3]), (503, "", [2, 3])]
        {
            let (cloud, folder) = stage(status, code);
            resolve(&cloud, folder.path(), NOW);
            resolve(&cloud, folder.path(), NOW + 59);
            assert_eq!(cloud.requests().len(), asked[0], "{status}");
            resolve(&cloud, folder.path(), NOW + 60);
            assert_eq!(cloud.requests().len(), asked[1], "{status}");
        }
    }

    #[test]
    fn a_note_that_cannot_be_read_says_nothing() {
        for text in ["", "{", "[]", r#"{"login":"x"}"#] {
            assert!(read(text, &Profile::new("p"), NOW).is_none(), "{text}");
        }
    }
}
