//! Runs a case and finds what it led to.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use fake_cloud::{FakeCloud, Json, Listeners, Scenario};

use crate::{
    Outcome,
    case::{Case, Step, StepResult},
    compare::Got,
    home::{Home, temporary},
    terminal,
    text::{Patterns, fill, fill_text},
};
#[cfg(unix)]
use crate::{browser, namespace, pty};

/// Everything that cases share: the program, the cloud, the browser and a folder for all of it.
pub(crate) struct Runner {
    binary: String,
    cloud: FakeCloud,
    work: PathBuf,
    tools: PathBuf,
    patterns: Patterns,
}

impl Runner {
    /// Makes the cases' world: with the network in this process's namespace, or without.
    pub(crate) fn new(binary: &Path, with_network: bool) -> Outcome<Self> {
        let work = temporary("conformance-", &std::env::temp_dir())?;
        let listeners = if with_network { Listeners::namespace() } else { Listeners::default() };
        #[cfg(unix)]
        if with_network {
            namespace::furnish(&work)?;
        }
        let binary = std::path::absolute(binary)?;
        let tools = work.join("bin");
        fs::create_dir(&tools)?;
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&binary, tools.join("aliyun"))?;
            browser::install(&tools)?;
        }
        Ok(Self {
            binary: binary.to_str().ok_or("the binary's path is not UTF-8")?.to_owned(),
            cloud: FakeCloud::start(listeners)?,
            work,
            tools,
            patterns: Patterns::new()?,
        })
    }

    /// Runs all steps of a case in a fresh home.
    pub(crate) fn run(&self, case: &Case) -> Outcome<Got> {
        let home = Home::new(&self.work, case)?;
        self.cloud.reset(scenario(case, &home.name)?, &case.secrets);
        let steps = case.steps.iter().map(|step| self.step(case, step, &home));
        Ok(Got {
            steps: steps.collect::<Outcome<_>>()?,
            files: home.files(case, &self.patterns)?,
            requests: self.requests(&home.name)?,
        })
    }

    fn requests(&self, home: &str) -> Outcome<Vec<Json>> {
        let requests = self.cloud.requests().into_iter().map(Json::from);
        requests.map(|request| self.patterns.scrub(&request, home)).collect()
    }

    fn step(&self, case: &Case, step: &Step, home: &Home) -> Outcome<StepResult> {
        let mut command = Command::new(&self.binary);
        command
            .args(step.argv.iter().map(|arg| fill_text(arg, &home.name)))
            .env_clear()
            .envs(self.environment(case, step, home)?)
            // Without it Windows finds no sockets.
            .envs(std::env::var_os("SystemRoot").map(|folder| ("SystemRoot", folder)))
            // Where coverage is measured, what the binary counts does not belong into the home folder.
            .envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
            .current_dir(home.path());
        let filled = |lines: &Vec<String>| lines.iter().map(|line| fill_text(line, &home.name)).collect();
        let lines = step.lines.as_ref().map(filled);
        let stdin = fill_text(&step.stdin, &home.name);
        let result = match step.tty {
            #[cfg(unix)]
            true => pty::on_tty(command, step, lines.unwrap_or_default(), &self.patterns)?,
            _ => terminal::on_pipes(command, step, &stdin, lines, &self.patterns)?,
        };
        let clean = |text: &str| -> Outcome<String> {
            Ok(self.patterns.plain(&self.patterns.scrub_text(text, &home.name)?))
        };
        Ok(StepResult { code: result.code, stdout: clean(&result.stdout)?, stderr: clean(&result.stderr)? })
    }

    /// All that the program finds in its environment.
    fn environment(&self, case: &Case, step: &Step, home: &Home) -> Outcome<BTreeMap<String, String>> {
        let text = |path: &Path| path.to_str().map(str::to_owned).ok_or("a path is not UTF-8");
        let path = if step.no_browser {
            "/usr/bin:/bin".to_owned()
        } else {
            format!("{}:/usr/local/bin:/usr/bin:/bin", text(&self.tools)?)
        };
        let base = [
            ("PATH", path),
            (if cfg!(windows) { "USERPROFILE" } else { "HOME" }, home.name.clone()),
            ("SSL_CERT_FILE", text(self.cloud.ca_file())?),
            ("LANG", "C.UTF-8".to_owned()),
            #[cfg(unix)]
            (browser::ACT, step.browser.clone()),
            #[cfg(unix)]
            (browser::LOG, text(&self.work.join("browser.log"))?),
        ];
        let base = base.map(|(name, value)| (name.to_owned(), value));
        let own = case.env.iter().chain(&step.env);
        let own = own.map(|(name, value)| (fill_text(name, &home.name), fill_text(value, &home.name)));
        Ok(base.into_iter().chain(own).collect())
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // What is left over is temporary anyway.
        let _ = fs::remove_dir_all(&self.work);
    }
}

fn scenario(case: &Case, home: &str) -> Outcome<Scenario> {
    Ok(match &case.cloud {
        Some(cloud) => serde_json::from_str(&fill(cloud, home).to_line()?)?,
        None => Scenario::default(),
    })
}
