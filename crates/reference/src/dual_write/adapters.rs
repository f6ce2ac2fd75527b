//! The two transports, and when one counts as unhealthy.

use serde::Serialize;
use strata_config::{ConfigEnum, FieldPath, LayeredConfig};

/// A transport of events.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdapterType {
    /// The WebSocket server.
    Websocket,
    /// Supabase Realtime.
    Realtime,
}

impl AdapterType {
    /// Both adapters.
    pub const ALL: [Self; 2] = [Self::Websocket, Self::Realtime];

    /// The adapter's name, and its flag's.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Websocket => "websocket",
            Self::Realtime => "realtime",
        }
    }
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

impl AdapterHealthConfig {
    /// The limits of one adapter.
    #[must_use]
    pub fn get(&self, adapter: AdapterType) -> AdapterHealth {
        match adapter {
            AdapterType::Websocket => AdapterHealth {
                error_threshold: self.websocket.error_threshold,
                latency_threshold_ms: self.websocket.latency_threshold_ms,
            },
            AdapterType::Realtime => AdapterHealth {
                error_threshold: self.realtime.error_threshold,
                latency_threshold_ms: self.realtime.latency_threshold_ms,
            },
        }
    }

    /// The path of one adapter, below that of this struct.
    #[must_use]
    pub fn path(adapter: AdapterType) -> FieldPath {
        match adapter {
            AdapterType::Websocket => Self::WEBSOCKET,
            AdapterType::Realtime => Self::REALTIME,
        }
    }
}

/// The limits of an adapter, whichever it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AdapterHealth {
    /// Share of failed writes (0.0-1.0) above which the adapter is unhealthy.
    pub error_threshold: f64,
    /// Time of a write above which the adapter is unhealthy, in milliseconds.
    pub latency_threshold_ms: u64,
}

impl AdapterHealth {
    /// Whether an adapter with this share of failed writes and this latency is healthy; at its limits it still is.
    #[must_use]
    pub fn is_healthy(&self, error_rate: f64, latency_ms: u64) -> bool {
        error_rate <= self.error_threshold && latency_ms <= self.latency_threshold_ms
    }
}

/// The health of the WebSocket server.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct WebsocketHealth {
    /// Share of failed writes (0.0-1.0) above which the adapter is unhealthy, and its breaker opens.
    #[config(default = 0.05, validate(range(min = 0.0, max = 1.0)))]
    pub error_threshold: f64,

    /// Time of a write above which the adapter is unhealthy, in milliseconds.
    #[config(default = 200, validate(range(min = 1)))]
    pub latency_threshold_ms: u64,
}

/// The health of Supabase Realtime.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct RealtimeHealth {
    /// Share of failed writes (0.0-1.0) above which the adapter is unhealthy, and its breaker opens.
    #[config(default = 0.05, validate(range(min = 0.0, max = 1.0)))]
    pub error_threshold: f64,

    /// Time of a write above which the adapter is unhealthy, in milliseconds.
    #[config(default = 150, validate(range(min = 1)))]
    pub latency_threshold_ms: u64,
}
