//! A server for the console's tests: it can go away and come back at the same address.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use strata_config::LayeredConfig;
use strata_config_admin::auth::{Scope, Scopes, Token, Tokens};
use strata_config_flags::{FlagSettings, Flags};
use strata_config_reload::Live;
use strata_config_store::FileStore;
use tokio::runtime::Runtime;

/// The token with every scope.
pub(crate) const TOKEN: &str = "root.0123456789abcdef";
/// A token that may read only.
pub(crate) const READER: &str = "eve.0123456789abcdef-reader";
/// What no page may ever hold.
pub(crate) const PASSWORD: &str = "correct-horse-battery";
/// What must stay text.
pub(crate) const HOSTILE: &str = r#"<img src=x onerror="window.broken = true"><script>window.broken = true</script>"#;

/// What is served.
#[derive(LayeredConfig, Debug)]
pub(crate) struct Config {
    /// Requests a client may have open.
    #[config(default = 8, validate(range(min = 1, max = 64)), cost = "8MiB")]
    pub(crate) parallel: u32,
    /// What is said at the start.
    #[config(default = "hello")]
    pub(crate) greeting: String,
    /// Whether more is said.
    #[config(default = false)]
    pub(crate) verbose: bool,
    /// Its word for the other side.
    #[config(secret)]
    pub(crate) password: Option<strata_config::Secret<String>>,
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
    /// Where it is reached.
    #[config(default = 5432, reload = "restart")]
    pub(crate) port: u16,
    /// Nodes that may be asked.
    #[config(default)]
    pub(crate) nodes: Vec<String>,
}

/// A server that ends with its test.
pub(crate) struct Site {
    pub(crate) live: Live<Config>,
    flags: Flags,
    address: SocketAddr,
    agent: ureq::Agent,
    runtime: Option<Runtime>,
    _folder: tempfile::TempDir,
    /// The files of a board, where it is on one.
    #[cfg(feature = "pi-profile")]
    machine: Option<tempfile::TempDir>,
}

impl Site {
    /// A server with two flags, a password and a hostile text.
    pub(crate) fn start() -> Self {
        let mut site = Self::of(Config::loader());
        site.come_back();
        site.define_flags();
        site
    }

    /// The same on a board of these files, with this profile.
    #[cfg(feature = "pi-profile")]
    pub(crate) fn on_board(machine: tempfile::TempDir, profile: strata_config::Profile) -> Self {
        let mut site = Self::of(Config::loader().profile(profile));
        site.machine = Some(machine);
        site.come_back();
        site.define_flags();
        site
    }

    fn of(loader: strata_config::Loader<Config>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(FileStore::open(folder.path()).unwrap());
        let variables = vec![("PASSWORD", PASSWORD), ("GREETING", HOSTILE)];
        let live = Live::of(loader.env_from(variables)).store(store).open().unwrap();
        let flags = Flags::follow(&live).unwrap();
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0).build().into();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            live,
            flags,
            address,
            agent,
            runtime: None,
            _folder: folder,
            #[cfg(feature = "pi-profile")]
            machine: None,
        }
    }

    fn define_flags(&self) {
        let variants = json!({"type": "string", "variants": {"a": "A", "b": "B"}, "fallthrough": "a"});
        for (flag, definition) in [("checkout", json!("25%")), ("ranker", variants)] {
            self.call("PUT", &format!("/feature-flags/{flag}"), &json!({"definition": definition}));
        }
    }

    /// Serves, at the same address as before.
    pub(crate) fn come_back(&mut self) {
        let reader = Token::new("eve", READER, [Scope::Read].into_iter().collect()).unwrap();
        let tokens = Tokens::new([Token::new("root", TOKEN, Scopes::ALL).unwrap(), reader]);
        let admin = strata_config_admin::router(&self.live).flags(self.flags.clone()).tokens(tokens);
        #[cfg(feature = "pi-profile")]
        let admin = match &self.machine {
            Some(machine) => admin.board(machine.path(), strata_config_pi_profile::ChosenBy::Auto),
            None => admin,
        };
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind(self.address)).unwrap();
        self.address = listener.local_addr().unwrap();
        runtime.spawn(strata_config_admin::serve(listener, admin, std::future::pending()));
        self.runtime = Some(runtime);
    }

    /// Stops at once, as a program that is killed.
    pub(crate) fn go_away(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        }
    }

    /// The console's address, with a token.
    pub(crate) fn console(&self, token: &str) -> String {
        format!("http://{}/console#token={token}", self.address)
    }

    /// The address of something else.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends JSON as another client does; it must succeed.
    pub(crate) fn call(&self, method: &str, path: &str, body: &Json) -> Json {
        let request = ureq::http::Request::builder().method(method).uri(self.url(&format!("/api/v1{path}")));
        let request = request.header("authorization", format!("Bearer {TOKEN}"));
        let request = request.header("content-type", "application/json");
        let body = if method == "GET" { String::new() } else { body.to_string() };
        let mut answer = self.agent.run(request.body(body).unwrap()).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(answer.status().is_success(), "{method} {path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Asks as another client does.
    pub(crate) fn get(&self, path: &str) -> Json {
        self.call("GET", path, &Json::Null)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
