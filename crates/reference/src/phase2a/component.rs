//! What a configuration means for a component: which strategy counts, and which share of the requests that is.

use serde::Serialize;
use strata_config::{ConfigEnum, FieldPath, LayerKind};
use strata_config_reload::Version;

use super::{ComponentStatus, ConnectionPoolConfig, Phase2aConfig, RequestPipelineConfig, RolloutStrategy};

/// An optimised component.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Component {
    /// The pools of HTTP and database connections.
    ConnectionPool,
    /// Caching, batching and deduplication of requests.
    RequestPipeline,
}

impl Component {
    /// Every component.
    pub const ALL: [Self; 2] = [Self::ConnectionPool, Self::RequestPipeline];

    /// The component's name: its section, and its flag.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::ConnectionPool => "connection_pool",
            Self::RequestPipeline => "request_pipeline",
        }
    }

    /// What it is, for people.
    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::ConnectionPool => "The pools of HTTP and database connections",
            Self::RequestPipeline => "Caching, batching and deduplication of requests",
        }
    }

    /// The path of the component's own strategy.
    #[must_use]
    pub fn strategy_path(self) -> FieldPath {
        match self {
            Self::ConnectionPool => Phase2aConfig::CONNECTION_POOL.join(&ConnectionPoolConfig::ROLLOUT_STRATEGY),
            Self::RequestPipeline => Phase2aConfig::REQUEST_PIPELINE.join(&RequestPipelineConfig::ROLLOUT_STRATEGY),
        }
    }
}

/// How far a component is rolled out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComponentRollout {
    /// Its own switch.
    pub enabled: bool,
    /// Whether it may run optimised.
    pub status: ComponentStatus,
    /// The strategy that counts: its own where any layer sets one, else the global one.
    pub strategy: RolloutStrategy,
    /// The share of requests that it serves, in per cent; 0 while it or everything is off.
    pub percentage: f64,
}

impl ComponentRollout {
    /// How far a component is rolled out under a version of the configuration, which knows what its layers set.
    #[must_use]
    pub fn of(version: &Version<Phase2aConfig>, component: Component) -> Self {
        let explained = version.explain(&[component.strategy_path()]);
        let origin = explained.first().and_then(|strategy| strategy.origin.as_ref());
        let is_set = origin.is_some_and(|origin| origin.layer != LayerKind::Default);
        version.running().component_rollout(component, is_set)
    }
}

impl Phase2aConfig {
    /// How far a component is rolled out; `is_set` says whether any layer sets its own strategy, which then wins.
    #[must_use]
    pub fn component_rollout(&self, component: Component, is_set: bool) -> ComponentRollout {
        let (enabled, status, own) = match component {
            Component::ConnectionPool => {
                let pool = &self.connection_pool;
                (pool.enabled, pool.status, pool.rollout_strategy)
            }
            Component::RequestPipeline => {
                let pipeline = &self.request_pipeline;
                (pipeline.enabled, pipeline.status, pipeline.rollout_strategy)
            }
        };
        let strategy = if is_set { own } else { self.global_rollout_strategy };
        let serves = self.phase_2a_enabled && enabled && status == ComponentStatus::Enabled;
        let percentage = if serves { strategy.percentage(self.rollout_percentage) } else { 0.0 };
        ComponentRollout { enabled, status, strategy, percentage }
    }
}
