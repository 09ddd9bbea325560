//! `configure export-credentials`: the credentials of a profile in the form that another program reads
//! (beyond, section 1). A form is one file.

mod cmd;
mod env;
mod env_file;
mod fish;
mod github;
mod ini;
mod powershell;
mod process;
pub(crate) mod uri;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use crate::cli::args::profile_flags::Target;
use crate::cli::runtime::wait;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::resolver::CredentialResolver;
use crate::credentials::variables::{Variable, VariableFamily, ignoring_variable};
use crate::credentials::{AccessKey, Credentials};
use crate::error::{Error, Result};
use crate::host::Host;
use crate::secret::Secret;
use crate::texts::flags;

/// The arguments of `configure export-credentials`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, value_enum, default_value = "process", help = flags::FORMAT.en)]
    format: Format,
    #[arg(long = "for", value_parser = families(), default_value = VariableFamily::Sdk.name(), help = flags::FOR.en)]
    families: Families,
    #[command(flatten)]
    target: Target,
}

/// The form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Process,
    Env,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Cmd,
    EnvFile,
    Github,
    Uri,
    Ini,
}

/// Whose variables are meant.
#[derive(Debug, Clone)]
struct Families(&'static [VariableFamily]);

/// The name of all families.
const ALL: &str = "all";

fn families() -> impl TypedValueParser<Value = Families> {
    let names = VariableFamily::ALL.iter().map(|family| family.name()).chain([ALL]);
    PossibleValuesParser::new(names).map(|name| {
        let of_name = VariableFamily::ALL.chunks(1).find(|one| one.iter().any(|one| one.name() == name));
        Families(of_name.unwrap_or(VariableFamily::ALL))
    })
}

/// The credentials of a profile, with the profile as it counts for calls.
pub(crate) struct Obtained {
    pub(crate) profile: Profile,
    pub(crate) credentials: Credentials,
}

impl Obtained {
    /// Obtains the credentials as a call does (behaviour, section 3).
    pub(crate) fn of(target: &Target, host: &dyn Host) -> Result<Self> {
        let resolver = resolver(target, host)?;
        let selected = resolver.select()?;
        let credentials = wait(resolver.obtain(&selected))?;
        Ok(Self { profile: selected.profile, credentials })
    }

    /// Returns the variables of some families.
    pub(crate) fn variables(&self, families: &[VariableFamily]) -> Result<Vec<Variable>> {
        self.credentials.variables(families, self.profile.text(Field::RegionId))
    }
}

/// Returns what obtains the credentials of the profile that is asked for.
///
/// # Errors
///
/// Where a profile is asked for, and a variable makes the config file count for nothing: another would be handed over.
pub(crate) fn resolver<'a>(target: &Target, host: &'a dyn Host) -> Result<CredentialResolver<'a>> {
    if let (Some(name), Some(variable)) = (target.profile(), ignoring_variable(host)) {
        return Err(Error::invalid(format!(
            "profile '{name}' cannot be used while {variable} makes the config file count for nothing: leave --profile out, or `unset {variable}`"
        )));
    }
    let resolver = CredentialResolver::new(host, target.store(host)?);
    Ok(resolver.with_profile(target.profile().unwrap_or_default()))
}

/// Prints the credentials of a profile.
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let obtained = Obtained::of(&arguments.target, host)?;
    let variables = || obtained.variables(arguments.families.0);
    let text = match arguments.format {
        Format::Process => process::write(&obtained.credentials)?,
        Format::Env => env::write(&variables()?)?,
        Format::Fish => fish::write(&variables()?)?,
        Format::PowerShell => powershell::write(&variables()?)?,
        Format::Cmd => cmd::write(&variables()?)?,
        Format::EnvFile => env_file::write(&variables()?)?,
        Format::Github => return github::run(&variables()?, host),
        Format::Uri => uri::write(&obtained.credentials, "--format uri")?,
        Format::Ini => ini::write(obtained.profile.name(), &obtained.credentials)?,
    };
    host.out(text.expose())
}

/// Returns one line a variable: what sets it, or what removes it.
fn lines(
    variables: &[Variable],
    set: impl Fn(&str, &str) -> String,
    unset: impl Fn(&str) -> String,
) -> Secret {
    let line = |variable: &Variable| match &variable.value {
        Some(value) => set(variable.name, value.expose()),
        None => unset(variable.name),
    };
    Secret::new(variables.iter().map(line).collect::<String>())
}

/// Refuses values that hold one of these characters, which a format has no way to write.
fn refuse(variables: &[Variable], format: &str, characters: &[char], what: &str) -> Result<()> {
    let holds = |variable: &&Variable| {
        variable.value.as_ref().is_some_and(|value| value.expose().contains(characters))
    };
    match variables.iter().find(holds) {
        Some(Variable { name, .. }) => Err(Error::invalid(format!(
            "the value of {name} holds {what}, which --format {format} cannot hold; choose another format"
        ))),
        None => Ok(()),
    }
}

/// Refuses values that no variable of an environment can hold.
fn refuse_nul(variables: &[Variable], format: &str) -> Result<()> {
    refuse(variables, format, &['\0'], "a NUL character")
}

/// Returns the access key; other credentials have no place in what an option asks for.
fn access_key<'c>(credentials: &'c Credentials, option: &str) -> Result<&'c AccessKey> {
    match credentials {
        Credentials::AccessKey(key) => Ok(key),
        Credentials::Bearer { .. } => Err(Error::invalid(format!(
            "a bearer token cannot be handed over with {option}, which hands on access keys alone; leave it out"
        ))),
        Credentials::Anonymous => Err(crate::credentials::variables::nothing_to_hand_over()),
    }
}

/// Returns a JSON object in a line.
fn json(value: &impl Serialize) -> Result<Secret> {
    Ok(Secret::new(serde_json::to_string(value).map_err(std::io::Error::from)? + "\n"))
}

/// Returns when a key expires, in RFC 3339 in UTC, where that is known.
fn expiration(key: &AccessKey) -> Option<String> {
    Some(jiff::Timestamp::from_second(key.expiration?).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns variables with these values, as a format gets them.
    pub(super) fn variables(values: &[(&'static str, Option<&str>)]) -> Vec<Variable> {
        let variable = |(name, value): &(&'static str, Option<&str>)| Variable {
            name,
            value: value.map(Secret::from),
            is_secret: true,
        };
        values.iter().map(variable).collect()
    }

    #[test]
    fn what_no_environment_can_hold_is_an_error_that_does_not_repeat_it() {
        let nul = variables(&[("A", Some("hunter\0two"))]);
        let outcomes = [
            env::write(&nul),
            fish::write(&nul),
            powershell::write(&nul),
            cmd::write(&nul),
            env_file::write(&nul),
        ];
        for outcome in outcomes {
            let error = outcome.unwrap_err().to_string();
            assert!(error.contains("the value of A holds a NUL") && !error.contains("hunter"), "{error}");
        }
    }
}
