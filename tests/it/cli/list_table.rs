//! The table of profiles on a terminal: columns, where a pipe counts characters.

#![cfg(unix)]

use rustix::termios::{Winsize, tcsetwinsize};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::support::environment::{TestEnvironment, ak_profile};
use crate::support::screen::{Screen, command};

fn listed(environment: &TestEnvironment, columns: u16) -> Vec<String> {
    let command = command(environment, env!("CARGO_BIN_EXE_aliyun")).args(["configure", "list"]);
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    let screen = Screen::prepared(environment, command, |pts| tcsetwinsize(pts, size).unwrap());
    let (status, shown) = screen.end();
    assert!(status.success(), "{shown}");
    shown.lines().filter(|line| line.contains(" | ")).map(str::to_owned).collect()
}

fn environment() -> TestEnvironment {
    let environment = TestEnvironment::new();
    let role = json!({"name": "role", "mode": "ChainableRamRoleArn", "source_profile": "生产环境",
        "ram_role_arn": "acs:ram::1234567890123456:role/a-role-with-a-long-name", "region_id": "cn-hangzhou"});
    let profiles = [ak_profile("生产环境"), role];
    environment.write_config(&json!({"current": "role", "profiles": profiles}).to_string());
    environment
}

/// Returns the columns in which the separators of a line stand.
fn separators(line: &str) -> Vec<usize> {
    line.match_indices('|').map(|(at, _)| line[..at].width()).collect()
}

#[test]
fn wide_characters_align_on_a_terminal_and_a_pipe_gets_the_reference_s_table() {
    let environment = environment();
    let lines = listed(&environment, 200);
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| separators(line) == separators(&lines[0])), "{lines:#?}");
    let piped = environment.succeeds(&["configure", "list"]);
    let at = |line: &str| line.chars().position(|character| character == '|');
    assert!(piped.lines().all(|line| at(line) == at(piped.lines().next().unwrap())), "{piped}");
}

#[test]
fn on_a_narrow_terminal_the_credentials_alone_are_shortened() {
    let environment = environment();
    let wide = listed(&environment, 200);
    assert!(wide.iter().all(|line| !line.contains('…')), "{wide:#?}");
    for columns in [80, 70] {
        let narrow = listed(&environment, columns);
        assert!(narrow.iter().all(|line| line.width() <= usize::from(columns)), "{narrow:#?}");
        for (narrow, wide) in narrow.iter().zip(&wide) {
            let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
            let (narrow, wide) = (cells(narrow), cells(wide));
            assert!(
                narrow[1] == wide[1] || wide[1].starts_with(narrow[1].trim_end_matches('…')),
                "{narrow:?}"
            );
            assert_eq!((&narrow[0], &narrow[2..]), (&wide[0], &wide[2..]));
        }
    }
}
