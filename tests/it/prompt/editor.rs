//! Editing answers.

use std::fs;

use fake_cloud::{FakeCloud, Listeners, Overrides};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use super::{QUESTIONS, at_question, configure, usual};
use crate::support::environment::TestEnvironment;
use crate::support::screen::{Screen, command};

const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBg\nkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----";

/// Answers the first two questions with these keys, and returns what is stored and what was shown.
fn answered(id: &str, secret: &str) -> ([String; 2], String) {
    let environment = TestEnvironment::new();
    let screen = configure(&environment);
    for (question, keys) in QUESTIONS.iter().zip([id, secret, "cn-hangzhou"]) {
        screen.wait_for(question);
        screen.type_keys(&format!("{keys}\r"));
    }
    screen.wait_for("Default Language [zh|en] en: ");
    screen.type_keys("\r");
    let terminal = screen.terminal();
    let (status, shown) = screen.end();
    assert!(status.success(), "{shown}");
    terminal.is_as_before();
    let profile = &environment.json()["profiles"][0];
    (["access_key_id", "access_key_secret"].map(|key| profile[key].as_str().unwrap().to_owned()), shown)
}

#[test]
fn keys_edit_visible_and_hidden_answers_alike() {
    for (keys, answer) in [
        ("bc\u{1b}[Da\u{1b}[H<\u{1b}[F>", "<bac>"),
        ("bc\u{1b}ODa\u{1b}OH<\u{1b}OF>", "<bac>"),
        ("one two three\u{17}\u{1}X\u{5}Y\u{1}\u{6}\u{b}2", "X2"),
        ("one two\u{1b}[1;5D\u{1b}[3~\u{1b}[3~1", "one 1o"),
        ("wrong\u{15}right", "right"),
        ("密钥abc\u{1b}[D\u{1b}[D\u{1b}[D\u{7f}é", "密éabc"),
    ] {
        let (stored, shown) = answered(keys, keys);
        assert_eq!(stored, [answer, answer], "{keys:?}");
        assert_eq!(shown.matches("********\r\n").count() + shown.matches("**\r\n").count(), 1, "{shown:?}");
    }
}

#[test]
fn a_hidden_answer_is_nowhere_on_the_screen_whatever_is_typed_ahead() {
    let environment = TestEnvironment::new();
    let screen = configure(&environment);
    screen.wait_for(QUESTIONS[0]);
    screen.type_keys("the-id\rthe-hidden-secret\rcn-hangzhou\rzh\r");
    let (_, shown) = screen.end();
    assert!(!shown.contains("hidden") && shown.contains("Access Key Secret []: ********\r\n"), "{shown}");
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "the-hidden-secret");
}

#[test]
fn answers_of_64_kib_are_taken_typed_or_pasted() {
    let long: String = ('a'..='z').cycle().take(64 << 10).collect();
    let (stored, _) = answered(&long, &format!("\u{1b}[200~{long}\u{1b}[201~"));
    assert!(stored == [long.clone(), long], "{} and {}", stored[0].len(), stored[1].len());
}

#[test]
fn several_pasted_lines_are_refused_and_none_is_shown_or_left() {
    for (number, question) in QUESTIONS.iter().enumerate() {
        let environment = TestEnvironment::new();
        let screen = at_question(&environment, number);
        screen.type_keys("\u{1b}[200~first-line\rsecond-line\rthird-line\u{1b}[201~");
        screen.wait_for("Several lines were pasted");
        screen.wait_for_times(question, 2);
        let good = ["good", "good", "cn-hangzhou"][number];
        screen.type_keys(&format!("{good}\r"));
        for later in QUESTIONS.iter().skip(number + 1).chain(&["Default Language [zh|en] en: "]) {
            screen.wait_for(later);
            screen.type_keys(&format!("{}\r", usual(later)));
        }
        let (status, shown) = screen.end();
        assert!(status.success() && !shown.contains("-line"), "{shown}");
        let field = ["access_key_id", "access_key_secret", "region_id"][number];
        assert_eq!(environment.json()["profiles"][0][field], good);
    }
}

#[test]
fn a_control_character_is_refused_and_the_question_comes_again() {
    for number in [0, 1] {
        let environment = TestEnvironment::new();
        let screen = at_question(&environment, number);
        screen.type_keys("a\u{7}b\r");
        screen.wait_for("The answer contains a control character. Please enter it again.\r\n");
        screen.wait_for_times(QUESTIONS[number], 2);
        screen.type_keys("\u{4}");
        assert!(!screen.end().0.success());
        assert!(!environment.config_path().exists());
    }
}

