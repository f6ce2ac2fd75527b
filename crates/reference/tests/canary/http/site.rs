//! A system that is served in this process, with everybody listening who can.

use std::net::SocketAddr;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use strata_config_admin::auth::{Scopes, Token, Tokens};
use strata_config_admin::{Webhook, WebhookSecret, serve};
use strata_config_reload::LiveBuilder;
use strata_config_secrets::to_base64;
use strata_config_store::open;

use super::bodies::JSON;
use super::listening::Came;
use crate::case::{Case, Subject, word};
use crate::collection::Collection;
use crate::noise::keep_log;

/// The longest that what happened is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A system that is served in this process.
pub(super) struct Site {
    pub(super) shown: Collection,
    address: SocketAddr,
    token: String,
    agent: ureq::Agent,
    heard: Vec<(&'static str, Came)>,
    folder: tempfile::TempDir,
    stop: Option<(Sender<()>, JoinHandle<()>)>,
}

/// What was answered.
pub(super) struct Reply {
    status: u16,
    head: String,
    pub(super) body: String,
}

impl Site {
    /// A configuration's interface on a free port, over a database; markers are those of both cases and of the server.
    pub(super) fn start<S: Subject>(builder: LiveBuilder<S>, first: &Case, then: &Case) -> Self {
        keep_log();
        let mut search = first.search();
        then.add_to(&mut search);
        let secret = word(S::NAME, "the token");
        let signature = to_base64(&word(S::NAME, "the signature")[..32]).replace('-', "+").replace('_', "/");
        search.add("the token", &secret);
        search.add("the signature's key", &signature);
        let mut shown = Collection::new(search);

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let store = open(&format!("sqlite:{}?copy={}", at("store/"), at("copy.json"))).unwrap();
        let builder = S::declarations().into_iter().fold(builder.store(store), LiveBuilder::declare);
        let live = builder.open().unwrap();

        let token = format!("ann.{secret}");
        let owner = Token::new("ann", &token, Scopes::ALL).unwrap();
        let owner = owner.writes_per_second(1_000_000).reads_per_second(1_000_000);
        shown.debug("a token", &owner);
        shown.take("a token's entry", owner.entry());
        let (hooks, receiver) = Came::of_webhooks();
        let key = WebhookSecret::new(&format!("whsec_{signature}")).unwrap();
        shown.debug("a webhook's key", &key);
        let webhook = Webhook::new(&format!("http://{receiver}/hook"), key).unwrap();
        shown.debug("a webhook", &webhook);
        let tokens = Tokens::new([owner]);
        shown.debug("the tokens", &tokens);
        let admin = S::admin(&live).unwrap().tokens(tokens).webhook(webhook).audit_file(at("audit.log")).unwrap();
        shown.debug("the interface", &admin);

        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = channel::<()>();
        let served = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let stopped = tokio::task::spawn_blocking(move || stopped.recv());
                serve(listener, admin, async { drop(stopped.await) }).await.unwrap();
            });
            drop(live);
        });
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut site = Self { shown, address, token, agent, heard: vec![("webhooks", hooks)], folder, stop: None };
        site.stop = Some((stop, served));
        site.listen();
        site
    }

    /// Everybody who can be sent something listens.
    fn listen(&mut self) {
        let (address, token) = (self.address, &self.token);
        let stream = |path: &str, more: &str| {
            let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n{more}\r\n");
            Came::of_request(address, &head)
        };
        let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let heard = [
            ("events", stream("/api/v1/events", "")),
            ("the WebSocket", stream("/api/v1/events/ws", upgrade)),
            ("events of flags", stream("/ofrep/v1/events", "")),
        ];
        self.heard.extend(heard);
    }

    /// Sends a request with the token.
    pub(super) fn send(&self, method: &str, path: &str, body: Option<(&str, &str)>) -> Reply {
        let request = ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        let request = request.header("authorization", format!("Bearer {}", self.token));
        let response = match body.filter(|_| method != "DELETE") {
            Some((kind, body)) => self.agent.run(request.header("content-type", kind).body(body.to_owned()).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        };
        let mut response = response.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let head = format!("{:?} {:?}", response.status(), response.headers());
        let body = response.body_mut().read_to_string().unwrap();
        Reply { status: response.status().as_u16(), head, body }
    }

    /// Sends a request, and takes its answer; the status.
    pub(super) fn ask(&mut self, method: &str, path: &str, body: Option<(&str, &str)>) -> u16 {
        let reply = self.send(method, path, body);
        let sent = body.map(|(kind, body)| format!(" with {kind} {body}")).unwrap_or_default();
        self.shown.take(format!("{method} {path}{sent}: {}", reply.status), format!("{}\n{}", reply.head, reply.body));
        reply.status
    }

    /// The console with all that it loads, health, figures and the description.
    pub(super) fn pages(&mut self) {
        let page = self.send("GET", "/console", None).body;
        let named = page.split(['"', '\'']).filter(|text| text.contains("console/") && !text.contains(' '));
        let parts: Vec<String> = named.map(|text| format!("/{}", text.trim_start_matches('/'))).collect();
        assert!(parts.len() >= 3, "{page}");
        let others = ["/", "/console", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/console/api.js"];
        for path in parts.iter().map(String::as_str).chain(others) {
            self.ask("GET", path, None);
        }
        for path in ["/ofrep/v1/evaluate/flags", "/ofrep/v1/evaluate/flags/x"] {
            self.ask("POST", path, Some((JSON, r#"{"context": {"targetingKey": "ann"}}"#)));
        }
        // Who is no one hears nothing either.
        let request = ureq::http::Request::builder().uri(format!("http://{}/api/v1/config", self.address));
        let refused = self.agent.run(request.header("authorization", "Bearer ann.wrong").body(()).unwrap());
        let text = refused.unwrap().body_mut().read_to_string().unwrap();
        self.shown.take("a wrong token", text);
    }

    /// Keeps a snapshot; its id.
    pub(super) fn snapshot(&mut self) -> String {
        let reply =
            self.send("POST", "/api/v1/snapshots", Some((JSON, r#"{"description": "kept", "tags": ["kept"]}"#)));
        self.shown.take("a snapshot", &reply.body);
        let snapshot: Json =
            serde_json::from_str(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.body));
        snapshot["id"].as_str().expect("a snapshot has an id").to_owned()
    }

    /// Ends, and takes what was sent to those who listen, and what was written.
    pub(super) fn end(&mut self, has_changed: bool) {
        let begun = Instant::now();
        let is_told = |came: &Came| {
            let bytes = came.bytes();
            bytes.windows(9).any(|part| part == b"committed")
        };
        // Flags have changed nowhere, so that their stream tells of none.
        while has_changed
            && !self.heard.iter().filter(|(what, _)| *what != "events of flags").all(|(_, came)| is_told(came))
        {
            let told: Vec<_> = self.heard.iter().map(|(what, came)| (*what, came.bytes().len())).collect();
            assert!(begun.elapsed() < PATIENCE, "{told:?}");
            thread::sleep(Duration::from_millis(20));
        }
        crate::past::take(&mut self.shown, "while it is served", self.folder.path());
        let (stop, served) = self.stop.take().expect("it was started");
        let _ = stop.send(());
        served.join().unwrap();
        for (what, came) in &self.heard {
            let bytes = came.bytes();
            assert!(!bytes.is_empty(), "{what}");
            self.shown.take(what, bytes);
        }
        let files = crate::past::take(&mut self.shown, "when it has ended", self.folder.path());
        assert!(files >= 3, "{files} files");
    }
}
