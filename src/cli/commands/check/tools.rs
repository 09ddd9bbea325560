//! What other programs do with a mode. The table holds what was measured, with the versions it was measured with.

use super::finding::{Finding, Level};
use super::subject::Subject;
use crate::modes;
use crate::texts::check;

/// The modes that the newer SDKs read.
const NEWER: &[&str] = &[
    "AK",
    "StsToken",
    "RamRoleArn",
    "EcsRamRole",
    "ChainableRamRoleArn",
    "External",
    "OIDC",
    "CloudSSO",
    "OAuth",
];
/// The modes that older SDKs read.
const OLDER: &[&str] = &["AK", "StsToken", "RamRoleArn", "EcsRamRole", "ChainableRamRoleArn", "OIDC"];
const TERRAFORM: &[&str] =
    &["AK", "StsToken", "RamRoleArn", "EcsRamRole", "ChainableRamRoleArn", "External", "CloudSSO", "OAuth"];

/// Which modes a program reads.
enum Reads {
    All,
    These(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

const TOOLS: &[(&str, Reads)] = &[
    ("Go SDK 1.4.12", Reads::These(NEWER)),
    ("Python SDK 1.0.12", Reads::These(NEWER)),
    ("Node SDK 2.4.7", Reads::These(NEWER)),
    ("Java SDK 1.0.6", Reads::These(NEWER)),
    ("Java SDK 1.0.3", Reads::These(OLDER)),
    ("alibaba-cloud-sdk-go 1.63.107", Reads::These(OLDER)),
    ("Terraform provider 81c43b67", Reads::These(TERRAFORM)),
    ("ack-ram-tool e34e2551", Reads::AllBut(&["BearerToken", "Anonymous"])),
    ("reqsign-aliyun-oss 3.2.0", Reads::These(&["AK", "StsToken"])),
    ("iact3 0.1.14", Reads::These(&["AK", "StsToken", "RamRoleArn"])),
    ("ossutil", Reads::These(&[])),
    ("Alibaba Cloud CLI 3.4.11", Reads::All),
];

/// Says of each program whether it reads the mode of the profile.
pub(super) fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let mode = subject.effective.mode();
    if modes::by_name(mode).is_none() {
        return Vec::new();
    }
    let found = |(tool, reads): &(&str, Reads)| {
        let message = if reads.includes(mode) { check::TOOL_READS } else { check::TOOL_DOES_NOT };
        subject.about("tools").finding(Level::Ok, message, &[tool, mode])
    };
    TOOLS.iter().map(found).collect()
}

impl Reads {
    fn includes(&self, mode: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(modes) => modes.contains(&mode),
            Self::AllBut(modes) => !modes.contains(&mode),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_in_the_table_exists() {
        for (tool, reads) in TOOLS {
            let (Reads::These(names) | Reads::AllBut(names)) = reads else { continue };
            assert!(names.iter().all(|name| modes::by_name(name).is_some()), "{tool}");
        }
    }
}
