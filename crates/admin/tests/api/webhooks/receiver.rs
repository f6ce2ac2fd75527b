//! A receiver of webhooks that answers as a test says.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Queue, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use axum::http::{HeaderMap, HeaderName};
use serde_json::Value as Json;
use strata_config_admin::{Webhook, WebhookError, WebhookSecret};

/// A test that waits in vain ends.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The answer of a receiver that is content.
pub(super) const FINE: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// A receiver on a free port.
pub(super) struct Receiver {
    pub(super) address: SocketAddr,
    pub(super) came: Queue<Delivery>,
}

/// A message as it came.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) line: String,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Receiver {
    /// Answers each message with what `answer` makes of its number, from 0; nothing where it says nothing.
    pub(super) fn start(answer: impl FnMut(usize) -> Option<String> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tells, came) = channel();
        thread::spawn(move || receive(&listener, &tells, answer));
        Self { address, came }
    }

    /// A webhook to it.
    pub(super) fn hook(&self) -> Webhook {
        Webhook::new(&format!("http://{}/hook?key=hunter1", self.address), secret()).unwrap()
    }

    /// The next message.
    pub(super) fn next(&self) -> Delivery {
        self.came.recv_timeout(PATIENCE).expect("a message comes")
    }

    /// The next message of a kind.
    pub(super) fn next_of(&self, kind: &str) -> Json {
        std::iter::repeat_with(|| self.next().json()).find(|told| told["kind"] == kind).unwrap()
    }
}

impl Delivery {
    pub(super) fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Whether it is from who knows a secret.
    pub(super) fn verify(&self, secret: &WebhookSecret) -> Result<(), WebhookError> {
        secret.verify(&self.headers, self.text.as_bytes(), SystemTime::now(), Duration::from_secs(60))
    }
}

pub(super) fn secret() -> WebhookSecret {
    WebhookSecret::new(SECRET).unwrap()
}

fn receive(
    listener: &TcpListener,
    tells: &Sender<Delivery>,
    answer: impl FnMut(usize) -> Option<String> + Send + 'static,
) {
    let answer = Arc::new(Mutex::new((0, answer)));
    for stream in listener.incoming() {
        let mut stream = BufReader::new(stream.unwrap());
        let (tells, answer) = (tells.clone(), Arc::clone(&answer));
        thread::spawn(move || {
            while let Some(delivery) = read(&mut stream) {
                let mut answer = answer.lock().unwrap();
                let (number, makes) = &mut *answer;
                let text = makes(*number);
                *number += 1;
                let told = tells.send(delivery);
                drop(answer);
                match text {
                    Some(text) if told.is_ok() => stream.get_mut().write_all(text.as_bytes()).unwrap(),
                    // Who gets no answer keeps the connection, so that it is no refusal.
                    _ => while matches!(stream.read(&mut [0]), Ok(1..)) {},
                }
            }
        });
    }
}

/// The next request of a connection.
fn read(stream: &mut BufReader<TcpStream>) -> Option<Delivery> {
    let mut line = String::new();
    let mut headers = HeaderMap::new();
    stream.read_line(&mut line).ok().filter(|length| *length > 0)?;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        headers.insert(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
    }
    let mut body = vec![0; headers["content-length"].to_str().unwrap().parse().unwrap()];
    stream.read_exact(&mut body).ok()?;
    Some(Delivery { line: line.trim_end().to_owned(), headers, text: String::from_utf8(body).unwrap() })
}
