//! The scripts that teach a shell to ask this program.

/// The script for bash.
pub(crate) const BASH: &str = include_str!("aliyun.bash");
/// The script for zsh.
pub(crate) const ZSH: &str = include_str!("aliyun.zsh");
/// The script for fish.
pub(crate) const FISH: &str = include_str!("aliyun.fish");
/// The script for PowerShell.
pub(crate) const POWERSHELL: &str = include_str!("aliyun.ps1");
