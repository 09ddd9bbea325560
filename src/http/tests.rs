//! Requests over real sockets and TLS, through the proxy of a cloud on this machine.

use fake_cloud::{Answer, FakeCloud, Listeners, Overrides};

use super::*;
use crate::error::Proxy;
use crate::host::FakeHost;
use crate::testing::{Server, block_on};

/// Starts a cloud in which some addresses lead to others.
fn cloud(redirects: &[(&str, &str)]) -> FakeCloud {
    let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
    let responses = redirects.iter().fold(Overrides::none(), |responses, (from, to)| {
        responses.answer(&format!("GET {from}"), Answer::status(302).header("location", to))
    });
    cloud.reset(responses, [("", "")]);
    cloud
}

fn host(cloud: &FakeCloud) -> FakeHost {
    let proxy = cloud.proxy_url().unwrap();
    FakeHost::new()
        .with_var("HTTPS_PROXY", &proxy)
        .with_var("HTTP_PROXY", &proxy)
        .with_var("SSL_CERT_FILE", cloud.ca_file().to_str().unwrap())
}

fn request(url: &str) -> Request {
    Request { route: Route::Redirected, ..Request::new(Method::Get, Url::parse(url).unwrap()) }
}

fn send(client: &Client, request: Request) -> std::result::Result<u16, String> {
    block_on(client.send(request)).map(|response| response.status).map_err(|error| error.to_string())
}

#[test]
fn redirects_are_followed_but_never_out_of_tls() {
    let cloud = cloud(&[
        ("up.example/a", "https://up.example/b"),
        ("up.example/b", "/credentials"),
        ("down.example/a", "http://down.example/credentials"),
        ("file.example/a", "file:///etc/passwd"),
        ("round.example/a", "/a"),
    ]);
    let client = Client::new(&host(&cloud), false);
    assert_eq!(send(&client, request("http://up.example/a")), Ok(200));
    let asked = cloud.requests().len();
    assert_eq!(
        send(&client, request("https://down.example/a")).unwrap_err(),
        "cannot reach down.example: it redirects from https to http, which is not followed"
    );
    assert_eq!(cloud.requests().len(), asked + 1, "nothing went in clear");
    let error = send(&client, request("http://file.example/a")).unwrap_err();
    assert!(error.contains("neither https nor http"), "{error}");
    assert!(send(&client, request("http://round.example/a")).unwrap_err().contains("without end"));
    let usual = Request { route: Route::Proxied, ..request("http://up.example/a") };
    assert_eq!(send(&client, usual), Ok(302));
}

#[test]
fn a_proxy_is_looked_at_for_every_request_and_every_redirect() {
    let cloud = cloud(&[("up.example/a", "https://up.example/credentials")]);
    let host = host(&cloud).with_var("HTTPS_PROXY", "ftp://127.0.0.1:3128");
    let client = Client::new(&host, false);
    let server = Server::start(|_| (200, String::new()));
    for _ in 0..2 {
        let usual = Request { route: Route::Proxied, ..request("https://sts.example/") };
        assert!(send(&client, usual).unwrap_err().starts_with("HTTPS_PROXY names no usable proxy"));
        assert!(send(&client, request("http://up.example/a")).unwrap_err().starts_with("HTTPS_PROXY"));
        assert_eq!(send(&client, request(&server.address)), Ok(200), "loopback takes no proxy");
    }
}

#[test]
fn a_value_that_no_header_can_carry_is_not_sent() {
    let server = Server::start(|_| (200, String::new()));
    let client = Client::new(&FakeHost::new(), false);
    for value in ["a\r\nx-evil: 1", "se\u{7}cret", "a\0"] {
        let error = send(&client, request(&server.address).header("authorization", value)).unwrap_err();
        assert!(error.contains("header authorization") && !error.contains(value), "{error}");
    }
    assert!(server.asked().is_empty());
}

#[test]
fn an_error_names_the_proxy_and_its_variable_but_not_its_password() {
    let host = FakeHost::new().with_var("https_proxy", "http://me:hunter2@127.0.0.1:1");
    let request = Request::new(Method::Get, Url::parse("https://up.example/").unwrap());
    let error = block_on(Client::new(&host, true).send(request)).unwrap_err();
    let Error::Unreachable { proxy: Some(Proxy { variable, address }), .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!((*variable, address.as_str()), ("https_proxy", "127.0.0.1:1"));
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
}

#[test]
fn a_refused_certificate_tells_who_issued_it_or_that_it_does_not_hold() {
    let cloud = cloud(&[]);
    let failure = |host: &FakeHost, url: &str| {
        let proxied = Request { route: Route::Proxied, ..request(url) };
        match block_on(Client::new(host, false).send(proxied)).unwrap_err() {
            Error::Unreachable { kind, reason, .. } => (kind, reason),
            error => panic!("{error}"),
        }
    };
    let elsewhere = FakeCloud::start(Listeners::default()).unwrap();
    let trusting = host(&cloud);
    let distrusting = host(&cloud).with_var("SSL_CERT_FILE", elsewhere.ca_file().to_str().unwrap());
    let (kind, reason) = failure(&distrusting, "https://sts.example/");
    assert_eq!(kind, NetworkFailure::Untrusted { issuer: Some("fake cloud CA".to_owned()) });
    assert!(reason.starts_with("invalid peer certificate: "), "{reason}");
    // Without a name in its greeting, the cloud takes itself for localhost.
    assert_eq!(failure(&trusting, "https://192.0.2.1/").0, NetworkFailure::NotValid);
}
