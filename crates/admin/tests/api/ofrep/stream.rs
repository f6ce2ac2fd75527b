//! The stream that tells clients to ask again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::{ALL, by_key, clocked, of_every_type, set, site};
use crate::site::{Site, TOKEN, bearer};

/// So long is waited for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client that reads the stream line by line.
struct Client(BufReader<TcpStream>);

impl Client {
    fn open(site: &Site, path: &str, headers: &str) -> (u16, Self) {
        let mut socket = TcpStream::connect(site.address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(socket, "GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n").unwrap();
        let mut client = Self(BufReader::new(socket));
        let status = client.line().split(' ').nth(1).unwrap().parse().unwrap();
        while !client.line().is_empty() {}
        (status, client)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// The next event's data.
    fn event(&mut self) -> Json {
        loop {
            if let Some(data) = self.line().strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }
}

fn stream_of(site: &Site) -> String {
    let bulk = site.call("POST", ALL, &json!({})).json();
    bulk["eventStreams"][0]["endpoint"]["requestUri"].as_str().unwrap().to_owned()
}

#[test]
fn a_change_of_a_flag_is_told_and_what_is_none_is_not() {
    let site = site(&of_every_type());
    let (status, mut client) = Client::open(&site, &stream_of(&site), "");
    assert_eq!(status, 200);
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 9}));
    set(&site, &json!({"on": false}));
    let first = client.event();
    assert_eq!(first["type"], "refetchEvaluation");
    assert!(first["lastModified"].as_u64().unwrap() > 1_700_000_000);
    let asked = format!(
        "{ALL}?flagConfigEtag={}&flagConfigLastModified={}",
        first["etag"].as_str().unwrap(),
        first["lastModified"]
    );
    assert_eq!(by_key(&site.call("POST", &asked, &json!({})).json(), "on")["value"], false);
    set(&site, &json!({"on": true}));
    assert_ne!(client.event()["etag"], first["etag"]);
}

#[test]
fn what_changed_before_the_stream_began_is_told_at_once() {
    let site = site(&of_every_type());
    let path = stream_of(&site);
    set(&site, &json!({"on": false}));
    let (_, mut client) = Client::open(&site, &path, "");
    let told = client.event()["etag"].as_str().unwrap().to_owned();
    // Who comes back with that has missed nothing, and who comes back with an older id has.
    set(&site, &json!({"on": true}));
    let (_, mut late) = Client::open(&site, &path, &format!("last-event-id: {told}\r\n"));
    assert_ne!(late.event()["etag"], told);
}

#[test]
fn a_step_of_a_ramp_is_told_when_its_time_has_come() {
    let (site, clock) = clocked();
    let steps = json!([{"at": "2026-01-02T00:00:00Z", "coverage": "100%"}]);
    set(&site, &json!({"ramp": {"fallthrough": {"ramp": {"steps": steps}}}}));
    let (_, mut client) = Client::open(&site, &stream_of(&site), "");
    clock.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(client.event()["type"], "refetchEvaluation");
}

#[test]
fn the_stream_takes_a_ticket_or_the_header_and_nothing_else() {
    let site = site(&of_every_type());
    for (query, headers, expected) in [
        ("", String::new(), 401),
        ("?ticket=00", String::new(), 401),
        ("?ticket=0&ticket=1", String::new(), 400),
        ("", format!("authorization: {}\r\n", bearer(TOKEN)), 200),
    ] {
        let (status, _) = Client::open(&site, &format!("/ofrep/v1/events{query}"), &headers);
        assert_eq!(status, expected, "{query}");
    }
}

#[test]
fn the_stream_ends_with_its_token() {
    let site = site(&of_every_type());
    let (_, mut client) = Client::open(&site, &stream_of(&site), "");
    site.tokens.replace([]);
    let mut rest = Vec::new();
    // A change is made by the program itself, for nobody else may any more.
    site.live.set("features.flags.on", false, "program").unwrap();
    client.0.read_to_end(&mut rest).unwrap();
}
