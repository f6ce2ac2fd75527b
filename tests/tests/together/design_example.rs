//! The example of the design document, word for word where it matters.

use std::net::IpAddr;
use std::time::Duration;

use strata_config::{ConfigEnum, LayeredConfig, Report, Secret};

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
enum LogLevel {
    Debug,
    Info,
    Warn,
}

/// The server's settings.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP", validate = Self::check)]
struct AppConfig {
    /// Address to bind.
    #[config(default = "127.0.0.1", reload = "restart")]
    bind: IpAddr,
    /// TCP port.
    #[config(default = 8080, env = "PORT", validate(range(min = 1024)))]
    port: u16,
    /// Origins that browsers may call from.
    #[config(default = [], merge = "append", validate(length(max = 32), each(url)))]
    cors: Vec<String>,
    #[config(nested)]
    db: DbConfig,
    #[config(nested)]
    tls: Option<TlsConfig>,
    #[config(nested, env_prefix = "ADAPTER_WEBSOCKET")]
    websocket: AdapterConfig,
    #[config(default = "30s")]
    timeout: Duration,
    #[config(default = "info", alias = "loglevel", deprecated(alias = "verbosity", since = "0.3"))]
    log: LogLevel,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct TlsConfig {
    cert: String,
    #[config(default = 443)]
    port: u16,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct AdapterConfig {
    #[config(default = 0.05, validate(range(min = 0.0, max = 1.0)))]
    error_threshold: f64,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct DbConfig {
    #[config(secret)]
    url: Secret<String>,
    /// Open connections.
    #[config(
        default = 8,
        validate(range(min = 1, max = 64)),
        fallback = 8,
        warn(range(max = 16), "above 16 a Pi Zero 2W swaps"),
        profile(pi_zero_2w(default = 4, max = 20))
    )]
    pool_size: u16,
}

impl AppConfig {
    fn check(&self, report: &mut Report) {
        if self.tls.is_none() && !self.bind.is_loopback() {
            report.error([Self::BIND, Self::TLS], "a public address needs TLS");
        }
    }
}

fn report(loader: strata_config::Loader<AppConfig>) -> String {
    loader.load().map(|loaded| panic!("{:?}", loaded.config())).unwrap_or_else(|report| report.to_string())
}

#[test]
fn a_value_knows_where_it_came_from_and_whom_it_shadows() {
    let loaded = AppConfig::loader()
        .text("app.toml", "port = 9000\n\n[db]\npool_size = 10\n")
        .env_from([
            ("APP_DB_URL", "postgres://u:p@h/db"),
            ("APP_DB_POOL_SIZE", "1_2"),
            ("ADAPTER_WEBSOCKET_ERROR_THRESHOLD", "0.1"),
        ])
        .args(["app", "--set", "timeout=5m", "--log", "WARN"])
        .load()
        .unwrap();
    assert_eq!((loaded.port, loaded.db.pool_size, loaded.websocket.error_threshold), (9000, 12, 0.1));
    assert_eq!((loaded.timeout, loaded.log), (Duration::from_secs(300), LogLevel::Warn));
    assert_eq!(loaded.origin("port").unwrap().to_string(), "app.toml:1:8, shadows the default 8080");
    assert_eq!(
        loaded.origin("db.pool_size").unwrap().to_string(),
        "variable APP_DB_POOL_SIZE, shadows app.toml:4:13 10 and the default 8"
    );
    assert_eq!(loaded.origin("timeout").unwrap().to_string(), "--set timeout, shadows the default 30s");
    assert_eq!(loaded.origin("log").unwrap().to_string(), "--log, shadows the default info");
}

#[test]
fn every_mistake_is_told_at_once() {
    let text = "prot = 1\nport = 80\nbind = \"10.0.0.1\"\ncors = [\"nope\"]\nverbosity = \"loud\"\ntimeout = true\n\n[db]\npool_size = 300\nurl = 5\n";
    println!(
        "{}",
        report(AppConfig::loader().text("app.toml", text).env_from([("APP_DB_POOLSIZE", "1"), ("PORT", "x")]))
    );
}
