//! What is thought of an answer while somebody is there who can mend it: most of it is doubt, since this program does
//! not know every region, address and file that there may be.

use std::ops::RangeInclusive;
use std::path::Path;

use url::Url;

use crate::config::field::Field;
use crate::host::Host;
use crate::prompt::Check;
use crate::spelling::nearest;
use crate::sts::VPC_REGIONS;

/// How long a session of a role may last, in seconds.
const SESSION_SECONDS: RangeInclusive<i64> = 900..=43_200;
/// How a sentence ends that doubts an answer.
const KEEP: &str = "Enter keeps it.";

/// Checks an answer for a field.
pub(super) fn check(field: Field, answer: &str, host: &dyn Host) -> Check {
    match field {
        Field::RegionId | Field::StsRegion => region(answer),
        Field::ExpiredSeconds => seconds(answer),
        Field::RamRoleArn => arn(answer, "role"),
        Field::OidcProviderArn => arn(answer, "oidc-provider"),
        Field::CredentialsUri | Field::CloudSsoSignInUrl => doubt(is_address(answer), || {
            format!("'{answer}' is no address that begins with https:// or http://.")
        }),
        Field::OidcTokenFile => doubt(Path::new(answer).is_file(), || no_file(answer)),
        Field::PrivateKey => {
            doubt(answer.starts_with("-----BEGIN") || Path::new(answer).is_file(), || no_file("that name"))
        }
        Field::ProcessCommand => helper(answer, host),
        _ => Check::Accept,
    }
}

fn doubt(is_fine: bool, sentence: impl FnOnce() -> String) -> Check {
    if is_fine { Check::Accept } else { Check::Doubt(format!("{} {KEEP}", sentence())) }
}

fn no_file(name: &str) -> String {
    format!("There is no file {name}.")
}

fn region(answer: &str) -> Check {
    doubt(VPC_REGIONS.contains(&answer), || {
        let meant = nearest(answer, VPC_REGIONS.iter().copied()).join(" or ");
        let meant = if meant.is_empty() { String::new() } else { format!(" Did you mean {meant}?") };
        format!("'{answer}' is no region that this program knows.{meant}")
    })
}

fn seconds(answer: &str) -> Check {
    let Ok(seconds) = answer.parse::<i64>() else {
        return Check::Again(format!("'{answer}' is not a whole number."));
    };
    let (least, most) = (SESSION_SECONDS.start(), SESSION_SECONDS.end());
    doubt(SESSION_SECONDS.contains(&seconds), || {
        format!("A session of a role lasts {least} to {most} seconds, not {answer}.")
    })
}

fn arn(answer: &str, kind: &str) -> Check {
    let parts: Vec<&str> = answer.splitn(5, ':').collect();
    let is_arn = match *parts {
        ["acs", "ram", "", account, resource] => {
            !account.is_empty()
                && account.bytes().all(|digit| digit.is_ascii_digit())
                && resource.split_once('/').is_some_and(|(of, name)| of == kind && !name.is_empty())
        }
        _ => false,
    };
    doubt(is_arn, || format!("'{answer}' is no ARN such as acs:ram::1234567890123456:{kind}/NAME."))
}

fn is_address(answer: &str) -> bool {
    Url::parse(answer).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

fn helper(answer: &str, host: &dyn Host) -> Check {
    let program = answer.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']);
    doubt(host.resolve(program).is_ok_and(|path| path.is_file()), || {
        format!("There is no program {program} in PATH.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    fn said(field: Field, answer: &str) -> String {
        match check(field, answer, &FakeHost::new()) {
            Check::Accept => String::new(),
            Check::Again(sentence) | Check::Doubt(sentence) => sentence,
        }
    }

    #[test]
    fn a_mistyped_region_is_doubted_with_the_nearest_one() {
        let meant =
            "'cn-hangzu' is no region that this program knows. Did you mean cn-hangzhou? Enter keeps it.";
        assert_eq!(said(Field::RegionId, "cn-hangzu"), meant);
        let unknown = "'mars-north-1' is no region that this program knows. Enter keeps it.";
        assert_eq!(said(Field::StsRegion, "mars-north-1"), unknown);
        assert_eq!(said(Field::RegionId, "cn-hangzhou"), "");
    }

    #[test]
    fn a_number_must_be_one_and_all_else_is_doubted() {
        let host = FakeHost::new();
        assert!(matches!(check(Field::ExpiredSeconds, "15m", &host), Check::Again(_)));
        for (field, wrong) in [
            (Field::ExpiredSeconds, "899"),
            (Field::ExpiredSeconds, "43201"),
            (Field::ExpiredSeconds, "-900"),
            (Field::RamRoleArn, "role/x"),
            (Field::RamRoleArn, "acs:ram::1:user/x"),
            (Field::OidcProviderArn, "acs:ram::1:role/x"),
            (Field::CredentialsUri, "localhost/x"),
            (Field::CloudSsoSignInUrl, "ftp://x"),
            (Field::OidcTokenFile, "/no/such/file"),
            (Field::PrivateKey, "/no/such/file"),
            (Field::ProcessCommand, "/no/such/helper --x"),
        ] {
            assert!(matches!(check(field, wrong, &host), Check::Doubt(_)), "{field:?} {wrong}");
        }
        for (field, right) in [
            (Field::ExpiredSeconds, "900"),
            (Field::ExpiredSeconds, "43200"),
            (Field::RamRoleArn, "acs:ram::1:role/x"),
            (Field::OidcProviderArn, "acs:ram::1:oidc-provider/x"),
            (Field::CredentialsUri, "http://localhost/x"),
            (Field::PrivateKey, "-----BEGIN PRIVATE KEY-----"),
            (Field::AccessKeyId, "anything"),
        ] {
            assert_eq!(check(field, right, &host), Check::Accept, "{field:?} {right}");
        }
    }

    #[test]
    fn a_private_key_is_not_repeated() {
        assert!(!said(Field::PrivateKey, "MIIEvg").contains("MIIEvg"));
    }
}
