//! What the web application talks to: a database, Redis, an external API.

use std::path::PathBuf;

use strata_config::{LayeredConfig, Secret};

/// The database.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct DatabaseConfig {
    /// Where the database is: a URL of PostgreSQL, MySQL or SQLite. A secret, as it may carry a password.
    #[config(
        secret,
        default = Secret::new("sqlite:///app.db".to_owned()),
        reload = "restart",
        validate(url(schemes("postgresql", "mysql", "sqlite")))
    )]
    pub url: Secret<String>,

    /// The password, where the URL has none.
    #[config(secret, reload = "restart")]
    pub password: Option<Secret<String>>,

    /// Connections that stay open.
    #[config(default = 5, validate(range(min = 1, max = 100)))]
    pub pool_size: u32,

    /// Time that a query may take, in seconds.
    #[config(default = 30, validate(range(min = 1)))]
    pub timeout: u64,

    /// Logs every statement.
    #[config(default = false)]
    pub echo: bool,
}

/// The cache, and the home of feature flags.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct RedisConfig {
    /// Where Redis is. A secret, as it may carry a password.
    #[config(
        secret,
        default = Secret::new("redis://localhost:6379/0".to_owned()),
        reload = "restart",
        validate(url(schemes("redis")))
    )]
    pub url: Secret<String>,

    /// Time that a command may take, in seconds.
    #[config(default = 5, validate(range(min = 1)))]
    pub timeout: u64,

    /// Connections that may be open at once.
    #[config(default = 10, validate(range(min = 1)))]
    pub max_connections: u32,

    /// Age at which the flags that were read from Redis count as stale, in seconds.
    #[config(default = 300, reload = "restart", validate(range(min = 1)))]
    pub flag_cache_ttl: u64,

    /// The file in which those flags are kept for a start while Redis is away.
    #[config(reload = "restart")]
    pub flag_file: Option<PathBuf>,
}

/// The external API.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct ApiConfig {
    /// Where the API is.
    #[config(default = "https://api.example.com", validate(url(schemes("http", "https"))))]
    pub base_url: String,

    /// Time that a request may take, in seconds.
    #[config(default = 30, validate(range(min = 1)))]
    pub timeout: u64,

    /// Further attempts after a request failed.
    #[config(default = 3, validate(range(max = 10)))]
    pub retry_count: u32,

    /// Authenticates requests.
    #[config(secret, env = "API_KEY")]
    pub api_key: Option<Secret<String>>,
}
