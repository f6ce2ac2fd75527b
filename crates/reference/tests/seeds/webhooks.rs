//! `serve --webhook`: what happens is sent to an address, signed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::{Value as Json, json};
use strata_config_admin::WebhookSecret;

use crate::server::Server;
use crate::shell::Shell;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Takes one message, and answers that it arrived.
fn taken(listener: &TcpListener) -> (ureq::http::HeaderMap, Vec<u8>) {
    let (stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(TcpStream::try_clone(&stream).unwrap());
    let mut headers = ureq::http::HeaderMap::new();
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(ureq::http::HeaderName::try_from(name).unwrap(), value.parse().unwrap());
    }
    let mut body = vec![0; headers["content-length"].to_str().unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    (&stream).write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").unwrap();
    (headers, body)
}

#[test]
fn a_change_is_sent_with_its_signature() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let shell = Shell::new(&[], &[]);
    let line = format!("phase2a serve --listen 127.0.0.1:0 --webhook http://{}/hook", listener.local_addr().unwrap());
    let server = Server::run(shell.folder.path(), &line, &[("STRATA_WEBHOOK_SECRET", SECRET)]);
    let secret = WebhookSecret::new(SECRET).unwrap();
    // What waited for the process before is unknown, so that the first message says to read everything.
    let mut changed = false;
    while !changed {
        let (headers, body) = taken(&listener);
        let tolerance = std::time::Duration::from_secs(300);
        secret.verify(&headers, &body, std::time::SystemTime::now(), tolerance).unwrap();
        let message: Json = serde_json::from_slice(&body).unwrap();
        match message["kind"].as_str().unwrap() {
            "reset" => drop(server.call("PATCH", "/api/v1/config", &json!({"max_memory_usage_mb": 300})).of(200)),
            kind => {
                assert_eq!((kind, &message["changes"][0]["new"]), ("committed", &json!(300)));
                changed = true;
            }
        }
    }
    assert_eq!(server.get("/api/v1/status").of(200)["streams"]["webhooks"].as_array().unwrap().len(), 1);
}

#[test]
fn an_address_without_a_secret_is_a_mistake() {
    let shell = Shell::new(&[], &[]);
    let output = shell.run("phase2a serve --listen 127.0.0.1:0 --webhook http://127.0.0.1:1/hook");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("STRATA_WEBHOOK_SECRET"), "{output:?}");
}
