//! The session that a profile keeps from one run to the next (wire, section 6).

use crate::config::field::{Field, Value};
use crate::config::profile::Profile;
use crate::credentials::Keys;
use crate::modes::Mode;
use crate::secret::Secret;

/// How long before its end a session is replaced, in seconds.
const MARGIN: i64 = 180;
/// The fields that hold a session.
pub(crate) const FIELDS: [Field; 4] =
    [Field::AccessKeyId, Field::AccessKeySecret, Field::StsToken, Field::StsExpiration];

/// Tells whether what the file keeps in a profile is meant for this mode of it.
///
/// It is not where flags name, say, another account, and where the file stores another mode: there the key
/// may be one for life, and must be neither used nor replaced.
pub(crate) fn is_for(mode: &dyn Mode, stored: &Profile, profile: &Profile) -> bool {
    let agrees = |field: &Field| !stored.is_empty(*field) && stored.get(*field) == profile.get(*field);
    let fields = mode.keeps_session_for();
    !fields.is_empty() && stored.mode() == mode.name() && fields.iter().all(agrees)
}

/// Gives the session that a profile keeps, where it is complete and does for a while.
pub(crate) fn session(stored: &Profile, now: i64) -> Option<Keys> {
    let expiration = stored.integer(Field::StsExpiration);
    let access_key_id = stored.text(Field::AccessKeyId);
    if expiration <= now.saturating_add(MARGIN) || access_key_id.is_empty() {
        return None;
    }
    Some(Keys {
        access_key_id: access_key_id.to_owned(),
        access_key_secret: stored.secret(Field::AccessKeySecret)?.clone(),
        security_token: Some(stored.secret(Field::StsToken)?.clone()),
        expiration: Some(expiration),
        provider: "static_sts".into(),
    })
}

/// Gives the fields that keep a session; one without a known end is not kept, which empties them.
pub(crate) fn fields(keys: &Keys) -> Vec<(Field, Value)> {
    let known = keys.expiration.is_some();
    let secret =
        |secret: Option<&Secret>| Value::Secret(secret.filter(|_| known).cloned().unwrap_or_default());
    let id = if known { keys.access_key_id.as_str() } else { "" };
    let values = [
        Value::Text(id.into()),
        secret(Some(&keys.access_key_secret)),
        secret(keys.security_token.as_ref()),
        Value::Integer(keys.expiration.unwrap_or_default()),
    ];
    FIELDS.into_iter().zip(values).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modes::by_name;

    const NOW: i64 = 1_000_000;

    fn keys(expiration: Option<i64>) -> Keys {
        Keys {
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
    fn a_session_is_kept_whole_and_used_until_shortly_before_its_end() {
        for (life, does) in [(181, true), (180, false), (-1, false)] {
            let keys = keys(Some(NOW + life));
            let expected = does.then(|| keys.clone());
            assert_eq!(session(&profile(fields(&keys)), NOW), expected, "{life}");
        }
    }

    #[test]
    fn a_session_that_lacks_something_is_none() {
        for missing in FIELDS {
            let mut profile = profile(fields(&keys(Some(NOW + 3600))));
            profile.clear(missing);
            assert_eq!(session(&profile, NOW), None, "{missing:?}");
        }
    }

    #[test]
    fn a_session_without_an_end_empties_the_fields() {
        assert!(fields(&keys(None)).iter().all(|(_, value)| value.is_empty()));
    }

    #[test]
    fn what_is_kept_for_another_account_or_mode_does_not_count() {
        let mode = by_name("CloudSSO").unwrap();
        let stored = profile(vec![
            (Field::Mode, Value::Text("CloudSSO".into())),
            (Field::CloudSsoSignInUrl, Value::Text("https://example.com".into())),
            (Field::CloudSsoAccountId, Value::Text("111".into())),
            (Field::CloudSsoAccessConfig, Value::Text("ac-1".into())),
        ]);
        assert!(is_for(mode, &stored, &stored));
        let mut other = stored.clone();
        other.set_text(Field::CloudSsoAccountId, "222");
        assert!(!is_for(mode, &stored, &other));
        let mut lacking = stored.clone();
        lacking.clear(Field::CloudSsoAccountId);
        assert!(!is_for(mode, &lacking, &lacking));
        let mut switched = stored.clone();
        switched.set_text(Field::Mode, "AK");
        assert!(!is_for(mode, &switched, &stored));
        assert!(!is_for(by_name("AK").unwrap(), &switched, &switched));
    }
}
