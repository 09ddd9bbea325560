//! The scripts that teach a shell to ask this program.

use crate::cli::invocation::Invocation;
use crate::error::Result;

/// Prints the script for bash.
pub(crate) fn bash(invocation: &Invocation<'_>) -> Result<()> {
    invocation.host.out(include_str!("aliyun.bash"))
}

/// Prints the script for zsh.
pub(crate) fn zsh(invocation: &Invocation<'_>) -> Result<()> {
    invocation.host.out(include_str!("aliyun.zsh"))
}

/// Prints the script for fish.
pub(crate) fn fish(invocation: &Invocation<'_>) -> Result<()> {
    invocation.host.out(include_str!("aliyun.fish"))
}

/// Prints the script for PowerShell.
pub(crate) fn powershell(invocation: &Invocation<'_>) -> Result<()> {
    invocation.host.out(include_str!("aliyun.ps1"))
}
