use crate::cli::args::profile_flags::Target;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::texts::flags;

/// The arguments of `configure rename` and of `configure copy`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    target: Target,
    #[arg(long, value_name = "PROFILE", help = flags::NEW_NAME.en)]
    to: Option<String>,
}

/// Gives a profile another name (beyond, section 3).
pub(crate) fn run(arguments: &Arguments, host: &dyn Host) -> Result<()> {
    arguments.update(host, Config::rename)
}

impl Arguments {
    /// Changes the config by the name of a profile and a new one.
    pub(crate) fn update(
        &self,
        host: &dyn Host,
        change: impl FnOnce(&mut Config, &str, &str) -> Result<()>,
    ) -> Result<()> {
        let given = |name: Option<&str>, flag: &str| {
            name.map(str::to_owned).ok_or_else(|| Error::invalid(format!("missing --{flag} <profileName>")))
        };
        let (name, to) = (given(self.target.profile(), "profile")?, given(self.to.as_deref(), "to")?);
        self.target.store(host)?.update_existing(|config| change(config, &name, &to))
    }
}
