//! Tests that need what not every machine has.

#[cfg(target_os = "linux")]
use std::process::Command;

/// Says by name which test is skipped, and why.
pub(crate) fn skip(test: &str, why: &str) {
    eprintln!("skipped {test}: {why}");
}

/// Tells whether programs can be traced here.
#[cfg(target_os = "linux")]
pub(crate) fn can_trace(test: &str) -> bool {
    match Command::new("strace").args(["-o", "/dev/null", "true"]).output() {
        Ok(output) if output.status.success() => return true,
        Ok(output) => skip(test, String::from_utf8_lossy(&output.stderr).trim()),
        Err(error) => skip(test, &format!("strace: {error}")),
    }
    false
}
