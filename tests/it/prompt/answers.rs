//! What is said of an answer while somebody is there to give another.

use serde_json::{Value, json};

use crate::support::environment::TestEnvironment;
use crate::support::screen::Screen;

/// A question, an answer that is doubted, and one that is not.
struct Doubt {
    mode: &'static str,
    /// How many questions come before.
    before: usize,
    question: &'static str,
    answer: &'static str,
    sentence: &'static str,
    better: &'static str,
    /// Where the answer is stored.
    key: &'static str,
}

const fn doubt(
    [mode, question, key]: [&'static str; 3],
    before: usize,
    [answer, sentence, better]: [&'static str; 3],
) -> Doubt {
    Doubt { mode, before, question, answer, sentence, better, key }
}

const ROLE: &str = "acs:ram::1234567890123456:role/web";
const DOUBTS: [Doubt; 10] = [
    doubt(
        ["EcsRamRole", "Default Region Id []: ", "region_id"],
        1,
        [
            "cn-hangzu",
            "'cn-hangzu' is no region that this program knows. Did you mean cn-hangzhou? Enter keeps it.",
            "cn-hangzhou",
        ],
    ),
    doubt(
        ["RamRoleArn", "Sts Region []: ", "sts_region"],
        2,
        ["mars", "'mars' is no region that this program knows. Enter keeps it.", "cn-beijing"],
    ),
    doubt(
        ["RamRoleArn", "Ram Role Arn []: ", "ram_role_arn"],
        3,
        [
            "role/web",
            "'role/web' is no ARN such as acs:ram::1234567890123456:role/NAME. Enter keeps it.",
            ROLE,
        ],
    ),
    doubt(
        ["RamRoleArn", "Expired Seconds [900]: ", "expired_seconds"],
        6,
        ["60", "A session of a role lasts 900 to 43200 seconds, not 60. Enter keeps it.", "3600"],
    ),
    doubt(
        ["ChainableRamRoleArn", "Ram Role Arn []: ", "ram_role_arn"],
        2,
        [
            "acs:ram::x:role/web",
            "'acs:ram::x:role/web' is no ARN such as acs:ram::1234567890123456:role/NAME. Enter keeps it.",
            ROLE,
        ],
    ),
    doubt(
        ["OIDC", "OIDC Provider ARN []: ", "oidc_provider_arn"],
        0,
        [
            "acs:ram::1:role/x",
            "'acs:ram::1:role/x' is no ARN such as acs:ram::1234567890123456:oidc-provider/NAME. Enter keeps it.",
            "acs:ram::1:oidc-provider/x",
        ],
    ),
    doubt(
        ["OIDC", "OIDC Token File []: ", "oidc_token_file"],
        1,
        ["/no/such/file", "There is no file /no/such/file. Enter keeps it.", "/etc/passwd"],
    ),
    doubt(
        ["OIDC", "RAM Role ARN []: ", "ram_role_arn"],
        2,
        ["web", "'web' is no ARN such as acs:ram::1234567890123456:role/NAME. Enter keeps it.", ROLE],
    ),
    doubt(
        ["CredentialsURI", "Credentials URI []: ", "credentials_uri"],
        0,
        [
            "127.0.0.1/x",
            "'127.0.0.1/x' is no address that begins with https:// or http://. Enter keeps it.",
            "http://127.0.0.1:9/x",
        ],
    ),
    doubt(
        ["External", "Process Command []: ", "process_command"],
        0,
        ["no-such-helper --x", "There is no program no-such-helper in PATH. Enter keeps it.", "true --x"],
    ),
];

/// Answers the questions before one with nothing, then that one.
fn at(environment: &TestEnvironment, mode: &str, before: usize, question: &str, answer: &str) -> Screen {
    let screen = Screen::start(environment, &["configure", "--mode", mode]);
    // Typed before the program takes the terminal, its echo would stand in front.
    screen.wait_for(": ");
    screen.type_keys(&"\r".repeat(before));
    screen.wait_for(question);
    screen.type_keys(&format!("{answer}\r"));
    screen
}

#[test]
fn a_doubtful_answer_is_asked_about_once_and_kept_by_enter_or_replaced() {
    for row in DOUBTS {
        for (second, stored) in [("", row.answer), (row.answer, row.answer), (row.better, row.better)] {
            let environment = TestEnvironment::new();
            let screen = at(&environment, row.mode, row.before, row.question, row.answer);
            let Doubt { question, answer, sentence, .. } = row;
            screen.wait_for(&format!("{question}{answer}\r\n{sentence}\r\n{question}"));
            screen.type_keys(&format!("{second}\r{}", "\r".repeat(8)));
            let terminal = screen.terminal();
            let (status, shown) = screen.end();
            assert!(status.success(), "{shown}");
            terminal.is_as_before();
            assert_eq!(shown.matches(row.sentence).count(), 1, "{shown}");
            let number = stored.parse().map_or_else(|_| json!(stored), |number: i64| json!(number));
            assert_eq!(environment.json()["profiles"][0][row.key], number, "{}", row.question);
        }
    }
}

#[test]
fn an_answer_that_can_be_of_no_use_is_asked_for_until_it_is() {
    for (mode, before, question, answer, sentence) in [
        ("RamRoleArn", 6, "Expired Seconds [900]: ", "15m", "'15m' is not a whole number."),
        ("RamRoleArn", 6, "Expired Seconds [900]: ", "9999999999999999999", "is not a whole number."),
        ("EcsRamRole", 2, "Default Language [zh|en] en: ", "de", "'de' is no language: zh or en."),
        (
            "OAuth",
            0,
            "OAuth Site Type (CN: 0 or INTL: 1, default: CN): \r\n",
            "2",
            "'2' is no site: CN or INTL.",
        ),
    ] {
        let environment = TestEnvironment::new();
        let screen = at(&environment, mode, before, question, answer);
        for times in 2..4 {
            screen.wait_for_times(&format!("{sentence}\r\n{question}"), times - 1);
            screen.type_keys(if times < 3 { format!("{answer}\r") } else { "\u{4}".to_owned() }.as_str());
        }
        let (status, shown) = screen.end();
        assert_eq!(status.code(), Some(1), "{shown}");
        assert!(!environment.config_path().exists());
    }
}

#[test]
fn what_a_login_or_a_key_needs_is_doubted_before_it_is_used() {
    for (mode, question, answer, sentence) in [
        (
            "CloudSSO",
            "CloudSSO Sign In Url []: ",
            "signin.example.com",
            "'signin.example.com' is no address that begins with https:// or http://. Enter keeps it.",
        ),
        ("RsaKeyPair", "Rsa Private Key File: ", "MIIEvgIB", "There is no file that name. Enter keeps it."),
    ] {
        let environment = TestEnvironment::new();
        let screen = at(&environment, mode, 0, question, answer);
        screen.wait_for(&format!("{answer}\r\n{sentence}\r\n{question}"));
        screen.type_keys("\u{4}");
        assert_eq!(screen.end().0.code(), Some(1));
        assert!(!environment.config_path().exists());
    }
}

#[test]
fn tab_shows_the_regions_that_fit_and_fills_in_what_they_share() {
    let environment = TestEnvironment::new();
    let screen = at(&environment, "EcsRamRole", 0, "Ecs Ram Role []: ", "");
    screen.wait_for("Default Region Id []: ");
    screen.type_keys("u\t\t");
    screen.wait_for("Default Region Id []: us-\r\nus-west-1  us-east-1\r\nDefault Region Id []: us-");
    screen.type_keys("\u{15}cn-hangz\t\r\r\r");
    assert!(screen.end().0.success());
    assert_eq!(environment.json()["profiles"][0]["region_id"], "cn-hangzhou");
}

#[test]
fn a_dash_clears_an_optional_value_and_is_a_value_elsewhere() {
    let environment = TestEnvironment::new();
    let flags = ["--mode", "BearerToken", "--bearer-token", "exampleToken", "--region", "cn-beijing"];
    environment.succeeds(&[&["configure", "set"][..], &flags].concat());
    let mut config = environment.json();
    config["profiles"][0]["bearer_token_header_key"] = json!("x-old");
    environment.write_config(&config.to_string());
    let screen = at(&environment, "BearerToken", 1, "Bearer Token Header Key [x-old]", "-");
    screen.type_keys("\r\r\r");
    let (status, shown) = screen.end();
    assert!(status.success(), "{shown}");
    let header = &environment.json()["profiles"][0]["bearer_token_header_key"];
    assert!(matches!(header, Value::Null) || header == "", "{header}");
    let environment = TestEnvironment::new();
    let screen = at(&environment, "EcsRamRole", 0, "Ecs Ram Role []: ", "-");
    screen.type_keys("\r\r\r");
    assert!(screen.end().0.success());
    assert_eq!(environment.json()["profiles"][0]["ram_role_name"], "-");
}
