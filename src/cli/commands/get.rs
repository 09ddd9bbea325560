use crate::cli::args::fields;
use crate::cli::args::profile_flags::PersistentFlags;
use crate::config::DEFAULT_PROFILE;
use crate::config::field::{Field, Kind};
use crate::config::profile::Profile;
use crate::credentials::overlay::overlay_with_mode;
use crate::credentials::variables::profile_variable;
use crate::error::{Error, Result, StorageFailure};
use crate::host::Host;
use crate::secret::mask;
use crate::storage::json;
use crate::texts::flags;

/// The settings of which only the last three bytes are shown.
const MASKED: &[Field] = &[Field::AccessKeyId, Field::AccessKeySecret, Field::BearerToken];

/// The arguments of `configure get`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    flags: PersistentFlags,
    #[arg(value_name = "SETTING", help = flags::SETTINGS.en)]
    settings: Vec<String>,
}

/// Prints a profile, or some of its settings (behaviour, section 4).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let profile = chosen(&arguments.flags, host)?;
    let settings = arguments.settings.iter();
    let mut text: String = settings.map(|name| setting(&profile, name)).collect();
    if arguments.settings.is_empty() {
        let json = json::to_vec(&profile)?;
        text = String::from_utf8_lossy(&json).into_owned() + "\n";
    }
    text.push('\n');
    host.out(&text)
}

/// Returns the profile that is asked for as it is stored, or the current one with flags and environment over it.
fn chosen(flags: &PersistentFlags, host: &dyn Host) -> Result<Profile> {
    let from_environment = profile_variable(host).map(|(_, name)| name);
    let asked = flags.target.profile();
    let names: Vec<&str> = asked.into_iter().chain(from_environment.as_deref()).collect();
    let store = flags.target.store(host)?;
    let config = store.excerpt_existing(&names).map_err(|error| match error {
        Error::Storage { failure: StorageFailure::Missing, .. } => {
            Error::InvalidInput("load configuration failed. Run `aliyun configure` to set up".to_owned())
        }
        other => other,
    })?;
    // An excerpt knows no other profiles, one of which may be meant.
    let found = |name: &str| match config.profile(name) {
        Some(profile) => Ok(profile.clone()),
        None => store.load_existing()?.find(name).cloned(),
    };
    if let Some(name) = asked {
        return found(name);
    }
    // What the environment names counts only where the current profile is the default.
    let mut profile = match from_environment.filter(|_| matches!(config.current(), "" | DEFAULT_PROFILE)) {
        Some(name) => config.profile(&name).cloned().unwrap_or_else(|| Profile::new(name)),
        None => found(config.current())?,
    };
    overlay_with_mode(&mut profile, &flags.overrides(host)?, host);
    Ok(profile)
}

/// Returns the line of one setting; nothing for an unknown one. The region stands alone, so that a shell can
/// take it as it is.
fn setting(profile: &Profile, name: &str) -> String {
    let Some((flag, field)) = fields::with_fields().find(|(flag, _)| *flag == name) else {
        return String::new();
    };
    let shown = shown(profile, field);
    if field == Field::RegionId { shown } else { format!("{flag}={shown}\n") }
}

fn shown(profile: &Profile, field: Field) -> String {
    let text = match profile.get(field) {
        None if field.kind() == Kind::Boolean => "false".to_owned(),
        None => String::new(),
        Some(value) => value.expose(),
    };
    if MASKED.contains(&field) { mask(&text) } else { text }
}
