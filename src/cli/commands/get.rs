use crate::cli::args::flags::{self, Flag};
use crate::cli::invocation::Invocation;
use crate::config::DEFAULT_PROFILE;
use crate::config::field::{Field, Kind};
use crate::config::profile::Profile;
use crate::credentials::overlay::overlay;
use crate::credentials::resolver::profile_variable;
use crate::error::{Error, Result};
use crate::secret::mask;
use crate::storage::json;

/// The settings of which only the last three bytes are shown.
const MASKED: &[Field] = &[Field::AccessKeyId, Field::AccessKeySecret, Field::BearerToken];

/// Prints a profile, or some of its settings (behaviour, section 4).
pub(crate) fn run(invocation: &Invocation<'_>) -> Result<()> {
    let profile = chosen(invocation)?;
    let mut text = String::new();
    for word in invocation.words() {
        text.push_str(&setting(&profile, word));
    }
    if invocation.words().next().is_none() {
        let json = json::to_vec(&profile)?;
        text = String::from_utf8_lossy(&json).into_owned() + "\n";
    }
    text.push('\n');
    invocation.host.out(&text)
}

/// Gives the profile that is asked for as it is stored, or the current one with flags and environment over it.
fn chosen(invocation: &Invocation<'_>) -> Result<Profile> {
    let from_environment = profile_variable(invocation.host);
    let names: Vec<&str> = invocation.profile().into_iter().chain(from_environment.as_deref()).collect();
    let config = invocation.store()?.excerpt_existing(&names).map_err(|error| match error {
        Error::ConfigMissing(_) => {
            Error::Answer("load configuration failed. Run `aliyun configure` to set up".to_owned())
        }
        other => other,
    })?;
    let not_found = |name: &str| Error::Answer(format!("profile {name} not found"));
    if let Some(name) = invocation.profile() {
        return config.profile(name).cloned().ok_or_else(|| not_found(name));
    }
    // What the environment names counts only where the current profile is the default.
    let mut profile = match from_environment.filter(|_| matches!(config.current(), "" | DEFAULT_PROFILE)) {
        Some(name) => config.profile(&name).cloned().unwrap_or_else(|| Profile::new(name)),
        None => {
            let name = config.current();
            config.profile(name).cloned().ok_or_else(|| not_found(name))?
        }
    };
    overlay(&mut profile, &invocation.overrides()?, invocation.host);
    Ok(profile)
}

/// Gives the line of one setting; nothing for an unknown one. The region stands alone, so that a shell can
/// take it as it is.
fn setting(profile: &Profile, name: &str) -> String {
    let Some((flag, field)) = find(name) else {
        return String::new();
    };
    let shown = shown(profile, field);
    if field == Field::RegionId { shown } else { format!("{}={shown}\n", flag.name) }
}

fn find(name: &str) -> Option<(&'static Flag, Field)> {
    let flag = flags::ALL.iter().find(|flag| flag.name == name)?;
    Some((flag, flag.field?))
}

fn shown(profile: &Profile, field: Field) -> String {
    let text = match profile.get(field) {
        None if field.kind() == Kind::Boolean => "false".to_owned(),
        None => String::new(),
        Some(value) => value.expose(),
    };
    if MASKED.contains(&field) { mask(&text) } else { text }
}
