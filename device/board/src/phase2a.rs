//! The real settings of Phase 2A, as the reference system has them: its files, taken as they are.

#[allow(dead_code, reason = "the reference system asks for more")]
#[path = "../../../crates/reference/src/phase2a/component.rs"]
mod component;
#[path = "../../../crates/reference/src/phase2a/config.rs"]
mod config;
#[path = "../../../crates/reference/src/phase2a/connection_pool.rs"]
mod connection_pool;
#[path = "../../../crates/reference/src/phase2a/flag_context.rs"]
mod flag_context;
#[path = "../../../crates/reference/src/phase2a/flags.rs"]
mod flags;
#[path = "../../../crates/reference/src/phase2a/ip_range.rs"]
mod ip_range;
#[path = "../../../crates/reference/src/phase2a/operation.rs"]
mod operation;
#[path = "../../../crates/reference/src/phase2a/request_pipeline.rs"]
mod request_pipeline;
#[path = "../../../crates/reference/src/phase2a/rollout.rs"]
mod rollout;

pub(crate) use component::Component;
pub(crate) use config::Phase2aConfig;
pub(crate) use flag_context::FeatureFlagContext;

use strata_config_flags::{Collected, Configured, FlagSet};

use connection_pool::ConnectionPoolConfig;
use ip_range::IpRange;
use operation::{AlertConfig, HotReloadConfig, LogLevel};
use request_pipeline::RequestPipelineConfig;
use rollout::{ComponentStatus, RolloutStrategy};

/// The flags of a configuration.
pub(crate) fn collect(configured: &Configured<'_, Phase2aConfig>, before: Option<&FlagSet>) -> Collected {
    flags::collect(configured, before)
}
