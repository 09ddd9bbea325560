//! What each mode obtains, asks and refuses: case files, run in process against the fake cloud on real
//! sockets and TLS.
//!
//! A case is a JSON file in `cases/MODE/`: the `profile`, the `others` beside it, variables (`vars`), what the
//! `cloud` answers, the AccessKey `keys` it knows, what a `helper` prints, and what is expected: `keys_of` the
//! obtained access key, or an `error`, and the `requests` as the cloud logged them. `~HERE~` stands for this
//! folder, `~HOME~` for the home folder of the case.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::environment::mode_names;
use aliyun_configure::{
    ConfigStore, CredentialResolver, Credentials, FakeHost, HelperFailure, HelperOutput, Result, Secret,
};
use fake_cloud::{FakeCloud, Listeners, Overrides};
use serde::Deserialize;
use serde_json::{Value, json};

/// The time in every case: 2023-11-14T22:13:20Z.
const NOW: i64 = 1_700_000_000;

/// The modes that ask the metadata service, whose address only the conformance cases have.
const AT_THE_METADATA_SERVICE: [&str; 2] = ["EcsRamRole", "RamRoleArnWithRoleName"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    profile: Value,
    #[serde(default)]
    others: Vec<Value>,
    #[serde(default)]
    vars: BTreeMap<String, String>,
    #[serde(default)]
    keys: BTreeMap<String, String>,
    #[serde(default)]
    cloud: Option<Overrides>,
    #[serde(default)]
    helper: Helper,
    #[serde(default)]
    files: BTreeMap<String, String>,
    expect: Expect,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Helper {
    #[serde(default)]
    prints: String,
    ends_with: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// What was obtained: `[id, secret, token]`, or a word for what is no access key.
    obtained: Option<Value>,
    /// Words that the error holds.
    error: Option<String>,
    /// The requests, if they matter.
    requests: Option<Value>,
    /// The profile as it is stored afterwards; unchanged where this is left out.
    stored: Option<Value>,
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/modes")
}

/// Returns a path as it stands within a text in JSON: on Windows it has backslashes.
fn in_json(path: &Path) -> String {
    let quoted = json!(path).to_string();
    quoted.trim_matches('"').to_owned()
}

/// Gives the paths of all cases below a folder, sorted.
fn case_files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { case_files(&path) } else { vec![path] }).collect()
}

fn obtained(result: Result<Credentials>) -> std::result::Result<Value, String> {
    match result {
        Ok(Credentials::AccessKey(keys)) => {
            let token = keys.security_token.as_ref().map(Secret::expose);
            Ok(json!([keys.access_key_id, keys.access_key_secret.expose(), token]))
        }
        Ok(Credentials::Bearer { token, header }) => Ok(json!({"bearer": token.expose(), "header": header})),
        Ok(Credentials::Anonymous) => Ok(json!("anonymous")),
        Ok(other) => panic!("unknown credentials {other:?}"),
        Err(error) => Err(error.to_string()),
    }
}

fn run(cloud: &FakeCloud, path: &Path) -> std::result::Result<(), String> {
    let home = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(path).unwrap();
    let text = text.replace("~HERE~", &in_json(&here())).replace("~HOME~", &in_json(home.path()));
    let case: Case = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    for (name, content) in &case.files {
        fs::write(home.path().join(name), content).unwrap();
    }
    cloud.reset(case.cloud.unwrap_or_default(), case.keys);
    cloud.register_rsa_key("pair", &fs::read(here().join("keys/public.der")).unwrap());
    let host = host(cloud, home.path(), &case.vars, case.helper);
    let profiles: Vec<_> = [&case.profile].into_iter().chain(&case.others).collect();
    let config = json!({"current": case.profile["name"], "profiles": profiles, "meta_path": ""});
    let file = home.path().join("config.json");
    fs::write(&file, config.to_string()).unwrap();
    let resolver = CredentialResolver::new(&host, ConfigStore::open_path(&host, &file));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let got = obtained(runtime.block_on(resolver.resolve()));
    compare(&case.expect, got)?;
    if let Some(want) = &case.expect.requests {
        same("requests", want, &json!(plain(cloud.requests())))?;
    }
    let stored: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    same("stored profile", case.expect.stored.as_ref().unwrap_or(&case.profile), &stored["profiles"][0])
}

fn host(cloud: &FakeCloud, home: &Path, vars: &BTreeMap<String, String>, helper: Helper) -> FakeHost {
    let proxy = cloud.proxy_url().unwrap();
    let host = FakeHost::new()
        .with_home(home)
        .with_now(NOW)
        .with_helper(HelperOutput {
            stdout: Secret::new(helper.prints),
            failure: helper.ends_with.map(HelperFailure::Exited),
        })
        .with_var("HTTPS_PROXY", &proxy)
        .with_var("HTTP_PROXY", &proxy)
        .with_var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    vars.iter().fold(host, |host, (name, value)| host.with_var(name, value))
}

fn compare(expect: &Expect, got: std::result::Result<Value, String>) -> std::result::Result<(), String> {
    match (&expect.obtained, &expect.error, got) {
        (Some(want), None, Ok(got)) => same("obtained", want, &got),
        (None, Some(want), Err(got)) if got.contains(want) => Ok(()),
        (_, _, got) => Err(format!("obtained {:?} / {:?}, but got {got:?}", expect.obtained, expect.error)),
    }
}

fn same(what: &str, want: &Value, got: &Value) -> std::result::Result<(), String> {
    if want == got {
        return Ok(());
    }
    Err(format!("{what}\n  want {want}\n  got  {got}"))
}

/// Leaves out what is the same in every request.
fn plain(mut requests: Vec<Value>) -> Vec<Value> {
    for request in &mut requests {
        let request = request.as_object_mut().unwrap();
        request.remove("user-agent");
        request.remove("version");
    }
    requests
}

#[test]
fn every_case_of_every_mode_holds() {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let files = case_files(&here().join("cases"));
    let failures: Vec<_> = files
        .iter()
        .filter_map(|path| Some((path, run(&cloud, path).err()?)))
        .map(|(path, why)| format!("{}: {why}", path.strip_prefix(here()).unwrap().display()))
        .collect();
    assert!(failures.is_empty(), "{} of {} cases:\n{}", failures.len(), files.len(), failures.join("\n"));
}

#[test]
fn every_mode_has_cases_that_work_and_cases_that_fail() {
    for mode in mode_names() {
        let folder = here().join("cases").join(&mode);
        assert!(folder.is_dir(), "no cases for {mode}");
        let cases = case_files(&folder);
        let expects = |word: &str| {
            cases.iter().any(|path| {
                let case: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
                !case["expect"][word].is_null()
            })
        };
        let works = expects("obtained") || AT_THE_METADATA_SERVICE.contains(&mode.as_str());
        assert!(works && expects("error"), "{mode} lacks a kind of case");
    }
}
