//! A home folder of its own and a cleared environment, in which the binary runs.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use tempfile::TempDir;

pub(crate) struct TestEnvironment {
    home: TempDir,
    vars: Vec<(String, String)>,
}

/// What a run left on its streams.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl TestEnvironment {
    pub(crate) fn new() -> Self {
        Self { home: TempDir::new().unwrap(), vars: Vec::new() }
    }

    /// Starts with a config of AK profiles; the first one is current.
    pub(crate) fn with_profiles(names: &[&str]) -> Self {
        let environment = Self::new();
        let profiles: Vec<_> = names.iter().map(|name| ak_profile(name)).collect();
        let config = serde_json::json!({"current": names[0], "profiles": profiles, "meta_path": ""});
        environment.write_config(&config.to_string());
        environment
    }

    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn config_path(&self) -> PathBuf {
        self.home().join(".aliyun").join("config.json")
    }

    pub(crate) fn write_config(&self, text: &str) {
        fs::create_dir_all(self.home().join(".aliyun")).unwrap();
        fs::write(self.config_path(), text).unwrap();
    }

    pub(crate) fn config(&self) -> String {
        fs::read_to_string(self.config_path()).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.config()).unwrap()
    }

    /// Makes a command that knows nothing but this home folder.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_aliyun"));
        command.env_clear().envs(self.variables()).current_dir(self.home()).args(arguments);
        command
    }

    /// Gives all variables that a program in this environment has.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (OsString, OsString)> {
        let home = ["HOME", "USERPROFILE"].map(|name| (name.into(), self.home().into()));
        // Without it Windows finds no sockets.
        let system = std::env::var_os("SystemRoot").map(|folder| ("SystemRoot".into(), folder));
        // Where coverage is measured, what the binary counts does not belong into the home folder.
        let counts = std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE".into(), file));
        let own = self.vars.iter().map(|(name, value)| (name.into(), value.into()));
        home.into_iter().chain(system).chain(counts).chain(own)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        run_of(self.command(arguments).write_stdin(input).output().unwrap())
    }

    /// Runs, and asserts that it succeeds without a word on standard error.
    pub(crate) fn succeeds(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}: {}", run.stdout);
        run.stdout
    }

    /// Runs, and asserts that it fails with a code and says something about `about` on standard error only.
    pub(crate) fn fails(&self, arguments: &[&str], code: i32, about: &str) -> String {
        let run = self.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.starts_with("ERROR: ") && run.stderr.contains(about), "{}", run.stderr);
        run.stderr
    }
}

pub(crate) fn run_of(output: Output) -> Run {
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Returns the names of all modes, as completion offers them.
pub(crate) fn mode_names() -> Vec<String> {
    let line = "aliyun configure set --mode ";
    let environment =
        TestEnvironment::new().var("COMP_LINE", line).var("COMP_POINT", &line.len().to_string());
    environment.succeeds(&["aliyun", "", "--mode"]).lines().map(str::to_owned).collect()
}

pub(crate) fn ak_profile(name: &str) -> serde_json::Value {
    serde_json::json!({
        "name": name, "mode": "AK", "access_key_id": format!("LTAI{name}"), "access_key_secret": "exampleSecret",
        "region_id": "cn-hangzhou", "output_format": "json", "language": "en",
    })
}
