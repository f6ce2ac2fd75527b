//! Requests byte by byte, as no client sends them.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::site::{TOKEN, bearer};

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Raw(pub(crate) String);

impl Raw {
    /// The status; 0 where nothing was answered.
    pub(crate) fn status(&self) -> u16 {
        self.0.split(' ').nth(1).map_or(0, |status| status.parse().unwrap())
    }

    /// The kind of problem that it tells.
    pub(crate) fn problem(&self) -> &str {
        assert!(self.0.contains("application/problem+json"), "{}", self.0);
        let kind = self.0.split_once("urn:strata:problem:").expect("a kind").1;
        kind.split_once('"').unwrap().0
    }
}

/// A connection.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Everything that comes until the server closes the connection.
pub(crate) fn rest(stream: &mut TcpStream) -> Raw {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            // The server has closed with bytes of ours unread.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error} after {:?}", String::from_utf8_lossy(&bytes)),
        }
    }
    Raw(String::from_utf8_lossy(&bytes).into_owned())
}

/// Sends a head and a body by the token with every scope, and reads the answer.
pub(crate) fn exchange(address: SocketAddr, line: &str, headers: &str, body: &[u8]) -> Raw {
    let mut stream = connect(address);
    let head = format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\nauthorization: {}\r\nconnection: close\r\n{headers}\r\n",
        bearer(TOKEN)
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The server may have answered and closed before the whole body is sent.
    let _ = stream.write_all(body);
    rest(&mut stream)
}
