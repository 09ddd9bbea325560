//! What has to hold on every system, and is easily another thing on Windows: line ends, paths, the home folder,
//! writers at the same time, a login. Nothing here needs a terminal, a mode of a file, or a name of the cloud's.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use fake_cloud::{FakeCloud, Listeners};

use crate::support::environment::{TestEnvironment, run_of};

/// The name of a folder that any quoting or encoding gone wrong would tear apart.
const ODD_NAME: &str = "我的 文件 & (配置)";

#[test]
fn writers_at_the_same_time_lose_no_profile() {
    let environment = TestEnvironment::new();
    let start = |name: &str| -> Child {
        Command::new(env!("CARGO_BIN_EXE_aliyun"))
            .args(["configure", "set", "--mode", "BearerToken", "--bearer-token", "token"])
            .args(["--region", "cn-hangzhou", "--profile", name])
            .env_clear()
            .envs(environment.variables())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let mut expected = vec!["default".to_owned()];
    for round in 0..4 {
        let names: Vec<_> = (0..6).map(|writer| format!("p{round}-{writer}")).collect();
        let writers: Vec<_> = names.iter().map(|name| start(name)).collect();
        for writer in writers {
            let run = run_of(writer.wait_with_output().unwrap());
            assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
        }
        expected.extend(names);
    }
    let config = environment.json();
    let mut found: Vec<_> =
        config["profiles"].as_array().unwrap().iter().map(|p| p["name"].clone()).collect();
    found.sort_by_key(ToString::to_string);
    expected.sort();
    assert_eq!(found, expected);
    let folder = fs::read_dir(environment.home().join(".aliyun")).unwrap();
    let left = folder.map(|entry| entry.unwrap().file_name()).filter(|name| name != "config.json.lock");
    assert_eq!(left.collect::<Vec<_>>(), ["config.json"]);
}

#[test]
fn a_reader_holds_up_no_writer_for_longer_than_it_reads() {
    let environment = TestEnvironment::with_profiles(&["a"]);
    let reader = fs::File::open(environment.config_path()).unwrap();
    let reading = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        drop(reader);
    });
    environment.succeeds(&["configure", "set", "--region", "cn-beijing"]);
    reading.join().unwrap();
    assert_eq!(environment.succeeds(&["configure", "get", "region"]), "cn-beijing\n");
}

#[test]
fn answers_may_end_in_carriage_return_and_line_feed() {
    let environment = TestEnvironment::new();
    let arguments = ["configure", "--mode", "BearerToken"];
    let run = environment.run_with(&arguments, "a token\r\nx-key\r\ncn-hangzhou\r\nzh\r\n");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    let profile = &environment.json()["profiles"][0];
    assert_eq!(profile["bearer_token"], "a token");
    assert_eq!(profile["bearer_token_header_key"], "x-key");
    assert_eq!(profile["region_id"], "cn-hangzhou");
    assert_eq!(profile["language"], "zh");
}

#[test]
fn a_secret_is_read_from_a_line_with_carriage_return_and_line_feed() {
    let environment = TestEnvironment::with_profiles(&["a"]);
    let set = ["configure", "set", "--access-key-secret", "-"];
    let run = environment.run_with(&set, "another\r\n");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "another");
    let file = environment.home().join(ODD_NAME);
    fs::write(&file, "third\r\n").unwrap();
    let at_file = format!("@{}", file.to_str().unwrap());
    environment.succeeds(&["configure", "set", "--access-key-secret", &at_file]);
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "third");
}

#[test]
fn output_ends_its_lines_the_same_way_everywhere() {
    let environment = TestEnvironment::with_profiles(&["a"]);
    for arguments in
        [&["configure", "list"] as &[&str], &["configure", "get", "region"], &["configure", "--help"]]
    {
        let shown = environment.succeeds(arguments);
        assert!(shown.ends_with('\n') && !shown.contains('\r'), "{shown:?}");
    }
    environment.succeeds(&["configure", "set", "--region", "cn-beijing"]);
    assert!(!environment.config().contains('\r'));
}

#[test]
fn paths_may_hold_blanks_and_chinese_letters() {
    let environment = TestEnvironment::new();
    let file = environment.home().join(ODD_NAME).join("新 config.json");
    let path = file.to_str().unwrap();
    let set = "configure set --mode AK --access-key-id id --access-key-secret secret --region cn-hangzhou --profile";
    let words = set.split(' ').chain(["工作 号", "--config-path", path]);
    environment.succeeds(&words.collect::<Vec<_>>());
    let shown = environment.succeeds(&["configure", "list", "--config-path", path]);
    assert!(shown.contains("\n工作 号 *"), "{shown}");
    fs::write(&file, "{").unwrap();
    let said = environment.fails(&["configure", "list", "--config-path", path], 1, "新 config.json");
    assert!(said.contains(ODD_NAME), "{said}");
}

#[test]
fn the_home_folder_may_hold_blanks_and_chinese_letters() {
    let environment = TestEnvironment::new();
    let home = environment.home().join(ODD_NAME);
    fs::create_dir(&home).unwrap();
    let mut command =
        environment.command(&["configure", "set", "--profile", "p", "--mode", "Anonymous", "--region", "r"]);
    let run = run_of(command.env("HOME", &home).env("USERPROFILE", &home).output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(home.join(".aliyun/config.json").is_file());
    assert!(!environment.config_path().exists());
}

#[cfg(windows)]
#[test]
fn the_home_folder_is_that_of_the_drive_and_then_that_of_the_user_profile() {
    let environment = TestEnvironment::with_profiles(&["a"]);
    let region = |variables: &[(&str, &str)]| {
        let mut command = environment.command(&["configure", "get", "region"]);
        command.env_remove("HOME").env_remove("USERPROFILE").envs(variables.iter().copied());
        run_of(command.output().unwrap()).stdout
    };
    let home = environment.home().to_str().unwrap();
    let (drive, path) = home.split_at(2);
    assert_eq!(region(&[("USERPROFILE", home)]), "cn-hangzhou\n");
    assert_eq!(region(&[("HOMEDRIVE", drive), ("HOMEPATH", path)]), "cn-hangzhou\n");
    assert_eq!(
        region(&[("HOMEDRIVE", drive), ("HOMEPATH", path), ("USERPROFILE", "C:\\none")]),
        "cn-hangzhou\n"
    );
    assert_eq!(region(&[("HOMEDRIVE", drive), ("USERPROFILE", home)]), "cn-hangzhou\n");
    assert_ne!(region(&[("HOME", home), ("USERPROFILE", "C:\\none")]), "cn-hangzhou\n");
}

#[test]
fn a_login_without_a_browser_is_finished_elsewhere_and_serves_a_call() {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let environment = TestEnvironment::new()
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    let answers =
        "https://signin-cn-shanghai.alibabacloudsso.com/start/login\r\n1\r\n2\r\ncn-hangzhou\r\nen\r\n";
    let run = environment.run_with(&["configure", "--profile", "p", "--mode", "CloudSSO"], answers);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert!(
        run.stdout.contains("User code: ABCD-EFGH") && run.stdout.contains("Configure Done!!!"),
        "{}",
        run.stdout
    );
    let identity = environment.succeeds(&["sts", "GetCallerIdentity"]);
    assert!(identity.contains("\"IdentityType\""), "{identity}");
}
