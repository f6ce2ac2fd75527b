//! A server on a free port with a configuration of its own, and a client for it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::Value as Json;
use strata_config::LayeredConfig;
use strata_config_admin::Admin;
use strata_config_admin::auth::{Scopes, Tokens};
use strata_config_flags::{FlagSettings, Flags};
use strata_config_reload::Live;
use strata_config_store::Store;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

/// The token with every scope.
pub(crate) const TOKEN: &str = "root.0123456789abcdef";

/// What is served.
#[derive(LayeredConfig, Debug)]
pub(crate) struct Config {
    /// Requests a client may have open.
    #[config(default = 8, validate(range(min = 1, max = 64)))]
    pub(crate) parallel: u32,
    /// Where the server listens.
    #[config(default = 8080, reload = "restart")]
    pub(crate) port: u16,
    /// Its word for the other side.
    #[config(secret)]
    pub(crate) password: Option<strata_config::Secret<String>>,
    /// How much a batch takes.
    #[config(default = 100)]
    pub(crate) batch: u32,
    /// Bytes a client may send.
    #[config(default = 1000)]
    pub(crate) quota: u64,
    /// What is said of it elsewhere.
    #[config(default)]
    pub(crate) labels: BTreeMap<String, String>,
    /// Who may come.
    #[config(default)]
    pub(crate) hosts: Vec<String>,
    #[config(nested)]
    pub(crate) db: Database,
    #[config(nested)]
    pub(crate) features: FlagSettings,
}

/// The database.
#[derive(LayeredConfig, Debug)]
pub(crate) struct Database {
    /// Open connections.
    #[config(default = 4, validate(range(min = 1, max = 20)))]
    pub(crate) pool_size: u32,
    /// What it is called.
    #[config(default = "main")]
    pub(crate) name: String,
}

/// A server that ends with its test.
pub(crate) struct Site<C: LayeredConfig = Config> {
    pub(crate) address: SocketAddr,
    pub(crate) live: Live<C>,
    pub(crate) tokens: Tokens,
    agent: ureq::Agent,
    stop: Arc<Notify>,
    runtime: Option<Runtime>,
}

/// What a server said.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }

    /// A header's text; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Site {
    /// A server of the configuration's defaults, where one token permits everything.
    pub(crate) fn start() -> Self {
        Self::with(&[], |admin| admin)
    }

    /// A server of these variables, with more said to its interface.
    pub(crate) fn with(variables: &[(&str, &str)], admin: impl FnOnce(Admin) -> Admin) -> Self {
        Self::of(Live::of(Config::loader().env_from(variables.to_vec())).open().unwrap(), admin)
    }

    /// A server over a store.
    pub(crate) fn over(store: Arc<dyn Store>, admin: impl FnOnce(Admin) -> Admin) -> Self {
        Self::of(Live::of(Config::loader().env_from(Vec::<(&str, &str)>::new())).store(store).open().unwrap(), admin)
    }

    /// A server whose changes are kept in files of this folder.
    pub(crate) fn on_store(folder: &std::path::Path) -> Self {
        let store = Arc::new(strata_config_store::FileStore::open(folder).unwrap());
        Self::of(Live::of(Config::loader()).store(store).open().unwrap(), |admin| admin)
    }

    /// A server of this configuration.
    pub(crate) fn of(live: Live<Config>, admin: impl FnOnce(Admin) -> Admin) -> Self {
        let flags = Flags::follow(&live).unwrap();
        Self::of_any(live, |any| admin(any.flags(flags)))
    }
}

impl<C: LayeredConfig> Site<C> {
    /// A server of a configuration of any type, without flags.
    pub(crate) fn of_any(live: Live<C>, admin: impl FnOnce(Admin) -> Admin) -> Self {
        let tokens = Tokens::one("root", TOKEN, Scopes::ALL).unwrap();
        let admin = admin(strata_config_admin::router(&live).tokens(tokens.clone()));
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        runtime.spawn(strata_config_admin::serve(listener, admin, async move { stopped.notified().await }));
        // A server may close a connection whose request it refused unread; so that a later request does not meet that,
        // each has a connection of its own.
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0).build().into();
        Self { address, live, tokens, agent, stop, runtime: Some(runtime) }
    }

    /// Begins to end the server, as a signal does.
    pub(crate) fn stop(&self) {
        self.stop.notify_one();
    }

    /// Asks for a path, by the token with every scope.
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[("authorization", &bearer(TOKEN))], None)
    }

    /// Sends JSON to a path, by the token with every scope.
    pub(crate) fn call(&self, method: &str, path: &str, body: &Json) -> Reply {
        self.send(method, path, &[("authorization", &bearer(TOKEN))], Some(&body.to_string()))
    }

    /// Sends a text of this kind to a path, by the token with every scope.
    pub(crate) fn send_as(&self, method: &str, path: &str, kind: &str, body: &str) -> Reply {
        self.send(method, path, &[("authorization", &bearer(TOKEN)), ("content-type", kind)], Some(body))
    }

    /// Sends anything to a path; the body is JSON where the headers do not say otherwise.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Reply {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            request = request.header("content-type", "application/json");
        }
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body.to_owned()).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        }
        .unwrap();
        let is_stream = response.headers().get("content-type").is_some_and(|is| is == "text/event-stream");
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            // A stream of events has no end.
            text: if is_stream { String::new() } else { response.body_mut().read_to_string().unwrap() },
        }
    }
}

impl<C: LayeredConfig> Drop for Site<C> {
    fn drop(&mut self) {
        self.stop.notify_one();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The header of a token.
pub(crate) fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}