#[test]
fn a_private_key_is_taken_whole_with_and_without_bracketed_paste() {
    let bracketed = format!("\u{1b}[200~{}\u{1b}[201~\r", PEM.replace('\n', "\r"));
    for keys in [PEM.replace('\n', "\r") + "\r", bracketed] {
        let environment = TestEnvironment::new();
        let screen = Screen::start(&environment, &["configure", "--mode", "RsaKeyPair"]);
        screen.wait_for("Rsa Private Key File: ");
        screen.type_keys(&keys);
        screen.wait_for("Rsa Key Pair Name: ");
        screen.type_keys("name\r");
        // Taken apart it would not come this far: the text is judged as a whole.
        let (_, shown) = screen.end();
        assert!(shown.contains("the private key cannot be used") && !shown.contains("MIIE"), "{shown}");
    }
}

#[test]
fn a_private_key_that_a_flag_asks_for_is_stored_with_its_lines() {
    let environment = TestEnvironment::new();
    let flags = ["--mode", "RsaKeyPair", "--private-key", "-", "--key-pair-name", "k", "--region", "r"];
    let screen = Screen::start(&environment, &[&["configure", "set"], flags.as_slice()].concat());
    screen.wait_for("--private-key: ");
    screen.type_keys(&format!("\u{1b}[200~{PEM}\n\u{1b}[201~\r"));
    let (status, shown) = screen.end();
    assert!(status.success() && !shown.contains("MIIE"), "{shown}");
    assert_eq!(environment.json()["profiles"][0]["private_key"], PEM);
}

#[test]
fn what_was_typed_and_not_read_does_not_reach_the_shell() {
    let environment = TestEnvironment::new();
    let set = "aliyun configure set --access-key-id i --access-key-secret - --region r";
    let screen = Screen::shell(&environment, &format!("{set}; echo NEXT; head -n 1 >left"));
    screen.wait_for("--access-key-secret: ");
    screen.type_keys("the-secret\rtouch stolen\r");
    screen.wait_for("NEXT");
    screen.type_keys("typed later\r");
    screen.end();
    assert_eq!(fs::read_to_string(environment.home().join("left")).unwrap(), "typed later\n");
}

#[test]
fn a_dumb_terminal_gets_plain_text_and_hidden_answers_stay_hidden() {
    for term in ["dumb", "", "unknown-terminal"] {
        let environment = TestEnvironment::new().var("TERM", term);
        let screen = configure(&environment);
        for (question, keys) in QUESTIONS.iter().zip(["ix\u{7f}d\u{1b}[D", "the-secret", "cn-hangzhou"]) {
            screen.wait_for(question);
            screen.type_keys(&format!("{keys}\r"));
        }
        screen.wait_for("Default Language");
        screen.type_keys("\r");
        let (status, shown) = screen.end();
        assert!(
            status.success() && !shown.contains('\u{1b}') && !shown.contains("secret"),
            "{term:?}: {shown:?}"
        );
        assert_eq!(environment.json()["profiles"][0]["access_key_id"], "id");
    }
}

#[test]
fn a_terminal_that_another_program_made_nonblocking_loses_no_line() {
    let environment = TestEnvironment::new();
    let program = command(&environment, env!("CARGO_BIN_EXE_aliyun")).args(["configure"]);
    let screen = Screen::prepared(&environment, program, |pts| {
        fcntl_setfl(pts, fcntl_getfl(pts).unwrap() | OFlags::NONBLOCK).unwrap();
    });
    for (question, keys) in QUESTIONS.iter().zip(["id", "secret", "cn-beijing"]) {
        screen.wait_for(question);
        screen.type_keys(&format!("{keys}\r"));
    }
    screen.wait_for("Default Language");
    screen.type_keys("\r");
    let (status, shown) = screen.end();
    assert!(status.success(), "{shown}");
    assert_eq!(environment.json()["profiles"][0]["region_id"], "cn-beijing");
}

