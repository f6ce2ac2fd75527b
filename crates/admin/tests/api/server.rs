//! The server that stands alone: slow clients, many clients, and its end.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use strata_config_admin::Server;
use strata_config_reload::Live;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::raw::{connect, rest};
use crate::site::{Config, TOKEN, bearer};
use strata_config::LayeredConfig;
use strata_config_admin::auth::{Scopes, Tokens};

/// A server whose end is asked for, and awaited.
struct Running {
    address: std::net::SocketAddr,
    live: Live<Config>,
    stop: Arc<Notify>,
    ended: JoinHandle<std::io::Result<()>>,
    runtime: Runtime,
}

fn running(settings: impl FnOnce(Server) -> Server) -> Running {
    let live = Live::of(Config::loader()).open().unwrap();
    let tokens = Tokens::one("root", TOKEN, Scopes::ALL).unwrap();
    let server = settings(Server::new(strata_config_admin::router(&live).tokens(tokens)));
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let ended = runtime.spawn(async move { server.serve(listener, stopped.notified()).await });
    Running { address, live, stop, ended, runtime }
}

impl Running {
    fn patch(&self) -> String {
        let head = bearer(TOKEN);
        format!(
            "PATCH /api/v1/config HTTP/1.1\r\nhost: localhost\r\nauthorization: {head}\r\n\
             content-type: application/json\r\ncontent-length: 16\r\n\r\n{{\"parallel\": 16}}"
        )
    }
}

/// Reads until the head and a body of JSON have come.
fn answer(stream: &mut std::net::TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.ends_with('}') {
        let count = stream.read(&mut buffer).unwrap();
        assert_ne!(count, 0, "{text}");
        text.push_str(str::from_utf8(&buffer[..count]).unwrap());
    }
    text
}

#[test]
fn a_head_that_trickles_is_not_waited_for() {
    let running = running(|server| server.header_time(Duration::from_millis(300)));
    let mut slow = connect(running.address);
    slow.write_all(b"PATCH /api/v1/config HTTP/1.1\r\nhost: localhost\r\nx-slow: ").unwrap();
    let silent = connect(running.address);
    for mut stream in [slow, silent] {
        // Whatever is said at the end, the connection is closed.
        let reply = rest(&mut stream);
        assert!(matches!(reply.status(), 0 | 408), "{reply:?}");
    }
    assert_eq!(running.live.version().revision(), 0);
}

#[test]
fn a_connection_beyond_the_limit_waits_for_its_turn() {
    let running = running(|server| server.connections(1));
    let first = connect(running.address);
    let mut second = connect(running.address);
    second.write_all(running.patch().as_bytes()).unwrap();
    second.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(second.read(&mut [0; 16]).is_err(), "the first one has the only place");
    drop(first);
    second.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert!(answer(&mut second).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_change_that_has_begun_is_made_and_answered_at_the_end() {
    let running = running(|server| server);
    let (entered, begun) = channel();
    let (go_on, wait) = channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    running.live.veto("slow", move |_| {
        entered.send(()).unwrap();
        wait.lock().unwrap().recv().unwrap();
        Ok(())
    });
    let mut idle = connect(running.address);
    let mut stream = connect(running.address);
    stream.write_all(running.patch().as_bytes()).unwrap();
    begun.recv().unwrap();
    running.stop.notify_one();
    assert_eq!(rest(&mut idle).0, "", "nothing is under way there");
    go_on.send(()).unwrap();
    let text = rest(&mut stream);
    assert_eq!(text.status(), 200, "{text:?}");
    running.runtime.block_on(running.ended).unwrap().unwrap();
    assert_eq!(running.live.get().parallel, 16);
    assert!(std::net::TcpStream::connect(running.address).is_err(), "nothing is accepted any more");
}

#[test]
fn a_change_whose_client_is_gone_is_made_before_the_end() {
    let running = running(|server| server);
    let (entered, begun) = channel();
    let (go_on, wait) = channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    running.live.veto("slow", move |_| {
        entered.send(()).unwrap();
        wait.lock().unwrap().recv().unwrap();
        Ok(())
    });
    let mut stream = connect(running.address);
    stream.write_all(running.patch().as_bytes()).unwrap();
    begun.recv().unwrap();
    drop(stream);
    running.stop.notify_one();
    go_on.send(()).unwrap();
    running.runtime.block_on(running.ended).unwrap().unwrap();
    assert_eq!(running.live.get().parallel, 16);
}

#[test]
fn a_change_that_takes_too_long_is_made_though_nobody_waits() {
    let live = Live::of(Config::loader()).open().unwrap();
    let (go_on, wait) = channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    live.veto("slow", move |_| {
        wait.lock().unwrap().recv().unwrap();
        Ok(())
    });
    let limits = strata_config_admin::Limits { handler_time: Duration::from_millis(200), ..Default::default() };
    let site = crate::site::Site::of(live, |admin| admin.limits(limits));
    let patch = || {
        let headers = [("authorization", "Bearer root.0123456789abcdef"), ("idempotency-key", "a")];
        site.send("PATCH", "/api/v1/config", &headers, Some("{\"parallel\": 16}"))
    };
    let reply = patch();
    assert_eq!((reply.status, reply.json()["type"].as_str()), (503, Some("urn:strata:problem:unknown")));
    assert!(reply.json()["detail"].as_str().unwrap().contains("request id"));
    go_on.send(()).unwrap();
    // Where the first is carried out by now its name is known; else this one waits for it in the store's queue.
    go_on.send(()).unwrap();
    let again = loop {
        let again = patch();
        if again.status != 503 {
            break again;
        }
    };
    assert_eq!((again.status, again.json()["replayed"].as_bool()), (200, Some(true)), "{}", again.text);
    assert_eq!((site.live.get().parallel, site.live.version().revision()), (16, 1));
}

#[test]
fn a_client_that_never_ends_is_cut_when_the_grace_is_over() {
    let running = running(|server| server.grace(Duration::from_millis(200)));
    let mut stream = connect(running.address);
    let text = running.patch();
    stream.write_all(&text.as_bytes()[..text.len() - 5]).unwrap();
    // The head has been read once another request on the same server is answered.
    let mut other = connect(running.address);
    other.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    assert_eq!(rest(&mut other).status(), 200);
    running.stop.notify_one();
    running.runtime.block_on(running.ended).unwrap().unwrap();
    rest(&mut stream);
    assert_eq!(running.live.version().revision(), 0);
}
