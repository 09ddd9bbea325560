//! Whose the other end of a connection on this machine is.

use std::net::SocketAddrV4;

/// Tells whether a connection from this machine is one of this user; `None` where the system does not tell.
///
/// Linux lists the ends of all connections in `/proc/net/tcp` (`man 5 proc_pid_net`), a line each: number, own
/// address, other address, and in the eighth column its user.
#[cfg(target_os = "linux")]
pub(crate) fn is_of_this_user(peer: SocketAddrV4, own: SocketAddrV4) -> Option<bool> {
    let list = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let ends = [listed(peer), listed(own)];
    let user = list.lines().find_map(|line| {
        let mut columns = line.split_ascii_whitespace().skip(1);
        let is_it = ends.iter().all(|end| columns.next() == Some(end.as_str()));
        if is_it { columns.nth(4)?.parse::<u32>().ok() } else { None }
    })?;
    Some(user == rustix::process::geteuid().as_raw())
}

/// Tells nothing, where connections are not listed.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_of_this_user(_: SocketAddrV4, _: SocketAddrV4) -> Option<bool> {
    None
}

/// Returns an address as it is listed: in hexadecimal, its bytes as this machine orders those of a number.
#[cfg(target_os = "linux")]
fn listed(address: SocketAddrV4) -> String {
    format!("{:08X}:{:04X}", u32::from_ne_bytes(address.ip().octets()), address.port())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "somebody else is another process")]

    use std::net::{SocketAddr, TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_connection_of_this_user_is_known_and_one_that_is_none_is_not() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (SocketAddr::V4(peer), SocketAddr::V4(own)) =
            (stream.local_addr().unwrap(), listener.local_addr().unwrap())
        else {
            panic!("not of version 4");
        };
        assert_eq!(is_of_this_user(peer, own), Some(true));
        assert_eq!(is_of_this_user(SocketAddrV4::new(*peer.ip(), 1), own), None);
    }

    /// Only an administrator can act as somebody else.
    #[test]
    fn a_connection_of_another_user_is_told_from_those_of_this_one() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let SocketAddr::V4(own) = listener.local_addr().unwrap() else { panic!("not of version 4") };
        let connect = format!("exec 3<>/dev/tcp/127.0.0.1/{}; read -r line <&3", own.port());
        let mut other = std::process::Command::new("setpriv")
            .args(["--reuid=54321", "--clear-groups", "bash", "-c", &connect])
            .spawn()
            .unwrap();
        let (stream, SocketAddr::V4(peer)) = listener.accept().unwrap() else { panic!("not of version 4") };
        assert_eq!(is_of_this_user(peer, own), Some(false));
        drop(stream);
        other.wait().unwrap();
    }
}
