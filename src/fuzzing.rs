//! Doors to the readers of what others wrote, for the fuzz targets in `fuzz/`. Only a build by cargo-fuzz has
//! them: it sets `cfg(fuzzing)`.
//!
//! They give what a user would see, so that a target can say what must hold for it.

use std::{fs, io};

use serde::Serialize;

use crate::config::ini::Ini;
use crate::config::legacy;
use crate::config::{Config, Excerpt};
use crate::error::Error;
use crate::host::FakeHost;
use crate::http::Response;
use crate::http::secret_json::SecretJson;
use crate::language::Language;
use crate::secret::{self, Secret, redact};
use crate::storage::atomic_file::AtomicFile;
use crate::storage::json;
use crate::sts;
use crate::sts::session::{read_json, read_session};

pub use crate::cli::fuzzing::{arguments, completions, import};
pub use crate::modes::fuzzing::{
    callback, cloud_sso, credentials_uri, helper_output, oauth, process_command, rsa_key_pair,
};

fn written(value: &impl Serialize) -> String {
    json::to_vec(value).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
}

/// Reads a config file, and returns it as it would be written, or what is said of it.
pub fn config(text: &str) -> Result<String, String> {
    Config::parse(text, Language::English).map(|config| written(&config))
}

/// Reads a config file for one profile alone, and returns that or what is said of the file.
pub fn excerpt(text: &str, name: &str) -> Result<Option<String>, String> {
    let excerpt = Excerpt::parse(text, Language::English, &[name])?;
    Ok(excerpt.profile(name).map(written))
}

/// Returns the same as [`excerpt`], by way of the whole file.
pub fn profile(text: &str, name: &str) -> Result<Option<String>, String> {
    let config = Config::parse(text, Language::English)?;
    Ok(config.profile(name).map(written))
}

/// Reads the files of the older command line, and returns the config that they become.
pub fn older_files(credentials: &str, settings: &str) -> Option<String> {
    let config = legacy::take_over(&Ini::parse(credentials), &Ini::parse(settings), Language::English)?;
    Some(written(&config))
}

/// Reads a file beside which an unfinished write has left a copy, and takes the lock on it. Returns what was read, what
/// the file holds then, and the names of what stands beside it.
pub fn unfinished_write(
    found: &[u8],
    copy: &[u8],
) -> io::Result<(Result<String, String>, Vec<u8>, Vec<String>)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("config.json");
    fs::write(&path, found)?;
    fs::write(folder.path().join("config.json.rewrite"), copy)?;
    let file = AtomicFile::new(&path);
    let read = file.read().map(|text| text.map(|text| text.to_string()).unwrap_or_default());
    drop(file.lock().map_err(io::Error::other)?);
    let names =
        fs::read_dir(folder.path())?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok((read.map_err(|error| error.to_string()), fs::read(&path)?, names))
}

/// Reads any response of a server, and returns it as it would be printed; `None` where it is no JSON.
pub fn answer(body: &str) -> Option<String> {
    let response = SecretJson::parse(&body.into())?;
    let members = response.members().iter();
    members.for_each(|(name, value)| drop((response.shown(name), value.whole(), value.items())));
    Some(json::with_sorted_keys(body, "\t"))
}

/// Reads a session, as the response or as a member of it, and returns what is said of it where it holds none.
pub fn session(body: &str) -> Result<(), String> {
    let read = |body: &str| {
        let response = read_json(&body.into(), "failed")?;
        let read = |session| read_session(&FakeHost::new(), session, "failed", "static_sts".into());
        read(&response).or_else(|_| read(response.get("Credentials"))).map(drop)
    };
    read(body).map_err(|error: Error| error.to_string())
}

/// Reads the response of a service that refuses a call made with this secret, and returns what is said of it.
pub fn service_error(body: &str, secret: &str) -> String {
    let response = Response { status: 400, body: body.into(), ..Response::default() };
    sts::service_error(&response, &[&Secret::from(secret)]).to_string()
}

/// Strikes a secret out of what a server says.
pub fn struck(text: &str, secret: &str) -> String {
    redact(text, [&secret.into()])
}

/// Returns a command line, and the same as an address, as `list` shows them.
pub fn shown(text: &str) -> [String; 2] {
    [secret::shown::command(text), secret::shown::address(text)]
}
