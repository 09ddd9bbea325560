//! A rotation that is killed, or whose files fail, at any of its requests and writes.

use std::collections::BTreeMap;
use std::fs;

use fake_cloud::{FakeCloud, Listeners, Overrides};
use serde_json::json;

use crate::support::environment::TestEnvironment;
use crate::support::strace::{can_trace, trace, traced};

const OLD: &str = "LTAI5tOldKey000000xyz";
const NEW: &str = "LTAI5tCreated0001";
const ROTATE: &[&str] = &["configure", "rotate"];

/// Makes a home whose profile has the only key of the cloud's user.
fn prepared(cloud: &FakeCloud) -> TestEnvironment {
    cloud.reset(Overrides::none(), [(OLD, "old-secret")]);
    let environment = TestEnvironment::new()
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    let profile = json!({
        "name": "p", "mode": "AK", "access_key_id": OLD, "access_key_secret": "old-secret", "region_id": "cn-hangzhou",
    });
    environment.write_config(&json!({"current": "p", "profiles": [profile]}).to_string());
    environment
}

/// Returns the calls of a trace that are about the config's folder or a socket: each by its name, its number among
/// those of that name, and whether it is about the folder.
fn calls(trace: &str) -> Vec<(String, usize, bool)> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut found = Vec::new();
    for line in trace.lines() {
        let Some((process, rest)) = line.split_once(' ') else { continue };
        let Some((name, arguments)) = rest.trim_start().split_once('(') else { continue };
        let count = counts.entry((process, name)).or_default();
        *count += 1;
        let is_file = arguments.contains("/.aliyun");
        if is_file || ["socket:[", "TCP:["].iter().any(|socket| arguments.contains(socket)) {
            found.push((name.to_owned(), *count, is_file));
        }
    }
    found
}

/// Asserts that the key in the file works, and that the next rotation goes on or says which key is left; returns
/// the id of the key in the file.
fn survives(environment: &TestEnvironment, what: &str) -> String {
    let config = environment.json();
    let id = config["profiles"][0]["access_key_id"].as_str().unwrap().to_owned();
    assert!([OLD, NEW].contains(&id.as_str()), "{what}: {config}");
    let call = environment.run(&["sts", "GetCallerIdentity"]);
    assert_eq!((call.code, call.stderr.as_str()), (0, ""), "{what}");
    let next = environment.run(ROTATE);
    let left = if id == OLD { NEW } else { OLD };
    let tells_what_is_left = next.code == 1 && next.stderr.contains(&format!("there is {left} ("));
    assert!(next.code == 0 || tells_what_is_left, "{what}: {next:?}");
    environment.succeeds(&["configure", "set", "--profile", "p", "--region", "cn-beijing"]);
    let folder = fs::read_dir(environment.home().join(".aliyun")).unwrap();
    let mut files: Vec<_> = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.sort_unstable();
    assert_eq!(files, ["config.json", "config.json.lock"], "{what}");
    id
}

#[test]
fn a_rotation_that_ends_or_fails_anywhere_leaves_a_key_that_works() {
    if !can_trace("a_rotation_that_ends_or_fails_anywhere") {
        return;
    }
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let environment = prepared(&cloud);
    let plain = traced(&environment, &["-y"], ROTATE);
    assert!(plain.status.success(), "{plain:?}");
    let calls = calls(&fs::read_to_string(trace(&environment)).unwrap());
    let (mut ends, mut failures) = (BTreeMap::<String, usize>::new(), 0);
    for (name, number, is_file) in calls {
        let faults: &[&str] = if is_file { &["signal=KILL", "error=EIO"] } else { &["signal=KILL"] };
        for fault in faults {
            let environment = prepared(&cloud);
            let what = format!("inject={name}:{fault}:when={number}");
            let output = traced(&environment, &["-e", &what], ROTATE);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!said.contains("panicked") && !said.contains("-secret"), "{what}: {said}");
            failures += usize::from(output.status.code() == Some(1));
            *ends.entry(survives(&environment, &what)).or_default() += 1;
        }
    }
    assert!(failures > 10, "only {failures} rotations failed");
    assert!([OLD, NEW].iter().all(|id| ends.get(*id).is_some_and(|count| *count > 10)), "{ends:?}");
}
