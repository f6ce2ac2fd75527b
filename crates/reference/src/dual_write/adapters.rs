//! The two transports, and when one counts as unhealthy.

use strata_config::{ConfigEnum, LayeredConfig};

/// A transport of events.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdapterType {
    /// The WebSocket server.
    Websocket,
    /// Supabase Realtime.
    Realtime,
}

/// When an adapter counts as unhealthy.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct AdapterHealthConfig {
    /// The WebSocket server.
    #[config(nested, env_prefix = "ADAPTER_WEBSOCKET")]
    pub websocket: WebsocketHealth,

    /// Supabase Realtime.
    #[config(nested, env_prefix = "ADAPTER_REALTIME")]
    pub realtime: RealtimeHealth,
}

/// The health of the WebSocket server.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct WebsocketHealth {
    /// Share of failed writes (0.0-1.0) above which the adapter is unhealthy.
    #[config(default = 0.05, validate(range(min = 0.0, max = 1.0)))]
    pub error_threshold: f64,

    /// Time of a write above which the adapter is unhealthy, in milliseconds.
    #[config(default = 200, validate(range(min = 1)))]
    pub latency_threshold_ms: u64,
}

/// The health of Supabase Realtime.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct RealtimeHealth {
    /// Share of failed writes (0.0-1.0) above which the adapter is unhealthy.
    #[config(default = 0.05, validate(range(min = 0.0, max = 1.0)))]
    pub error_threshold: f64,

    /// Time of a write above which the adapter is unhealthy, in milliseconds.
    #[config(default = 150, validate(range(min = 1)))]
    pub latency_threshold_ms: u64,
}
