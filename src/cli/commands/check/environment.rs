//! Findings about variables of the environment.

use super::finding::{Finding, Level};
use super::subject::Subject;
use crate::config::field::Field;
use crate::credentials::variables::ignoring_variable;
use crate::texts::check;

/// The variables of credentials in which other programs look before they read the config file.
const PREFERRED: &[(&str, Field, &str)] = &[
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", Field::AccessKeyId, "SDK"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", Field::AccessKeySecret, "SDK"),
    ("ALIBABA_CLOUD_SECURITY_TOKEN", Field::StsToken, "SDK"),
    ("ALIBABA_CLOUD_ROLE_ARN", Field::RamRoleArn, "SDK"),
    ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", Field::OidcProviderArn, "SDK"),
    ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", Field::OidcTokenFile, "SDK"),
    ("ALICLOUD_ACCESS_KEY", Field::AccessKeyId, "Terraform"),
    ("ALICLOUD_SECRET_KEY", Field::AccessKeySecret, "Terraform"),
    ("ALICLOUD_SECURITY_TOKEN", Field::StsToken, "Terraform"),
];

/// The variables of a pod's role, which SDKs take where all are set.
const ROLE_OF_POD: [&str; 3] =
    ["ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"];

/// Looks for variables that count for nothing here, or for more elsewhere.
pub(super) fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let unused = Field::ALL.iter().flat_map(|field| {
        field.variables().iter().filter_map(|name| counts_for_nothing(subject, *field, name))
    });
    let preferred = PREFERRED.iter().filter_map(|(name, field, by)| is_preferred(subject, *field, name, by));
    ignores_the_file(subject).into_iter().chain(unused).chain(preferred).collect()
}

fn ignores_the_file(subject: &Subject<'_>) -> Option<Finding> {
    let name = ignoring_variable(subject.host)?;
    Some(subject.about("environment").finding(Level::Warning, check::FILE_IGNORED, &[name]))
}

/// Finds a variable that is set, though the value of the profile, or of a stronger variable, wins.
fn counts_for_nothing(subject: &Subject<'_>, field: Field, name: &str) -> Option<Finding> {
    if PREFERRED.iter().any(|(preferred, ..)| *preferred == name) {
        return None;
    }
    let text = subject.host.var(name)?;
    if subject.source(field) == format!("environment {name}") {
        return None;
    }
    let same = subject.effective.get(field)?.expose() == text;
    let level = if same { Level::Ok } else { Level::Warning };
    Some(subject.about("environment").finding(level, check::COUNTS_FOR_NOTHING, &[name, field.json()]))
}

/// Finds a variable with another value than the profile's that another program takes instead.
fn is_preferred(subject: &Subject<'_>, field: Field, name: &str, by: &str) -> Option<Finding> {
    let text = subject.host.var(name)?;
    // What the environment gives a profile is no other value, unless an SDK needs nothing else.
    let is_of_pod =
        ROLE_OF_POD.contains(&name) && ROLE_OF_POD.iter().all(|name| subject.host.var(name).is_some());
    let profile = if is_of_pod { subject.stored } else { &subject.effective };
    let stored = profile.get(field).map(|value| value.expose());
    (stored.as_deref() != Some(text.as_str())).then(|| {
        let finding = subject.about("environment").finding(Level::Warning, check::PREFERRED, &[name, by]);
        finding.mended_by(format!("unset {name}"))
    })
}
