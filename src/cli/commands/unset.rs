use super::chosen;
use crate::cli::args::fields;
use crate::cli::args::profile_flags::Target;
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::credentials::resolver::validate;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::modes;
use crate::shell::quoted;
use crate::texts::flags;

/// The arguments of `configure unset`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    target: Target,
    #[arg(value_name = "SETTING", required = true, help = flags::UNSET_SETTINGS.en)]
    removed: Vec<String>,
}

/// Removes settings from a profile (beyond, section 3).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    let fields: Vec<_> = arguments.removed.iter().map(|name| field(name)).collect::<Result<_>>()?;
    arguments.target.store(host)?.update_existing(|config| {
        let mut profile = chosen(config, &arguments.target)?.clone();
        for (setting, field) in arguments.removed.iter().zip(fields) {
            if is_required(&profile, field) {
                return Err(Error::invalid(required(setting, &profile)));
            }
            profile.clear(field);
        }
        config.put(profile);
        Ok(())
    })
}

/// Returns the field that a setting stands for.
fn field(setting: &str) -> Result<Field> {
    let found = fields::with_fields().find(|(name, _)| *name == setting);
    found.map(|(_, field)| field).ok_or_else(|| {
        let names = fields::removable().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
        Error::invalid(format!("there is no setting `{setting}`; choices: {names}"))
    })
}

/// Tells whether a profile cannot do without a field: its mode asks for it, or the profile would be invalid.
fn is_required(profile: &Profile, field: Field) -> bool {
    let needs = modes::by_name(profile.mode()).map(|mode| mode.required()).unwrap_or_default();
    let mut without = profile.clone();
    without.clear(field);
    fields::removable().all(|(_, removable)| removable != field)
        || needs.contains(&field)
        || (validate(profile).is_ok() && validate(&without).is_err())
}

fn required(setting: &str, profile: &Profile) -> String {
    let name = profile.name();
    format!(
        "profile '{name}' cannot do without {setting}; `aliyun configure delete --profile {}` removes the profile",
        quoted(name)
    )
}
