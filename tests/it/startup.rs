//! What a command does not set up before it needs the network, as the system sees it.

use std::fs;

use crate::support::environment::TestEnvironment;
use crate::support::strace::{can_trace, trace, traced};

/// The calls that start threads and processes, and those that a runtime or a connection begins with.
const NETWORK: &[&str] =
    &["clone", "clone3", "fork", "vfork", "socket", "connect", "epoll_create1", "eventfd2", "pipe2"];

/// Runs the program, and gives the names of its calls to the system and the whole trace.
fn calls(environment: &TestEnvironment, arguments: &[&str]) -> (Vec<String>, String) {
    traced(environment, &[], arguments);
    let text = fs::read_to_string(trace(environment)).unwrap();
    // Behind the number of the process stands the call.
    let name =
        |line: &str| line.split_once(' ')?.1.trim_start().split_once('(').map(|(name, _)| name.to_owned());
    (text.lines().filter_map(name).collect(), text)
}

#[test]
fn nothing_of_the_network_is_set_up_before_a_command_needs_it() {
    if !can_trace("nothing_of_the_network_is_set_up_before_a_command_needs_it") {
        return;
    }
    let environment = TestEnvironment::with_profiles(&["default", "other"])
        .var("SSL_CERT_FILE", "/nowhere/ca.pem")
        .var("HTTPS_PROXY", "http://127.0.0.1:9");
    let of_network = |arguments: &[&str]| {
        let (calls, text) = calls(&environment, arguments);
        assert!(calls.iter().any(|call| call == "execve"), "{text}");
        let mut found: Vec<_> =
            NETWORK.iter().filter(|name| calls.iter().any(|call| call == *name)).collect();
        found.extend(text.contains("ca.pem").then_some(&"certificates"));
        found.into_iter().copied().collect::<Vec<_>>()
    };
    for arguments in [
        &["version"][..],
        &["configure", "--help"],
        &["configure", "list"],
        &["configure", "get", "region"],
        &["configure", "set", "--region", "cn-beijing"],
        &["configure", "switch", "--profile", "other"],
        &["configure", "delete", "--profile", "default"],
        &["completion", "bash"],
        &["sts", "GetCallerIdentity", "--dryrun"],
    ] {
        assert_eq!(of_network(arguments), [""; 0], "{arguments:?}");
    }
    let call = of_network(&["sts", "GetCallerIdentity"]);
    assert!(call.contains(&"epoll_create1") && call.contains(&"certificates"), "{call:?}");
}
