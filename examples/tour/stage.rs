//! The surroundings of the tour: a home folder, a cloud, and what they hold.

#![cfg(unix)]

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use aliyun_configure::{ConfigStore, FakeHost, Field, Profile};
use fake_cloud::{Answer, FakeCloud, Listeners, Overrides};
use pty_process::blocking::Command;
use serde_json::json;
use tempfile::TempDir;

use crate::Outcome;
use crate::options::Language;

/// The access key that the cloud knows.
pub(crate) const KEY: (&str, &str) = ("LTAI5tExampleKeyOne", "tour-secret-of-key-one");

/// The surroundings; they are gone when this is dropped.
pub(crate) struct Stage {
    folder: TempDir,
    cloud: FakeCloud,
    language: Language,
}

impl Stage {
    /// Starts a cloud, and makes a home folder and one that holds the program alone.
    ///
    /// # Errors
    ///
    /// Whatever keeps files from being made or the cloud from listening.
    pub(crate) fn set_up(program: &Path, language: Language) -> Outcome<Self> {
        let folder = TempDir::new()?;
        let cloud = FakeCloud::start(Listeners::proxy())?;
        let tokens = json!({
            "access_token": "tour-access-token-0002", "refresh_token": "tour-refresh-token-2", "expires_in": 3600,
        });
        cloud.reset(Overrides::none().answer("POST /v1/token", Answer::ok(tokens.to_string())), [KEY]);
        let stage = Self { folder, cloud, language };
        fs::create_dir(stage.home())?;
        fs::create_dir(stage.bin())?;
        symlink(program, stage.bin().join("aliyun"))?;
        Ok(stage)
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn bin(&self) -> PathBuf {
        self.folder.path().join("bin")
    }

    /// Makes the command with which a shell runs this text.
    ///
    /// # Errors
    ///
    /// The search path cannot be put together.
    pub(crate) fn shell(&self, text: &str) -> Outcome<Command> {
        let command = Command::new("/bin/sh").arg("-c").arg(text).current_dir(self.home()).env_clear();
        Ok(command
            .env("HOME", self.home())
            .env("PATH", self.search_path()?)
            .env("TERM", "xterm-256color")
            .env("HTTPS_PROXY", self.cloud.proxy_url().unwrap_or_default())
            .env("SSL_CERT_FILE", self.cloud.ca_file()))
    }

    fn search_path(&self) -> Outcome<OsString> {
        let others = env::var_os("PATH").unwrap_or_default();
        Ok(env::join_paths([self.bin()].into_iter().chain(env::split_paths(&others)))?)
    }

    /// Adds the profile `work`, as a login in a browser has left it long ago.
    ///
    /// # Errors
    ///
    /// The config file cannot be changed.
    pub(crate) fn add_spent_login(&self) -> Outcome<()> {
        let mut profile = Profile::new("work");
        for (field, text) in [
            (Field::Mode, "OAuth"),
            (Field::OauthSiteType, "CN"),
            (Field::RegionId, "cn-beijing"),
            (Field::OutputFormat, "json"),
            (Field::Language, self.language.code()),
            (Field::AccessKeyId, "STS.spent"),
        ] {
            profile.set_text(field, text);
        }
        for (field, secret) in [
            (Field::OauthAccessToken, "tour-access-token-0001"),
            (Field::OauthRefreshToken, "tour-refresh-token-1"),
            (Field::AccessKeySecret, "tour-secret-of-yesterday"),
            (Field::StsToken, "tour-session-of-yesterday"),
        ] {
            profile.set_text(field, secret);
        }
        profile.set_text(Field::OauthAccessTokenExpire, "1");
        profile.set_text(Field::StsExpiration, "1");
        let store = ConfigStore::open(&FakeHost::new().with_home(self.home()))?;
        store.update(|config| {
            config.put(profile);
            Ok(())
        })?;
        Ok(())
    }
}
