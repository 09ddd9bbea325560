//! What surrounds the program, for help and manuals: exit codes, environment variables and files.

use crate::config::field::Field;
use crate::language::Language;
use crate::texts::Message;
use crate::texts::surroundings as texts;

/// A section of a manual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What the rows are about.
    pub title: String,
    /// Names with what they mean.
    pub rows: Vec<(String, String)>,
}

const EXIT_CODES: &[(&str, Message)] = &[
    ("0", texts::DONE),
    ("1", texts::FAILED),
    ("2", texts::USAGE),
    ("3", texts::UNCONFIGURED),
    ("126", texts::NOT_RUN),
    ("127", texts::NOT_FOUND),
    ("129", texts::HUNG_UP),
    ("130", texts::INTERRUPTED),
    ("131", texts::QUIT),
    ("143", texts::TERMINATED),
    ("...", texts::OTHERS_CODE),
];

/// The variables that are read beside those of [`Field::variables`].
const VARIABLES: &[(&str, Message)] = &[
    ("ALIBABACLOUD_PROFILE, ALIBABA_CLOUD_PROFILE, ALICLOUD_PROFILE", texts::PROFILE),
    ("ALIBABA_CLOUD_IGNORE_PROFILE, ALIBABACLOUD_IGNORE_PROFILE", texts::IGNORE_PROFILE),
    ("ALIBABA_CLOUD_PROFILE_MODE", texts::PROFILE_MODE),
    ("ALIBABA_CLOUD_ROLE_SESSION_NAME", texts::SESSION_NAME),
    ("ALIBABA_CLOUD_ECS_METADATA", texts::METADATA),
    ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", texts::METADATA_DISABLED),
    ("ALIBABA_CLOUD_IMDSV1_DISABLED", texts::IMDSV1_DISABLED),
    ("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", texts::EXTERNAL_DISABLED),
    ("ALIYUN_CONFIGURE_HELPERS", texts::HELPERS),
    ("ALIBABACLOUD_SSO_CLIENT_ID, ALIBABA_CLOUD_SSO_CLIENT_ID", texts::SSO_CLIENT),
    ("HTTPS_PROXY, HTTP_PROXY, https_proxy, http_proxy", texts::PROXY),
    ("NO_PROXY, no_proxy", texts::NO_PROXY),
    ("REQUEST_METHOD", texts::CGI),
    ("SSL_CERT_FILE, SSL_CERT_DIR", texts::TRUST),
    ("ALIBABA_CLOUD_USER_AGENT, ALIYUN_USER_AGENT, ALIBABA_CLOUD_VENDOR", texts::AGENT),
    (
        "ALIBABA_CLOUD_THROTTLING_RETRY_ENABLED, ALIBABA_CLOUD_THROTTLING_RETRY_MAX_ATTEMPTS, ALIBABA_CLOUD_THROTTLING_RETRY_MAX_DELAY_MS",
        texts::THROTTLING,
    ),
    ("ALIBABA_CLOUD_CLI_PLUGIN_SOURCE_BASE", texts::PLUGINS),
    ("ALIYUN_CLI", texts::OTHER_CLI),
    ("ALIYUN_CONFIGURE_HANDED_OVER", texts::HANDED_OVER),
    (
        "ALIBABA_CLOUD_CREDENTIALS_URI, ALIBABACLOUD_CREDENTIALS_URI, ALICLOUD_CREDENTIALS_URI, ALICLOUD_ECS_ROLE_NAME, ALIBABACLOUD_ROLE_SESSION_NAME",
        texts::IMPORTED,
    ),
    ("GITHUB_ENV", texts::GITHUB),
    ("NO_COLOR, TERM", texts::COLOUR),
    ("LANG", texts::LANG),
    ("HOME, HOMEDRIVE, HOMEPATH, USERPROFILE", texts::HOME),
    ("PATH", texts::PATH),
    ("SHELL, ZDOTDIR", texts::SHELLS),
    ("COMP_LINE, COMP_POINT, ALIYUN_COMPLETE", texts::COMPLETING),
];

const FILES: &[(&str, Message)] = &[
    ("~/.aliyun/config.json", texts::CONFIG),
    ("~/.aliyun/config.json.lock, ~/.aliyun/config.json.refresh.lock", texts::LOCK),
    ("~/.aliyun/safety-policy.json", texts::POLICY_FILE),
    ("~/.aliyun/ai-mode.json", texts::AI_FILE),
    ("~/.aliyun/plugin-settings.json", texts::PLUGIN_FILE),
    ("~/.aliyun/throttling-retry.json", texts::THROTTLING_FILE),
    ("~/.aliyuncli/credentials, ~/.aliyuncli/configure", texts::LEGACY),
];

/// Returns what surrounds the program, in one language.
pub(super) fn sections(language: Language) -> Vec<Section> {
    let section = |title: Message, rows| Section { title: title.in_language(language).to_owned(), rows };
    let table = |rows: &[(&str, Message)]| {
        let row =
            |(name, text): &(&str, Message)| ((*name).to_owned(), text.in_language(language).to_owned());
        rows.iter().map(row).collect()
    };
    vec![
        section(texts::EXIT_STATUS, table(EXIT_CODES)),
        section(texts::SETTINGS, settings()),
        section(texts::ENVIRONMENT, table(VARIABLES)),
        section(texts::FILES, table(FILES)),
    ]
}

/// Returns the settings that the environment stands in for, each with its variables, strongest first.
fn settings() -> Vec<(String, String)> {
    let read = Field::ALL.iter().filter(|field| !field.variables().is_empty());
    read.map(|field| (field.json().to_owned(), field.variables().join(", "))).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Where variables of other programs stand, which are compared or set, and not read.
    const OTHERS: [&str; 4] =
        ["credentials/variables.rs", "exec/mod.rs", "exec/serve.rs", "check/environment.rs"];

    /// Collects the names of variables in the code of a folder: those of ours, and all that are read in place.
    fn collect(folder: &Path, names: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let shown = path.to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                collect(&path, names);
            } else if !OTHERS.iter().any(|other| shown.ends_with(other)) && !shown.contains("tests") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                names.extend(lines.flat_map(names_in));
            }
        }
    }

    fn names_in(line: &str) -> Vec<String> {
        let pieces: Vec<_> = line.split('"').collect();
        let is_name = |text: &str| {
            text.len() > 1 && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        };
        let is_read = |before: &str, name: &str| {
            let is_ours = ["ALIBABA", "ALICLOUD_", "ALIYUN_"].iter().any(|start| name.starts_with(start));
            is_ours || before.ends_with(".var(") || before.ends_with(".is_on(")
        };
        let pairs = pieces.windows(2).filter(|pair| is_name(pair[1]) && is_read(pair[0], pair[1]));
        pairs.map(|pair| pair[1].to_owned()).collect()
    }

    #[test]
    fn every_variable_that_is_read_has_a_row() {
        let mut names = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
        assert!(names.len() > 40 && names.contains(&"SSL_CERT_FILE".to_owned()), "{names:?}");
        let text = format!("{:?}", sections(Language::English));
        for name in names {
            assert!(text.contains(&name), "{name} is read, and no section names it");
        }
    }

    #[test]
    fn every_section_is_there_in_both_languages() {
        let [english, chinese] = [Language::English, Language::Chinese].map(sections);
        let names = |sections: &[Section]| -> Vec<String> {
            sections.iter().flat_map(|section| section.rows.iter().map(|row| row.0.clone())).collect()
        };
        assert_eq!(names(&english), names(&chinese));
        assert!(english.iter().zip(&chinese).all(|(one, other)| one.title != other.title));
    }
}
