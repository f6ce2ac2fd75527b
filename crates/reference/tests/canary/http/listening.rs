//! Who is sent what happens: event streams, WebSockets, webhooks. All that comes is kept.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What came so far.
#[derive(Clone, Default)]
pub(super) struct Came(Arc<Mutex<Vec<u8>>>);

impl Came {
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }

    fn add(&self, bytes: &[u8]) {
        self.0.lock().unwrap().extend_from_slice(bytes);
    }

    /// Asks for something without an end, and keeps all that comes.
    pub(super) fn of_request(address: SocketAddr, request: &str) -> Self {
        let came = Self::default();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let kept = came.clone();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = stream.read(&mut bytes) {
                kept.add(&bytes[..count]);
            }
        });
        came
    }

    /// Receives webhooks, all of which it is content with; their address.
    pub(super) fn of_webhooks() -> (Self, SocketAddr) {
        let came = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let kept = came.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = kept.clone();
                thread::spawn(move || drop(receive(&stream, &kept)));
            }
        });
        (came, address)
    }
}

fn receive(stream: &TcpStream, kept: &Came) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            kept.add(line.as_bytes());
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().unwrap_or_default();
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        kept.add(&body);
        let mut stream = stream;
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
    }
}
