//! The tour in `examples/tour`, and the pictures of it in `docs`.

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use roxmltree::{Document, Node};

const LANGUAGES: [(&str, &str); 2] = [("en", "docs/tour.svg"), ("zh", "docs/tour.zh-CN.svg")];

/// What the tour's commands are, as they are typed.
const COMMANDS: [&str; 4] = [
    "$ aliyun configure set --region cn-hangzhou",
    "$ aliyun configure check --live",
    "$ aliyun configure list",
    "$ aliyun configure exec --profile work -- env",
];

/// The beginnings of all secrets of the tour and of its cloud; a token's last ten characters are shown in `list`.
const SECRETS: [&str; 8] = [
    "tour-secret",
    "tour-access",
    "tour-refresh",
    "tour-session",
    "oauth-access",
    "oauth-refresh",
    "secret-of-",
    "token-of-",
];

/// The tour's path, which cargo brings up to date with the profile of this test.
static TOUR: LazyLock<std::path::PathBuf> = LazyLock::new(|| {
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(2).unwrap();
    let profile = folder.file_name().filter(|name| *name != "debug").unwrap_or(OsStr::new("dev"));
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--locked", "--example", "tour", "--profile"]).arg(profile);
    build.arg("--target-dir").arg(folder.parent().unwrap()).current_dir(env!("CARGO_MANIFEST_DIR"));
    // Left over from the cargo that started the test; some build scripts would run again because of them.
    for (name, _) in std::env::vars_os() {
        let shown = name.to_string_lossy();
        if shown.starts_with("CARGO_PKG_") || shown.starts_with("CARGO_MANIFEST_") {
            build.env_remove(&name);
        }
    }
    assert!(build.status().unwrap().success(), "the tour cannot be built");
    folder.join("examples").join("tour")
});

fn tour(arguments: &[&OsStr]) -> Output {
    let binary = env!("CARGO_BIN_EXE_aliyun");
    Command::new(&*TOUR).args(["--binary", binary]).args(arguments).env_remove("NO_COLOR").output().unwrap()
}

/// Plays the tour, and gives what it printed and the picture that it made.
fn played(language: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("tour.svg");
    let arguments = ["--fast", "--language", language, "--svg"].map(OsStr::new);
    let output = tour(&[&arguments[..], &[svg.as_os_str()]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""));
    (String::from_utf8(output.stdout).unwrap(), fs::read_to_string(svg).unwrap())
}

/// Gives the lines that a picture of a terminal shows, without the empty ones.
fn lines(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let group = document.descendants().find(|node| node.has_tag_name("g")).unwrap();
    let text = |line: Node<'_, '_>| {
        line.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect()
    };
    group.children().filter(Node::is_element).map(text).collect()
}

#[test]
fn the_picture_shows_what_the_tour_prints() {
    for (language, _) in LANGUAGES {
        let (printed, svg) = played(language);
        let printed: Vec<_> = printed.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines(&svg), printed);
    }
}

#[test]
fn the_tour_shows_its_commands_in_order_and_no_secret() {
    for (language, _) in LANGUAGES {
        let (printed, svg) = played(language);
        let shown = lines(&svg);
        let mut rest = shown.iter();
        for command in COMMANDS {
            assert!(rest.any(|line| line.starts_with(command)), "no {command:?} in {shown:#?}");
        }
        for (secret, text) in SECRETS.iter().flat_map(|secret| [(secret, &printed), (secret, &svg)]) {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(!printed.contains(['\u{1b}', '\r']), "{printed:?}");
    }
}

#[test]
fn the_pictures_are_seen_at_a_glance() {
    for (_, path) in LANGUAGES {
        let shown = lines(&fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap());
        assert!(shown.len() <= 14, "{path} has {} lines: {shown:#?}", shown.len());
    }
}

#[test]
fn the_pictures_in_docs_are_what_the_tour_makes() {
    for (language, path) in LANGUAGES {
        let kept = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        let mend = format!(
            "`cargo run --release --locked --example tour -- --fast --language {language} --svg {path}`"
        );
        same(&kept, &played(language).1, &mend);
    }
}

fn same(kept: &str, made: &str, mend: &str) {
    let difference = similar::TextDiff::from_lines(kept, made);
    assert!(kept == made, "make it anew by {mend}:\n{}", difference.unified_diff());
}

#[test]
fn a_terminal_sees_the_same_in_colours() {
    let (printed, _) = played("en");
    let (pty, pts) = pty_process::blocking::open().unwrap();
    let command = pty_process::blocking::Command::new(&*TOUR).env_remove("NO_COLOR");
    let mut child = command.args(["--fast", "--binary", env!("CARGO_BIN_EXE_aliyun")]).spawn(pts).unwrap();
    let (mut shown, mut chunk) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = (&pty).read(&mut chunk) {
        shown.extend(&chunk[..length]);
    }
    assert!(child.wait().unwrap().success());
    let shown = String::from_utf8(shown).unwrap();
    assert!(shown.contains("\u{1b}[1;32m$ \u{1b}[0m\u{1b}[1ma\u{1b}[0m"), "{shown:?}");
    let sequence = regex::Regex::new("\u{1b}\\[([0-9;]*m|\\?2004[hl])").unwrap();
    let plain = sequence.replace_all(&shown, "");
    let plain: Vec<_> = plain.lines().map(str::trim_end).collect();
    assert_eq!(plain, printed.lines().collect::<Vec<_>>());
}

#[test]
fn a_wrong_argument_is_named_and_nothing_is_played() {
    for (arguments, said) in [
        (["--slow", ""], "--slow is unknown; --help shows what there is"),
        (["--language", "fr"], "--language is en or zh, not \"fr\""),
        (["--fast", "--svg"], "--svg needs a value"),
    ] {
        let output = tour(&arguments.map(OsStr::new));
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("ERROR: {said}\n"));
        assert_eq!(output.stdout, b"");
    }
}
