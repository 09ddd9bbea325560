//! The session in the fields of a profile (wire, section 6).

use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::credentials::AccessKey;
use crate::secret::Secret;

/// How many seconds before its end a session is replaced, so that it lasts for the calls made with it.
pub(crate) const EXPIRATION_MARGIN: i64 = 180;
/// The fields that hold a session.
pub(crate) const FIELDS: [Field; 4] =
    [Field::AccessKeyId, Field::AccessKeySecret, Field::StsToken, Field::StsExpiration];

/// Reads the session of a profile; `None` where it is incomplete, or over at a time in seconds since 1970-01-01 UTC.
pub(crate) fn read(stored: &Profile, time: i64) -> Option<AccessKey> {
    let expiration = stored.integer(Field::StsExpiration);
    let access_key_id = stored.text(Field::AccessKeyId);
    if expiration <= time || access_key_id.is_empty() {
        return None;
    }
    Some(AccessKey {
        access_key_id: access_key_id.to_owned(),
        access_key_secret: stored.secret(Field::AccessKeySecret)?.clone(),
        security_token: Some(stored.secret(Field::StsToken)?.clone()),
        expiration: Some(expiration),
        provider: "static_sts".into(),
    })
}

/// Returns the fields that store a session; a session without a known end is not stored, which empties them.
pub(crate) fn fields(access_key: &AccessKey) -> Vec<(Field, Value)> {
    let is_stored = access_key.expiration.is_some();
    let secret =
        |secret: Option<&Secret>| Value::Secret(secret.filter(|_| is_stored).cloned().unwrap_or_default());
    let id = if is_stored { access_key.access_key_id.as_str() } else { "" };
    let values = [
        Value::Text(id.into()),
        secret(Some(&access_key.access_key_secret)),
        secret(access_key.security_token.as_ref()),
        Value::Integer(access_key.expiration.unwrap_or_default()),
    ];
    FIELDS.into_iter().zip(values).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000;

    fn access_key(expiration: Option<i64>) -> AccessKey {
        AccessKey {
            access_key_id: "STS.id".into(),
            access_key_secret: "secret".into(),
            security_token: Some("token".into()),
            expiration,
            provider: "static_sts".into(),
        }
    }

    fn profile(values: Vec<(Field, Value)>) -> Profile {
        let mut profile = Profile::new("p");
        values.into_iter().for_each(|(field, value)| profile.set(field, value));
        profile
    }

    #[test]
    fn a_session_is_stored_whole_and_used_until_shortly_before_its_end() {
        for (life, does) in [(181, true), (180, false), (-1, false)] {
            let access_key = access_key(Some(NOW + life));
            let expected = does.then(|| access_key.clone());
            assert_eq!(read(&profile(fields(&access_key)), NOW + EXPIRATION_MARGIN), expected, "{life}");
        }
    }

    #[test]
    fn a_session_that_lacks_something_is_none() {
        for missing in FIELDS {
            let mut profile = profile(fields(&access_key(Some(NOW + 3600))));
            profile.clear(missing);
            assert_eq!(read(&profile, NOW), None, "{missing:?}");
        }
    }

    #[test]
    fn a_session_without_an_end_empties_the_fields() {
        assert!(fields(&access_key(None)).iter().all(|(_, value)| value.is_empty()));
    }
}
