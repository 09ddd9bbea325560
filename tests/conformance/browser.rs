//! A stand-in for the user's browser, which acts on an OAuth sign-in page as the case says.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    env,
    fs::{self, OpenOptions, Permissions},
    io::{self, Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    thread,
    time::Duration,
};

use url::{Url, form_urlencoded::Serializer};

use crate::Outcome;

/// The variable that says what to do.
pub(crate) const ACT: &str = "CONFORMANCE_BROWSER";
/// The variable that names the file in which each page opened is noted.
pub(crate) const LOG: &str = "CONFORMANCE_BROWSER_LOG";
/// The first argument that makes this executable the browser.
pub(crate) const FLAG: &str = "--stand-in-browser";

const TIMEOUT: Duration = Duration::from_secs(5);

/// Puts the browser into a folder under the name that programs look for.
pub(crate) fn install(folder: &Path) -> Outcome<()> {
    let exe = env::current_exe()?;
    let quoted = exe.to_str().ok_or("this executable's path is not UTF-8")?.replace('\'', r"'\''");
    let path = folder.join("xdg-open");
    fs::write(&path, format!("#!/bin/sh\nexec '{quoted}' {FLAG} \"$@\"\n"))?;
    fs::set_permissions(path, Permissions::from_mode(0o755))?;
    Ok(())
}

/// Opens a page: notes it, and answers its callback.
pub(crate) fn open(page: &str) -> Outcome<()> {
    let log = env::var_os(LOG).ok_or("no browser log")?;
    writeln!(OpenOptions::new().append(true).create(true).open(log)?, "{page}")?;
    let query: BTreeMap<_, _> = Url::parse(page)?.query_pairs().into_owned().collect();
    let Some(redirect_uri) = query.get("redirect_uri") else {
        return Ok(());
    };
    let back = Url::parse(redirect_uri)?;
    let state = query.get("state").map_or("", String::as_str);
    for answer in answers(&act(&back)?, state) {
        let query = Serializer::new(String::new()).extend_pairs(answer).finish();
        call_back(&back, &query)?;
    }
    Ok(())
}

fn act(back: &Url) -> io::Result<Cow<'static, str>> {
    let act = env::var(ACT).unwrap_or_default();
    Ok(match act.as_str() {
        "approve-if-loopback-only" if listens_to_all(back)? => "deny".into(),
        "approve-if-loopback-only" => "approve".into(),
        _ => act.into(),
    })
}

/// What the sign-in page sends back, one request after the other.
fn answers<'a>(act: &str, state: &'a str) -> Vec<[(&'static str, &'a str); 2]> {
    let approved = [("code", "the-code"), ("state", state)];
    match act {
        "approve" => vec![approved],
        "deny" => vec![[("error", "access_denied"), ("state", state)]],
        "wrong-state" => vec![[("code", "the-code"), ("state", "forged")]],
        "stray-then-approve" => vec![[("code", "forged"), ("state", "forged")], approved],
        _ => Vec::new(),
    }
}

/// Says whether the callback's port is open on other interfaces than loopback.
fn listens_to_all(back: &Url) -> io::Result<bool> {
    let port = format!("{:04X}", back.port_or_known_default().unwrap_or_default());
    let mut table = fs::read_to_string("/proc/net/tcp")?;
    table.push_str(&fs::read_to_string("/proc/net/tcp6")?);
    Ok(table.lines().any(|line| {
        let mut columns = line.split_whitespace().skip(1);
        let local = columns.next().and_then(|local| local.split_once(':'));
        let listens = columns.nth(1) == Some("0A");
        listens && local.is_some_and(|(ip, at)| at == port && ip.bytes().all(|digit| digit == b'0'))
    }))
}

/// Sends one answer; the program may need a moment until it listens.
fn call_back(back: &Url, query: &str) -> Outcome<()> {
    for _ in 0..50 {
        if get(back, query).is_ok() {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn get(back: &Url, query: &str) -> io::Result<()> {
    let addresses = back.socket_addrs(|| None)?;
    let mut stream = TcpStream::connect(addresses.as_slice())?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let (path, host) = (back.path(), back.host_str().unwrap_or_default());
    let port = back.port_or_known_default().unwrap_or_default();
    write!(stream, "GET {path}?{query} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    if answer.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}
