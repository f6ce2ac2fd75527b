//! The services that watch over the web application. Their settings are secrets.

use strata_config::{LayeredConfig, Secret};

/// The services that watch over the application.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct MonitoringConfig {
    /// Where Sentry receives errors; a secret, as it carries a key.
    #[config(secret, env = "SENTRY_DSN", validate(url(schemes("http", "https"))))]
    pub sentry_dsn: Option<Secret<String>>,

    /// The key of Datadog's API.
    #[config(secret, env = "DATADOG_API_KEY")]
    pub datadog_api_key: Option<Secret<String>>,
}
