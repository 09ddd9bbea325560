//! The call itself: who one is.

use std::time::Instant;

use super::finding::{Finding, Level};
use super::mode::renews_session;
use super::subject::Subject;
use crate::cli::commands::sts::signing_access_key;
use crate::credentials::resolver::CredentialResolver;
use crate::error::Result;
use crate::http::Response;
use crate::shell::quoted;
use crate::sts::{Client, call_endpoint};
use crate::texts::check;

/// How far this clock may be from the service's, in seconds; a signature is refused after 900.
const USUAL_DIFFERENCE: i64 = 60;

/// Calls as the profile, and returns what that shows, and who one is.
pub(super) async fn call(
    subject: &Subject<'_>,
    resolver: &CredentialResolver<'_>,
) -> (Vec<Finding>, Option<serde_json::Value>) {
    let about = subject.about("live");
    if renews_session(subject) {
        let command = format!("aliyun sts GetCallerIdentity --profile {}", quoted(subject.stored.name()));
        return (vec![about.finding(Level::Warning, check::WOULD_RENEW, &[]).mended_by(command)], None);
    }
    let start = Instant::now();
    match respond(subject, resolver).await {
        Ok(response) => {
            let identity: serde_json::Value =
                serde_json::from_str(response.body.expose()).unwrap_or_default();
            let arn = identity.get("Arn").and_then(|arn| arn.as_str()).unwrap_or_default();
            let milliseconds = start.elapsed().as_millis().to_string();
            let known = about.finding(Level::Ok, check::LIVE, &[arn, &milliseconds]);
            (
                response.date.map(|date| clock(subject, date)).into_iter().chain([known]).collect(),
                Some(identity),
            )
        }
        Err(error) => {
            let error = error.without(subject.effective.secrets());
            (vec![about.told(Level::Error, &error.to_string())], None)
        }
    }
}

fn clock(subject: &Subject<'_>, date: i64) -> Finding {
    let difference = subject.host.now().saturating_sub(date);
    let level = if difference.abs() > USUAL_DIFFERENCE { Level::Warning } else { Level::Ok };
    subject.about("live").finding(level, check::CLOCK, &[&difference.to_string()])
}

async fn respond(subject: &Subject<'_>, resolver: &CredentialResolver<'_>) -> Result<Response> {
    let profile = &subject.effective;
    let credentials = resolver.obtain_of(profile, subject.config).await?;
    let access_key = signing_access_key(credentials, profile)?;
    let client = Client::new(subject.host, resolver.http(), call_endpoint(profile)?, &access_key);
    client.respond("GetCallerIdentity", &[], &[]).await
}
