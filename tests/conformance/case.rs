//! The form of a case, and where cases come from.

use std::{collections::BTreeMap, fmt, fs, path::Path};

use fake_cloud::Json;
use indexmap::IndexMap;
use serde::Deserialize;

use crate::{Outcome, home::as_text};

pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance");

/// One case of `cases/<area>.json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    #[serde(skip)]
    pub(crate) area: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) why: String,
    /// Files below HOME before the first step: text, JSON, or `{text|hex|link|dir, mode}`.
    #[serde(default)]
    pub(crate) home: IndexMap<String, Json>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) steps: Vec<Step>,
    /// Answers that replace the fake cloud's own.
    pub(crate) cloud: Option<Json>,
    /// Secrets by AccessKey id, for the verification of signatures.
    #[serde(default)]
    pub(crate) secrets: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) expect: Expectation,
    /// What is compared less strictly, by part.
    #[serde(default)]
    pub(crate) compare: BTreeMap<String, String>,
    /// Regular expressions by part.
    #[serde(default)]
    pub(crate) must_match: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) must_not_match: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) check_files: IndexMap<String, Json>,
    /// What the JSON on stdout must hold, by step.
    #[serde(default)]
    pub(crate) check_json: Vec<Option<Json>>,
    /// What a shell must have for these variables once it has evaluated stdout, by step.
    #[serde(default)]
    pub(crate) check_env: Vec<Option<BTreeMap<String, Option<String>>>>,
    /// Regular expressions of files that are not looked at.
    #[serde(default = "plugins_and_locks")]
    pub(crate) ignore_files: Vec<String>,
}

/// One run of the program.
#[derive(Debug, Deserialize)]
pub(crate) struct Step {
    pub(crate) argv: Vec<String>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    /// Answers that are sent one at a time, each when a prompt stands.
    pub(crate) lines: Option<Vec<String>>,
    /// Input that is sent all at once.
    #[serde(default)]
    pub(crate) stdin: String,
    /// Whether the lines are typed on a terminal.
    #[serde(default)]
    pub(crate) tty: bool,
    /// What the stand-in browser does with a sign-in page.
    #[serde(default = "no_act")]
    #[cfg_attr(not(unix), expect(dead_code, reason = "elsewhere there is no stand-in"))]
    pub(crate) browser: String,
    #[serde(default)]
    pub(crate) no_browser: bool,
    /// After how many seconds the program is ended.
    #[serde(default = "twenty")]
    pub(crate) timeout: f64,
}

/// What a case must lead to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Expectation {
    #[serde(default)]
    pub(crate) steps: Vec<StepResult>,
    pub(crate) files: Option<BTreeMap<String, Json>>,
    pub(crate) requests: Option<Vec<Json>>,
}

/// What one run of the program led to.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct StepResult {
    pub(crate) code: Code,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// How the program ended.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Code {
    /// The exit code, or the negative number of the signal that ended it.
    Exit(i32),
    /// `timeout`: it did not end.
    Never(String),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(code) => code.fmt(f),
            Self::Never(word) => word.fmt(f),
        }
    }
}

impl Default for StepResult {
    fn default() -> Self {
        Self { code: Code::Exit(0), stdout: String::new(), stderr: String::new() }
    }
}

impl Case {
    /// The name as filters know it.
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.area, self.name)
    }

    /// Says whether the case speaks to the fake cloud; the check of a role asks the metadata service.
    pub(crate) fn needs_network(&self) -> bool {
        let calls = |step: &Step| step.argv.first().is_some_and(|word| word == "sts");
        self.cloud.is_some()
            || !self.secrets.is_empty()
            || self.expect.requests.is_some()
            || self.steps.iter().any(calls)
            || self.expect.steps.iter().any(|step| step.stdout.contains("Ecs Ram Role ["))
    }

    /// Says what of Unix the case is about, if anything: such a case is not run elsewhere.
    pub(crate) fn needs_unix(&self) -> Option<&'static str> {
        let has = |file: &Json, key: &str| file.get(key).is_some();
        let is_described = |file: &Json| has(file, "text") || has(file, "hex") || has(file, "dir");
        let put = || self.home.values();
        let is_unix_path = |word: &String| word.starts_with("/bin/") || word.starts_with("/usr/bin/");
        let resolves = |word: &String| word == "export-credentials" || word == "exec";
        let words = || self.steps.iter().flat_map(|step| &step.argv);
        let has_helper =
            || put().any(|file| as_text(file).is_ok_and(|text| text.contains("process_command")));
        let reasons = [
            (self.steps.iter().any(|step| step.tty), "a terminal of Unix"),
            (self.check_env.iter().any(Option::is_some), "a POSIX shell"),
            (words().any(is_unix_path), "programs of Unix"),
            (words().any(resolves) && has_helper(), "a helper that is a program of Unix"),
            (put().any(|file| has(file, "link")), "symbolic links"),
            (put().any(|file| is_described(file) && has(file, "mode")), "modes of files"),
            (self.check_files.values().any(|file| has(file, "link")), "symbolic links"),
        ];
        reasons.iter().find(|(needs, _)| *needs).map(|(_, what)| *what)
    }
}

fn plugins_and_locks() -> Vec<String> {
    vec![r"^\.aliyun/plugins".to_owned(), r"\.lock$".to_owned()]
}

fn no_act() -> String {
    "none".to_owned()
}

fn twenty() -> f64 {
    20.0
}

/// Reads all cases, in the order of their areas.
pub(crate) fn load() -> Outcome<Vec<Case>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(Path::new(FOLDER).join("cases"))? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let area = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let in_file = |error| format!("{}: {error}", path.display());
        let found: Vec<Case> = serde_json::from_str(&fs::read_to_string(&path)?).map_err(in_file)?;
        cases.extend(found.into_iter().map(|case| Case { area: area.clone(), ..case }));
    }
    Ok(cases)
}
