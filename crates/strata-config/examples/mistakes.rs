//! Loads a configuration from a file, the environment and the command line, all of them with mistakes.

use std::time::Duration;

use strata_config::{LayeredConfig, Report, Secret};

/// The server's settings.
#[derive(LayeredConfig, Debug)]
#[config(env_prefix = "APP")]
struct AppConfig {
    /// TCP port.
    #[config(default = 8080, validate(range(min = 1024)))]
    port: u16,
    /// How long a request may take.
    #[config(default = "30s")]
    timeout: Duration,
    #[config(nested)]
    db: DbConfig,
}

#[derive(LayeredConfig, Debug)]
struct DbConfig {
    /// APP_DB_URL, or the path of a file in APP_DB_URL_FILE.
    #[config(secret)]
    url: Secret<String>,
    /// Open connections: APP_DB_POOL_SIZE.
    #[config(default = 8, validate(range(min = 1, max = 64)))]
    pool_size: u16,
}

pub(crate) fn load() -> Result<(), Report> {
    let app = AppConfig::loader() // a later source overrides an earlier one
        .text("app.toml", "prot = 9000\n\n[db]\nurl = \"postgres://u:p@h/db\"\npool_size = 100\n") // .file("app.toml")
        .env_from([("APP_TIMEOUT", "soon"), ("APP_DB_POOL_SIZ", "20")]) // .env()
        .args(["app", "--port", "80"]) // .args(std::env::args_os())
        .load()?;
    println!("port {}, from {}; {} connections", app.port, app.origin("port").unwrap(), app.db.pool_size);
    Ok(())
}

fn main() {
    if let Err(report) = load() {
        eprint!("{report}");
    }
}
