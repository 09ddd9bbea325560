mod split;

use super::credentials_uri::refuse_where_disabled;
use super::{BoxFuture, Context, Mode, Obtained};
use crate::config::field::{Field, Kind, Value};
use crate::config::profile::Profile;
use crate::error::{Error, HelperFailure, Result};
use crate::host::Host;
use crate::http::secret_json::SecretJson;
use crate::secret::Secret;
use crate::sts::session::expiration;
use crate::sts::sign::sha256_hex;
use crate::waiting::Waiting;

/// A program that prints a profile.
pub(crate) struct External;

const NAME: &str = "External";
/// The variable in which a helper finds what it is run for.
const HELPERS: &str = "ALIYUN_CONFIGURE_HELPERS";
/// How many helpers may run one another.
const DEPTH: usize = 32;

impl Mode for External {
    fn name(&self) -> &'static str {
        NAME
    }

    fn required(&self) -> &'static [Field] {
        &[Field::ProcessCommand]
    }

    fn obtain<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Obtained> {
        Box::pin(async move {
            refuse_where_disabled(context.host, NAME)?;
            let words = command_line(context.profile)?;
            let helpers = helpers(context.host, context.profile)?;
            let output = run(context.host, &words, &helpers).await?;
            let printed = with_output(context.profile, &output);
            let unusable = |why| helper_error(&words, HelperFailure::UnusableOutput(why));
            let (profile, expiration) = printed.map_err(unusable)?;
            Ok(Obtained::Profile(profile, expiration))
        })
    }
}

/// Splits the profile's command line into a program and its arguments (wire, section 1.5).
pub(super) fn command_line(profile: &Profile) -> Result<Vec<String>> {
    let failed = |why: &str| Error::invalid(format!("profile {}: {why}", profile.name()));
    let words = split::words(profile.text(Field::ProcessCommand))
        .map_err(|why| failed(&format!("invalid process_command: {why}")))?;
    match words.first() {
        Some(program) if !program.is_empty() => Ok(words),
        _ => Err(failed("process_command is empty")),
    }
}

/// Returns the value that tells a helper, and whatever it runs, for which profile and by which command it runs.
///
/// A helper that is this program for the same profile would run itself without end: that is an error, whatever
/// it calls this program for and whoever stands between.
fn helpers(host: &dyn Host, profile: &Profile) -> Result<String> {
    let named = format!("{}\0{}", profile.name(), profile.text(Field::ProcessCommand));
    let own = sha256_hex(named.as_bytes());
    let others = host.trail(HELPERS);
    if others.contains(&own) || others.len() >= DEPTH {
        let name = profile.name();
        return Err(Error::invalid(format!(
            "profile {name}: process_command runs this program for a profile that it is run for: {name} -> {name}; name a program that has credentials of its own"
        )));
    }
    Ok(host.trail_with(HELPERS, &own))
}

async fn run(host: &dyn Host, words: &[String], helpers: &str) -> Result<Secret> {
    let _waiting = Waiting::begin(format!("the helper {}", words.first().map_or("", String::as_str)));
    let output = host.run(words, (HELPERS, helpers)).await?;
    match output.failure {
        None => Ok(output.stdout),
        Some(failure) => Err(helper_error(words, failure)),
    }
}

fn helper_error(words: &[String], failure: HelperFailure) -> Error {
    Error::HelperFailed { program: words.first().cloned().unwrap_or_default(), failure }
}

/// Returns the profile with the fields that a helper printed and the end of its credentials, where that is told, or
/// says why they cannot be used; its words are never repeated, since they are secret.
pub(super) fn with_output(
    profile: &Profile,
    output: &Secret,
) -> std::result::Result<(Profile, Option<i64>), String> {
    let failed = |why: &str| format!("profile {}: {why}", profile.name());
    let response = SecretJson::parse(output)
        .filter(SecretJson::is_object)
        .ok_or_else(|| failed("what process_command printed is no JSON object"))?;
    match response.text("mode") {
        "" => return Err(failed("what process_command printed names no mode")),
        NAME => return Err(failed("process_command must name a final mode, not External")),
        _ => {}
    }
    let mut result = profile.clone();
    for (key, value) in response.members() {
        let Some(field) = Field::from_json(key).filter(|field| *field != Field::Name) else {
            continue;
        };
        let wrong = || failed(&format!("what process_command printed has a wrong type in {}", field.json()));
        if let Some(value) = convert(field, value).map_err(|WrongType| wrong())? {
            result.set(field, value);
        }
    }
    // A time that cannot be read is as good as none.
    Ok((result, expiration(response.text("expiration"), "").ok()))
}

struct WrongType;

/// Returns the value of a field; `None` for null, which leaves the field as it is.
fn convert(field: Field, value: &SecretJson) -> std::result::Result<Option<Value>, WrongType> {
    Ok(Some(match (field.kind(), value) {
        (_, SecretJson::Null) => return Ok(None),
        (Kind::Text, SecretJson::String(text)) => Value::Text(text.expose().into()),
        (Kind::Secret, SecretJson::String(text)) => Value::Secret(text.clone()),
        (Kind::Integer, number) => Value::Integer(number.whole().ok_or(WrongType)?),
        (Kind::Boolean, SecretJson::Bool(on)) => Value::Boolean(*on),
        _ => return Err(WrongType),
    }))
}

#[cfg(feature = "cli")]
mod configure {
    use super::*;
    use crate::modes::{Configurable, Question};
    use crate::secret::shown;

    impl Configurable for External {
        fn flag_fields(&self) -> &'static [Field] {
            &[Field::ProcessCommand]
        }

        fn questions(&self) -> Option<&'static [Question]> {
            const COMMAND: Question = Question::new(Field::ProcessCommand, "Process Command");
            Some(&[COMMAND])
        }

        fn readiness(&self, host: &dyn Host, profile: &Profile) -> Result<Option<i64>> {
            let words = command_line(profile)?;
            let program = words.first().map(String::as_str).unwrap_or_default();
            host.resolve(program).map(|_| None).map_err(|error| Error::invalid(error.to_string()))
        }

        fn summary(&self, profile: &Profile) -> String {
            format!("ProcessCommand:{}", shown::command(profile.text(Field::ProcessCommand)))
        }
    }
}
