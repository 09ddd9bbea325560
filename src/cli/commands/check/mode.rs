//! Findings about the mode of a profile: what is missing, and what is over.

use super::finding::{Finding, Level};
use super::subject::Subject;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::resolver::{source_chain, validate_for_call};
use crate::credentials::session_cache::cached_session;
use crate::error::Error;
use crate::modes;
use crate::shell::quoted;
use crate::texts::check;

/// Looks at all that the mode needs, in the profile and around it.
pub(super) fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = vec![completeness(subject, &subject.effective)];
    found.extend(no_region(subject));
    found.extend(chain(subject));
    found.extend(session(subject));
    found.extend(surroundings(subject, &subject.effective, subject.stored));
    found
}

/// Says whether a profile has all fields that its mode needs.
fn completeness(subject: &Subject<'_>, profile: &Profile) -> Finding {
    let about = subject.about("mode");
    let (name, mode) = (profile.name(), profile.mode());
    let Err(error) = validate_for_call(profile) else {
        return about.finding(Level::Ok, check::COMPLETE, &[name, mode]);
    };
    let required = modes::by_name(mode).map(|mode| mode.required()).unwrap_or_default();
    let missing: Vec<_> =
        required.iter().filter(|field| profile.is_empty(**field)).map(|field| field.json()).collect();
    let finding = if missing.is_empty() {
        about.told(Level::Error, &error.to_string())
    } else {
        about.finding(Level::Error, check::MISSING_FIELDS, &[name, mode, &missing.join(", ")])
    };
    let mode = match modes::by_name_in_any_case(mode) {
        Some(mode) => format!(" --mode {}", mode.name()),
        None if mode.is_empty() => String::new(),
        None => " --mode MODE".to_owned(),
    };
    finding.mended_by(format!("aliyun configure --profile {}{mode}", quoted(name)))
}

fn no_region(subject: &Subject<'_>) -> Option<Finding> {
    let name = subject.stored.name();
    subject.effective.is_empty(Field::RegionId).then(|| {
        let finding = subject.about("mode").finding(Level::Warning, check::NO_REGION, &[]);
        finding.mended_by(format!("aliyun configure set --profile {} --region REGION", quoted(name)))
    })
}

/// Follows the profiles that this one builds on.
fn chain(subject: &Subject<'_>) -> Vec<Finding> {
    let about = subject.about("mode");
    let chain = match source_chain(&subject.effective, subject.config) {
        Ok(chain) => chain,
        Err(error) => return vec![about.told(Level::Error, &error.to_string())],
    };
    let Some((_, sources)) = chain.split_first().filter(|(_, sources)| !sources.is_empty()) else {
        return Vec::new();
    };
    let names = chain.iter().map(Profile::name).collect::<Vec<_>>().join(" -> ");
    let found = about.finding(Level::Ok, check::CHAIN, &[&names]);
    let of_source = |source| [Some(completeness(subject, source)), surroundings(subject, source, source)];
    [found].into_iter().chain(sources.iter().flat_map(of_source).flatten()).collect()
}

/// Says how long the cached session lasts, where the mode caches one.
fn session(subject: &Subject<'_>) -> Option<Finding> {
    let end = subject.stored.integer(Field::StsExpiration);
    if !caches_sessions(&subject.effective) || end <= 0 {
        return None;
    }
    let message = if has_session(subject, &subject.effective, subject.stored) {
        check::SESSION_LASTS
    } else {
        check::SESSION_OVER
    };
    Some(subject.about("mode").finding(Level::Ok, message, &[&time(end)]))
}

/// Says whether what the mode needs beside a profile is there: a login, a token or key file, a helper.
fn surroundings(subject: &Subject<'_>, profile: &Profile, stored: &Profile) -> Option<Finding> {
    let about = subject.about("mode");
    validate_for_call(profile).ok()?;
    let error = match modes::by_name(profile.mode())?.readiness(subject.host, profile) {
        Ok(None) => return None,
        Ok(Some(end)) => return Some(about.finding(Level::Ok, check::LOGIN_LASTS, &[&time(end)])),
        Err(error) => error,
    };
    // As long as the session lasts, calls do without the login.
    let level = if has_session(subject, profile, stored) { Level::Warning } else { Level::Error };
    Some(match error {
        Error::NotLoggedIn { command, .. } => {
            about.finding(level, check::LOGIN_OVER, &[profile.name()]).mended_by(command)
        }
        error => about.told(level, &error.without(profile.secrets()).to_string()),
    })
}

fn has_session(subject: &Subject<'_>, profile: &Profile, stored: &Profile) -> bool {
    caches_sessions(profile) && cached_session::read(stored, subject.host.now()).is_some()
}

fn caches_sessions(profile: &Profile) -> bool {
    modes::by_name(profile.mode()).is_some_and(|mode| !mode.session_cache_key().is_empty())
}

/// Tells whether a call would renew a session, which changes the file.
pub(super) fn renews_session(subject: &Subject<'_>) -> bool {
    let chain = source_chain(&subject.effective, subject.config).unwrap_or_default();
    let now = subject.host.now();
    chain.iter().any(|link| caches_sessions(link) && cached_session::read(link, now).is_none())
}

fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}
