//! `selfsame health`: asks the server on this machine whether it is ready. A plain socket, so that a container needs
//! nothing but the binary.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

use super::fail;
use crate::cli::Exit;

/// Timeout for connecting, and for each read and write.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Asks the server that listens on `bind`.
pub(super) fn run(bind: SocketAddr) -> Exit {
    let address = reachable(bind);
    match status(address) {
        Ok(200) => Exit::Success,
        Ok(status) => fail(&format!("the server at {address} is not ready: it answered {status}")),
        Err(error) => fail(&format!("no answer from {address}: {error}")),
    }
}

/// A server that listens on every address is asked on the loopback one.
fn reachable(bind: SocketAddr) -> SocketAddr {
    let ip = match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bind.port())
}

/// The status of `GET /health/ready`.
fn status(address: SocketAddr) -> io::Result<u16> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    // "HTTP/1.1 200" is all that is needed.
    let mut line = [0; 12];
    stream.read_exact(&mut line)?;
    let line = std::str::from_utf8(&line).ok().and_then(|line| line.strip_prefix("HTTP/1.1 "));
    line.and_then(|code| code.parse().ok()).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not HTTP"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::{net::TcpListener, thread};

    use super::*;

    fn answering(answer: &'static str) -> (SocketAddr, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(request).unwrap()
        });
        (address, server)
    }

    #[test]
    fn a_ready_server_is_healthy() {
        let (address, server) = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(run(address), Exit::Success);
        assert!(server.join().unwrap().starts_with("GET /health/ready HTTP/1.1\r\n"));
    }

    #[test]
    fn a_server_that_is_not_ready_is_not_healthy() {
        for answer in
            ["HTTP/1.1 503 Service Unavailable\r\n\r\n", "HTTP/1.1 404 Not Found\r\n\r\n", "SSH-2.0-Other\r\n", ""]
        {
            let (address, server) = answering(answer);
            assert_eq!(run(address), Exit::Failure, "{answer}");
            server.join().unwrap();
        }
    }

    #[test]
    fn no_server_is_not_healthy() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(run(free), Exit::Failure);
    }

    #[test]
    fn a_server_on_every_address_is_asked_on_the_loopback_one() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()), "127.0.0.1:80".parse().unwrap());
        assert_eq!(reachable("[::]:80".parse().unwrap()), "[::1]:80".parse().unwrap());
        assert_eq!(reachable("10.0.0.1:80".parse().unwrap()), "10.0.0.1:80".parse().unwrap());
    }
}
