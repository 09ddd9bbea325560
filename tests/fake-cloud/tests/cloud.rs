//! The fake cloud as a client meets it, over real sockets and real TLS.

use std::{
    error::Error,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use fake_cloud::{Answer, FakeCloud, Listeners, Overrides};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::{Value, json};

type Outcome = Result<(), Box<dyn Error>>;

const NO_SECRETS: [(&str, &str); 0] = [];

fn exchange(mut stream: impl Read + Write, request: &str) -> std::io::Result<String> {
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn get(host: &str, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

fn address(address: Option<SocketAddr>) -> Result<SocketAddr, Box<dyn Error>> {
    address.ok_or_else(|| "the cloud does not listen there".into())
}

fn body(answer: &str) -> Result<Value, Box<dyn Error>> {
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no body")?;
    Ok(serde_json::from_str(body)?)
}

fn over_tls(cloud: &FakeCloud, stream: TcpStream, host: &str) -> Result<impl Read + Write, Box<dyn Error>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(cloud.ca_file())?)?;
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), host.to_owned().try_into()?)?;
    Ok(StreamOwned::new(client, stream))
}

fn tunnel(cloud: &FakeCloud, authority: &str) -> Result<TcpStream, Box<dyn Error>> {
    let mut stream = TcpStream::connect(address(cloud.addresses().proxy)?)?;
    write!(stream, "CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n")?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    assert!(head.starts_with(b"HTTP/1.1 200 "));
    Ok(stream)
}

#[test]
fn the_proxy_speaks_tls_as_the_host_asked_for() -> Outcome {
    let cloud = FakeCloud::start(Listeners::proxy())?;
    for host in ["oauth.aliyun.com", "sts.eu-central-1.aliyuncs.com"] {
        cloud.reset(Overrides::none(), NO_SECRETS);
        let stream = over_tls(&cloud, tunnel(&cloud, &format!("{host}:443"))?, host)?;
        let answer = exchange(stream, &get(host, "/v1/exchange?b=1&a=x%20y"))?;
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
        let expected = json!({
            "method": "GET", "host": host, "path": "/v1/exchange", "user-agent": "",
            "params": {"a": "x y", "b": "1"},
        });
        assert_eq!(cloud.requests(), [expected]);
        assert!(cloud.log().iter().all(|request| request.proxied));
    }
    Ok(())
}

#[test]
fn the_proxy_passes_plain_requests_on() -> Outcome {
    let cloud = FakeCloud::start(Listeners::proxy())?;
    let stream = TcpStream::connect(address(cloud.addresses().proxy)?)?;
    let answer = exchange(stream, &get("creds.example", "http://creds.example/credentials"))?;
    assert_eq!(body(&answer)?.get("AccessKeyId"), Some(&json!("STS.uri")));
    let stream = tunnel(&cloud, "creds.example:80")?;
    let answer = exchange(stream, &get("creds.example", "/credentials"))?;
    assert_eq!(body(&answer)?.get("SecurityToken"), Some(&json!("token-of-STS.uri")));
    assert_eq!(cloud.log().iter().filter(|request| request.proxied).count(), 2);
    Ok(())
}

#[test]
fn a_caller_whose_signature_does_not_hold_is_refused() -> Outcome {
    let cloud = FakeCloud::start(Listeners::loopback())?;
    cloud.reset(Overrides::none(), [("known", "secret")]);
    for (id, status, code) in [
        ("known", "400 Bad Request", "SignatureDoesNotMatch"),
        ("other", "404 Not Found", "InvalidAccessKeyId.NotFound"),
    ] {
        let stream = TcpStream::connect(address(cloud.addresses().tls)?)?;
        let host = "sts.aliyuncs.com";
        let target = format!("/?Action=GetCallerIdentity&AccessKeyId={id}&Signature=x&Version=v");
        let answer = exchange(over_tls(&cloud, stream, host)?, &get(host, &target))?;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert_eq!(body(&answer)?.get("Code"), Some(&json!(code)));
    }
    let expected = json!({
        "host": "sts.aliyuncs.com", "path": "/", "action": "GetCallerIdentity", "version": "v",
        "access-key-id": "known", "token": null, "signature": "invalid", "user-agent": "",
    });
    assert_eq!(cloud.requests().first(), Some(&expected));
    Ok(())
}

#[test]
fn the_metadata_listener_is_the_metadata_service_under_any_name() -> Outcome {
    let cloud = FakeCloud::start(Listeners::loopback())?;
    let ask = |path: &str| -> Result<String, Box<dyn Error>> {
        let stream = TcpStream::connect(address(cloud.addresses().metadata)?)?;
        let answer = exchange(stream, &get("127.0.0.1", path))?;
        Ok(answer.split_once("\r\n\r\n").ok_or("no body")?.1.to_owned())
    };
    assert_eq!(ask("/latest/api/token")?, "metadata-token");
    assert_eq!(ask("/latest/meta-data/ram/security-credentials/")?, "discovered-role");
    assert_eq!(
        ask("/latest/meta-data/ram/security-credentials/r")?,
        r#"{"Code": "Success", "AccessKeyId": "STS.ecs.r", "AccessKeySecret": "secret-of-STS.ecs.r", "SecurityToken": "token-of-STS.ecs.r", "Expiration": "2099-01-01T00:00:00Z"}"#
    );
    Ok(())
}

#[test]
fn answers_of_the_test_come_before_the_clouds_own() -> Outcome {
    let cloud = FakeCloud::start(Listeners::loopback())?;
    let odd = Answer::status(503).body("odd").header("Retry-After", "7").delay(Duration::from_millis(50));
    let overrides = Overrides::none()
        .answer("GET 127.0.0.1/credentials", odd)
        .answer("GET 127.0.0.1/credentials", Answer::dropped())
        .answer("GET /credentials", Answer::ok("never asked"));
    cloud.reset(overrides, NO_SECRETS);
    let ask = || -> Result<String, Box<dyn Error>> {
        let stream = TcpStream::connect(address(cloud.addresses().plain)?)?;
        Ok(exchange(stream, &get("127.0.0.1:80", "/credentials"))?)
    };
    let before = Instant::now();
    let answer = ask()?;
    assert!(before.elapsed() >= Duration::from_millis(50));
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.ends_with("\r\n\r\nodd"), "{answer}");
    assert!(answer.contains("retry-after: 7\r\n"), "{answer}");
    assert_eq!(ask()?, "", "a dropped connection has no answer");
    assert_eq!(ask()?, "", "the last answer stays");
    assert_eq!(cloud.requests().len(), 3);
    Ok(())
}

#[test]
fn a_device_is_authorized_at_the_second_poll_of_each_test() -> Outcome {
    let cloud = FakeCloud::start(Listeners::loopback())?;
    let poll = || -> Result<Value, Box<dyn Error>> {
        let stream = TcpStream::connect(address(cloud.addresses().plain)?)?;
        body(&exchange(stream, &get("signin-cn-shanghai.alibabacloudsso.com", "/token"))?)
    };
    for _ in 0..2 {
        cloud.reset(Overrides::none(), NO_SECRETS);
        assert_eq!(poll()?.get("ErrorCode"), Some(&json!("AuthorizationPending")));
        assert_eq!(poll()?.get("AccessToken"), Some(&json!("sso-access-token")));
    }
    Ok(())
}
