//! The page on which a login in the browser ends, as a real browser shows it.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use fake_cloud::{FakeCloud, Listeners};
use regex::Regex;
use url::Url;

use crate::support::environment::{TestEnvironment, run_of};
use crate::support::skip::skip;

const LOGIN: &str = "configure --mode OAuth --oauth-site-type CN --profile p";
/// Notes the address instead of opening it.
const OPENER: &str =
    "#!/bin/sh\nprintf %s \"$1\" >\"$HOME/part\" && PATH=/usr/bin:/bin mv \"$HOME/part\" \"$HOME/opened\"\n";
const SIZE: [u32; 2] = [640, 360];

/// The colours that a user prefers, by the number that Chromium knows them by.
#[derive(Debug, Clone, Copy)]
enum Scheme {
    Dark = 0,
    Light = 1,
}

/// What the browser made of a page.
struct Shown {
    dom: String,
    picture: Vec<u8>,
}

fn environment(cloud: &FakeCloud, language: &str) -> TestEnvironment {
    let environment = TestEnvironment::new()
        .var("HTTPS_PROXY", &cloud.proxy_url().unwrap())
        .var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap())
        .var("LANG", language);
    let opener = environment.home().join("xdg-open");
    fs::write(&opener, OPENER).unwrap();
    fs::set_permissions(opener, PermissionsExt::from_mode(0o755)).unwrap();
    environment
}

fn start(environment: &TestEnvironment) -> Child {
    Command::new(env!("CARGO_BIN_EXE_aliyun"))
        .args(LOGIN.split(' '))
        .env_clear()
        .envs(environment.variables())
        .env("PATH", environment.home())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Goes to the sign-in page, and returns the address to which it sends the browser back, with an answer.
fn way_back(home: &Path, answer: &str) -> Url {
    let opened = (0..500).find_map(|_| {
        sleep(Duration::from_millis(20));
        fs::read_to_string(home.join("opened")).ok()
    });
    let opened = Url::parse(&opened.expect("no browser was started")).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", opened.port().unwrap())).unwrap();
    write!(stream, "GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", opened.path()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let sign_in = Regex::new("(?i)\nlocation: (.*)\r").unwrap().captures(&response).unwrap()[1].to_owned();
    let sign_in = Url::parse(&sign_in).unwrap();
    let value = |name| sign_in.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    Url::parse(&format!("{}?{answer}&state={}", value("redirect_uri"), value("state"))).unwrap()
}

/// Opens a page in headless Chromium, in the colours that a user prefers.
fn open(home: &Path, page: &Url, scheme: Scheme) -> Shown {
    let picture = home.join("page.png");
    let [width, height] = SIZE;
    let output = Command::new("timeout")
        .args(["60", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"])
        .args(["--no-first-run", "--disable-background-networking", "--disable-component-update"])
        .args(["--disable-sync", "--dump-dom", &format!("--window-size={width},{height}")])
        .arg(format!("--user-data-dir={}", home.join("chromium").display()))
        .arg(format!("--screenshot={}", picture.display()))
        .arg(format!("--blink-settings=preferredColorScheme={}", scheme as u8))
        .arg(page.as_str())
        .env("HOME", home)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    Shown {
        dom: String::from_utf8(output.stdout).unwrap(),
        picture: fs::read(picture).unwrap_or_else(|error| panic!("{error}: {said}")),
    }
}

/// Asserts that a page has this language and heading, runs and fetches nothing, and was drawn.
fn assert_page(shown: &Shown, language: &str, heading: &str) {
    let dom = &shown.dom;
    assert!(dom.contains(&format!("<html lang=\"{language}\">")), "{dom}");
    assert_eq!(dom.matches("<h1>").count(), 1, "{dom}");
    assert!(dom.contains(&format!("<h1>{heading}</h1>")), "{dom}");
    let policy =
        "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"";
    assert!(dom.contains(policy), "{dom}");
    for part in ["<script", "src=", "href=", "url(", "@import", "http:", "https:"] {
        assert!(!dom.contains(part), "{part}: {dom}");
    }
    let size: Vec<_> = SIZE.iter().flat_map(|length| length.to_be_bytes()).collect();
    assert_eq!(shown.picture[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(shown.picture[16..24], size[..]);
}

fn has_chromium(test: &str) -> bool {
    let has = Command::new("chromium").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has {
        skip(test, "there is no chromium");
    }
    has
}

/// Asserts that the page has other colours where a user prefers dark ones.
fn assert_schemes([light, dark]: &[Vec<u8>; 2]) {
    assert_ne!(light, dark, "the page is as bright in dark as in light");
}

#[test]
fn chromium_shows_that_a_login_succeeded() {
    if !has_chromium("chromium_shows_that_a_login_succeeded") {
        return;
    }
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    for (locale, language, heading) in
        [("en_US.UTF-8", "en", "Authorization successful"), ("zh_CN.UTF-8", "zh-CN", "授权成功")]
    {
        let pictures = [Scheme::Light, Scheme::Dark].map(|scheme| {
            let environment = environment(&cloud, locale);
            let mut login = start(&environment);
            let shown = open(environment.home(), &way_back(environment.home(), "code=the-code"), scheme);
            assert_page(&shown, language, heading);
            login.stdin.take().unwrap().write_all(b"cn-hangzhou\n\n").unwrap();
            let run = run_of(login.wait_with_output().unwrap());
            assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
            let config = environment.config();
            assert!(config.contains("\"access_key_id\": \"STS.oauth\""), "{config}");
            shown.picture
        });
        assert_schemes(&pictures);
    }
}

#[test]
fn chromium_shows_that_a_login_was_refused_and_why() {
    if !has_chromium("chromium_shows_that_a_login_was_refused_and_why") {
        return;
    }
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let script = "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for (locale, language, heading, answer, reason) in [
        ("en_US.UTF-8", "en", "Authorization failed", "error=access_denied", "access_denied"),
        ("zh_CN.UTF-8", "zh-CN", "授权失败", script, "access_denied: &lt;script&gt;alert(1)&lt;/script&gt;"),
    ] {
        let pictures = [Scheme::Light, Scheme::Dark].map(|scheme| {
            let environment = environment(&cloud, locale);
            let login = start(&environment);
            let shown = open(environment.home(), &way_back(environment.home(), answer), scheme);
            assert_page(&shown, language, heading);
            assert!(shown.dom.contains(&format!("<p>{reason}</p>")), "{}", shown.dom);
            let run = run_of(login.wait_with_output().unwrap());
            assert_ne!(run.code, 0, "{}", run.stdout);
            assert!(!environment.config_path().exists());
            shown.picture
        });
        assert_schemes(&pictures);
    }
}
