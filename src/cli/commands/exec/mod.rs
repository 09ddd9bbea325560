//! `configure exec`: a program that acts as a profile, and as nobody else (beyond, section 2).

mod serve;

use std::ffi::{OsStr, OsString};

use super::export::Obtained;
use crate::cli::args::profile_flags::Target;
use crate::credentials::Credentials;
use crate::credentials::variables::{self, VariableFamily};
use crate::error::{Error, Result};
use crate::host::{Host, Launch};
use crate::secret::Secret;
use crate::texts::flags;

/// The arguments of `configure exec`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, help = flags::SERVE.en)]
    serve: bool,
    #[command(flatten)]
    target: Target,
    #[arg(last = true, required = true, value_name = "COMMAND", help = flags::COMMAND.en)]
    command: Vec<OsString>,
}

/// Runs a program in this one's place, and returns its exit code where it could not take it.
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<u8> {
    let mut launch = launch(&arguments.command, host)?;
    if arguments.serve {
        return serve::run(launch, &arguments.target, host);
    }
    let obtained = Obtained::of(&arguments.target, host)?;
    for variable in obtained.variables(VariableFamily::ALL)? {
        launch.environment.push((variable.name.to_owned(), variable.value));
    }
    // SDKs find no bearer token in the environment, and would go on to another profile.
    if let Credentials::Bearer { .. } = obtained.credentials {
        let off = variables::OTHER_SOURCES_OFF
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Some(Secret::from(*value))));
        launch.environment.extend(off);
    }
    // A child `aliyun` takes the variables above for the whole profile.
    launch.environment.push((variables::IGNORE_PROFILE.to_owned(), Some("TRUE".into())));
    host.hand_over(&launch).map_err(|cause| not_started(&launch.name, cause))
}

/// Returns a program with an environment in which nothing leads to credentials.
fn launch(command: &[OsString], host: &dyn Host) -> Result<Launch> {
    let [name, arguments @ ..] = command else {
        return Err(Error::invalid("there is no program to run"));
    };
    let removed = variables::names_of_credentials().map(|name| (name.to_owned(), None::<Secret>));
    Ok(Launch {
        program: host.resolve(name).map_err(|cause| not_started(name, cause))?,
        name: name.clone(),
        arguments: arguments.to_vec(),
        environment: removed.collect(),
    })
}

/// Makes the error of a program that did not start.
fn not_started(name: &OsStr, cause: std::io::Error) -> Error {
    Error::NotStarted { program: name.to_string_lossy().into_owned(), cause }
}