#[test]
fn a_narrow_window_scrolls_and_one_that_shrinks_shows_the_question_again() {
    let environment = TestEnvironment::new();
    let screen = configure(&environment);
    screen.wait_for(QUESTIONS[0]);
    screen.resize(40);
    screen.type_keys("abcdefghijklmnopqrst");
    screen.wait_for("st");
    screen.resize(30);
    screen.type_keys("uv");
    screen.wait_for_times(QUESTIONS[0], 2);
    screen.type_keys("wxyz\r");
    screen.wait_for(QUESTIONS[1]);
    screen.type_keys("s\r");
    screen.wait_for(QUESTIONS[2]);
    screen.type_keys("\u{4}");
    let (_, shown) = screen.end();
    assert!(shown.contains("xyz\r\nAccess Key Secret"), "{shown:?}");
}

#[test]
fn tab_fills_in_a_region_and_a_dash_clears_what_is_optional() {
    let environment = TestEnvironment::with_profiles(&["default"]);
    let set =
        ["configure", "set", "--mode", "RamRoleArn", "--ram-role-arn", "arn", "--role-session-name", "s"];
    environment.succeeds(&[&set[..], &["--external-id", "old", "--sts-region", "cn-beijing"]].concat());
    let screen = configure(&environment);
    for (question, keys) in [
        ("Access Key Id", ""),
        ("Access Key Secret", ""),
        ("Sts Region [cn-beijing]", "-"),
        ("Ram Role Arn", ""),
        ("Role Session Name", ""),
        ("External ID [old]", "-"),
        ("Expired Seconds", ""),
        ("Default Region Id", "cn-hangz\t"),
        ("Default Language", ""),
        ("Put the old values of profile 'default' back? [y/N]: ", ""),
    ] {
        screen.wait_for(question);
        screen.type_keys(&format!("{keys}\r"));
    }
    let (status, shown) = screen.end();
    assert!(status.success(), "{shown}");
    let profile = &environment.json()["profiles"][0];
    assert_eq!(profile["region_id"], "cn-hangzhou");
    let cleared =
        ["external_id", "sts_region"].map(|key| profile[key].as_str().unwrap_or_default().to_owned());
    assert_eq!(cleared, ["", ""]);
}

#[test]
fn a_list_is_chosen_from_with_arrow_keys_or_by_typing() {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    cloud.reset(Overrides::none(), [] as [(&str, &str); 0]);
    let environment = TestEnvironment::new()
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap());
    let screen = Screen::start(&environment, &["configure", "--mode", "CloudSSO"]);
    screen.wait_for("CloudSSO Sign In Url []: ");
    screen.type_keys("https://signin-cn-shanghai.alibabacloudsso.com/start\r");
    screen.wait_for("1. dev");
    screen.type_keys("\u{1b}[B\r");
    screen.wait_for("2. Admin");
    screen.type_keys("admin\r");
    screen.wait_for("Default Region Id");
    screen.type_keys("cn-hangzhou\r");
    let terminal = screen.terminal();
    let (status, shown) = screen.end();
    assert!(status.success(), "{shown}");
    terminal.is_as_before();
    let profile = &environment.json()["profiles"][0];
    assert_eq!(
        (&profile["cloud_sso_account_id"], &profile["cloud_sso_access_config"]),
        (&"222".into(), &"ac-2".into())
    );
}

const TWO: &str = r#"{"current":"a","profiles":[{"name":"a","mode":"AK","region_id":"r"},{"name":"b c","mode":"OAuth"}],"meta_path":""}"#;

#[test]
fn switch_without_a_name_lets_one_choose_a_profile_by_keys_or_by_typing() {
    for keys in ["\u{1b}[B\r", "b c\r"] {
        let environment = TestEnvironment::new();
        environment.write_config(TWO);
        let screen = Screen::start(&environment, &["configure", "switch"]);
        screen.wait_for("2. b c (OAuth)");
        screen.type_keys(keys);
        let terminal = screen.terminal();
        let (status, shown) = screen.end();
        assert!(status.success() && shown.contains("The default profile is `b c` now."), "{shown}");
        terminal.is_as_before();
        assert_eq!(environment.json()["current"], "b c");
    }
}

#[test]
fn who_gives_up_choosing_switches_nothing() {
    let environment = TestEnvironment::new();
    environment.write_config(TWO);
    let screen = Screen::start(&environment, &["configure", "switch"]);
    screen.wait_for("1. a (AK) r");
    screen.type_keys("\u{1b}");
    let terminal = screen.terminal();
    let (status, shown) = screen.end();
    assert_eq!(status.code(), Some(1), "{shown}");
    terminal.is_as_before();
    assert_eq!(environment.config(), TWO);
}
