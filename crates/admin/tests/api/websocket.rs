//! `/events/ws`: the same messages over WebSocket.

use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::http::HeaderValue;
use tungstenite::{Error, Message, WebSocket};

use crate::listener::Listener;
use crate::site::{Site, TOKEN, bearer};

fn open(site: &Site, query: &str, origin: Option<&str>) -> Result<WebSocket<TcpStream>, Box<Error>> {
    let mut request = format!("ws://{}/api/v1/events/ws{query}", site.address).into_client_request().unwrap();
    if !query.contains("ticket") {
        request.headers_mut().insert("authorization", HeaderValue::from_str(&bearer(TOKEN)).unwrap());
    }
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", HeaderValue::from_str(origin).unwrap());
    }
    let stream = TcpStream::connect(site.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    match tungstenite::client(request, stream) {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::HandshakeError::Failure(error)) => Err(Box::new(error)),
        Err(interrupted) => panic!("{interrupted}"),
    }
}

/// The next committed message.
fn committed(socket: &mut WebSocket<TcpStream>) -> Json {
    loop {
        if let Message::Text(text) = socket.read().unwrap() {
            let message: Json = serde_json::from_str(&text).unwrap();
            if message["kind"] == "committed" {
                return message;
            }
        }
    }
}

fn change(site: &Site, parallel: u32) {
    assert_eq!(site.call("PATCH", "/api/v1/config", &json!({"parallel": parallel})).status, 200);
}

#[test]
fn a_client_hears_changes_and_resumes_where_it_stopped() {
    let site = Site::start();
    let mut listener = Listener::open(site.address, "", "");
    let mut socket = open(&site, "", None).unwrap();
    (10..13).for_each(|parallel| change(&site, parallel));
    let messages: Vec<Json> = (0..3).map(|_| committed(&mut socket)).collect();
    let of_sse: Vec<Json> = (0..3).map(|_| listener.next_of("committed").data).collect();
    assert_eq!(messages, of_sse);
    let id = messages[0]["id"].as_str().unwrap();
    let mut again = open(&site, &format!("?last_event_id={id}"), None).unwrap();
    assert_eq!([committed(&mut again), committed(&mut again)], messages[1..]);
    let mut again = open(&site, "", None).unwrap();
    again.send(Message::text(json!({"resume": id}).to_string())).unwrap();
    assert_eq!([committed(&mut again), committed(&mut again)], messages[1..]);
}

#[test]
fn a_page_of_another_origin_is_refused_and_one_of_ours_needs_a_ticket() {
    let site = Site::start();
    let refused = open(&site, "", Some("https://evil.example")).unwrap_err();
    assert!(matches!(*refused, Error::Http(ref response) if response.status() == 403), "{refused}");
    let ticket = site.call("POST", "/api/v1/tickets", &json!({})).json()["ticket"].as_str().unwrap().to_owned();
    let here = format!("http://{}", site.address);
    let mut socket = open(&site, &format!("?ticket={ticket}"), Some(&here)).unwrap();
    change(&site, 10);
    assert_eq!(committed(&mut socket)["revision"], 1);
    let refused = open(&site, "?ticket=00", Some(&here)).unwrap_err();
    assert!(matches!(*refused, Error::Http(ref response) if response.status() == 401), "{refused}");
}

#[test]
fn what_is_not_understood_or_too_long_ends_the_connection() {
    let site = Site::start();
    for (said, code) in [(Message::text("{}"), 1008), (Message::binary(vec![1]), 1003)] {
        let mut socket = open(&site, "", None).unwrap();
        socket.send(said).unwrap();
        match socket.read().unwrap() {
            Message::Close(Some(frame)) => assert_eq!(u16::from(frame.code), code),
            other => panic!("{other}"),
        }
    }
    let mut socket = open(&site, "", None).unwrap();
    socket.send(Message::text("x".repeat(100_000))).unwrap();
    assert!(matches!(socket.read(), Err(_) | Ok(Message::Close(_))));
    let plain = site.get("/api/v1/events/ws");
    assert_eq!((plain.status, plain.header("content-type")), (400, "application/problem+json"), "{}", plain.text);
}

#[test]
fn it_closes_with_the_reason_when_the_server_ends() {
    let site = Site::start();
    let mut socket = open(&site, "", None).unwrap();
    site.stop();
    let last = socket.read().unwrap();
    let last: Json = serde_json::from_str(last.to_text().unwrap()).unwrap();
    assert_eq!((&last["kind"], &last["reason"]), (&json!("shutdown"), &json!("the server is shutting down")));
    match socket.read().unwrap() {
        Message::Close(Some(frame)) => assert_eq!(frame.reason.as_str(), "the server is shutting down"),
        other => panic!("{other}"),
    }
}
