//! A proxy between client and server: it counts on the wire what is asked, and plays the moods of a service that moto lacks.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::moto::Moto;

/// What AWS says to whoever asks too much.
const THROTTLED: &str = r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#;

/// A proxy; its thread ends with the process.
pub(crate) struct Proxy {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Where the server is; nowhere where it is away.
    server: Option<u16>,
    /// So many of the next questions are too many.
    throttle: usize,
    /// How long each question takes.
    delay: Duration,
    /// What was asked: head and body.
    asked: Vec<String>,
}

impl Proxy {
    pub(crate) fn before(moto: &Moto) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { server: Some(moto.port), ..State::default() }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // A client that leaves early is no mistake of the proxy's.
                thread::spawn(move || serve(client, &state).ok());
            }
        });
        Self { port, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many questions there were.
    pub(crate) fn asked(&self) -> usize {
        locked(&self.state).asked.len()
    }

    /// The newest question, as it was sent.
    pub(crate) fn newest(&self) -> String {
        locked(&self.state).asked.last().unwrap().clone()
    }

    /// Answers so many of the next questions with a ThrottlingException.
    pub(crate) fn throttle(&self, questions: usize) {
        locked(&self.state).throttle = questions;
    }

    /// Lets each question take so long.
    pub(crate) fn delay(&self, delay: Duration) {
        locked(&self.state).delay = delay;
    }

    /// Closes every connection without an answer.
    pub(crate) fn leave(&self) {
        locked(&self.state).server = None;
    }

    /// Is there again.
    pub(crate) fn come_back(&self, moto: &Moto) {
        locked(&self.state).server = Some(moto.port);
    }
}

/// One question on one connection.
fn serve(client: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(&client);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap(),
            "connection" => continue,
            _ => {}
        }
        head += &line;
    }
    if head.is_empty() {
        return Ok(());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (server, is_throttled, delay) = {
        let mut state = locked(state);
        state.asked.push(format!("{head}\r\n{}", String::from_utf8_lossy(&body)));
        let is_throttled = state.throttle > 0;
        state.throttle -= usize::from(is_throttled);
        (state.server, is_throttled, state.delay)
    };
    thread::sleep(delay);
    let mut client = &client;
    let Some(port) = server else { return Ok(()) };
    if is_throttled {
        let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.1\r\nConnection: close";
        return write!(client, "{head}\r\nContent-Length: {}\r\n\r\n{THROTTLED}", THROTTLED.len());
    }
    let mut server = TcpStream::connect(("127.0.0.1", port))?;
    server.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())?;
    server.write_all(&body)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    client.write_all(&answer)
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
