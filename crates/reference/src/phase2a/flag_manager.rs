//! The flag manager of seed 000: who gets which component, with the names that the seed gives its methods.

use std::sync::Arc;
use std::time::Duration;

use strata_config_flags::{Context, Evaluation, Flags, Outcome, Settings};
use strata_config_reload::UpdateError;

use super::forced::ForcedRequests;
use super::load::Load;
use super::{
    Component, ComponentRollout, ComponentStatistics, ConfigurationManager, FeatureFlagContext, RolloutStatistics,
    flags,
};

/// Decides who gets which component. Clones are the same one.
///
/// A decision is a function of the configuration, the request and the time: it takes no lock, nothing is random, and none
/// is kept, so a change of the configuration counts from the next request on.
///
/// ```
/// use serde_json::json;
/// use strata_config::LayeredConfig;
/// use strata_config_reference::phase2a::{
///     ConfigurationManager, FeatureFlagContext, FeatureFlagManager, Persist, Phase2aConfig,
/// };
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let manager = ConfigurationManager::open(Phase2aConfig::loader(), strata_config_store::open("memory:")?)?;
/// let flags = FeatureFlagManager::new(manager.clone())?;
/// let request = FeatureFlagContext { client_ip: Some("192.168.1.1"), user_agent: Some("test"), ..Default::default() };
/// assert!(!flags.is_feature_enabled("connection_pool", Some(&request)));
///
/// let patch = json!({"phase_2a_enabled": true, "connection_pool": {"rollout_strategy": "full"}});
/// manager.update_configuration(&patch, Persist::ThisProcess, "ann")?;
/// assert!(flags.is_feature_enabled("connection_pool", Some(&request)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct FeatureFlagManager {
    manager: ConfigurationManager,
    flags: Flags,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    forced: ForcedRequests,
    loads: [Load; Component::ALL.len()],
}

impl FeatureFlagManager {
    /// The flags of a running configuration.
    ///
    /// # Errors
    /// Everything that is wrong with the flags in effect.
    pub fn new(manager: ConfigurationManager) -> Result<Self, UpdateError> {
        Self::with(manager, Settings::default())
    }

    /// The same, with a clock of one's own.
    ///
    /// # Errors
    /// Everything that is wrong with the flags in effect.
    pub fn with(manager: ConfigurationManager, settings: Settings) -> Result<Self, UpdateError> {
        let flags = Flags::follow_by(manager.live(), settings, flags::collect)?;
        Ok(Self { manager, flags, shared: Arc::default() })
    }

    /// The flags themselves: values of any type, events, counts and guards.
    #[must_use]
    pub fn flags(&self) -> &Flags {
        &self.flags
    }

    /// The manager of the configuration that they follow.
    #[must_use]
    pub fn manager(&self) -> &ConfigurationManager {
        &self.manager
    }

    /// Whether a request gets a feature: a component by its name, or a boolean flag of the section `flags`. What there is
    /// not is off.
    ///
    /// The first of these that has an answer decides: the master switch, an override of the request, `enabled` and the
    /// status, the automatic fallback, the allow lists, the strategy. A request without a client's address has no place in
    /// a share, so only strategies that mean nobody or everybody reach it.
    #[must_use]
    pub fn is_feature_enabled(&self, feature: &str, context: Option<&FeatureFlagContext<'_>>) -> bool {
        self.count(feature);
        self.flags.bool(feature, &self.context(feature, context), false)
    }

    /// Whether a request gets a component.
    #[must_use]
    pub fn is_component_enabled(&self, component: Component, context: Option<&FeatureFlagContext<'_>>) -> bool {
        self.is_feature_enabled(component.key(), context)
    }

    /// Whether a request gets a feature, and why.
    #[must_use]
    pub fn explain(&self, feature: &str, context: Option<&FeatureFlagContext<'_>>) -> Evaluation<bool> {
        self.count(feature);
        self.flags.details(feature, &self.context(feature, context), false)
    }

    fn count(&self, feature: &str) {
        if let Some(place) = Component::ALL.iter().position(|component| component.key() == feature) {
            self.shared.loads[place].count(self.flags.clock().now());
        }
    }

    fn context<'c>(&self, feature: &'c str, request: Option<&FeatureFlagContext<'c>>) -> Context<'c> {
        let Some(request) = request else { return Context::anonymous() };
        let context = request.to_context();
        match request.request_id.and_then(|id| self.shared.forced.decision(id)) {
            Some(on) => context.force(feature, if on { "on" } else { "off" }),
            None => context,
        }
    }

    /// Gives a request every feature, whatever their switches and shares say; only the master switch is stronger. The
    /// last word of a request counts. The newest 1,000 requests are remembered; whether this one is: an empty id, or one
    /// of more than 256 bytes, is no request's.
    pub fn force_enable_for_request(&self, request_id: &str) -> bool {
        self.shared.forced.force(request_id, true)
    }

    /// Gives a request no feature. As for [`force_enable_for_request`](Self::force_enable_for_request).
    pub fn force_disable_for_request(&self, request_id: &str) -> bool {
        self.shared.forced.force(request_id, false)
    }

    /// Forgets which requests were forced.
    pub fn clear_forced_overrides(&self) {
        self.shared.forced.clear();
    }

    /// Reports that a component did its work for a request. After the time of recovery, this brings it back for everybody.
    pub fn report_success(&self, component: Component) {
        self.flags.report(component.key(), Outcome::OK);
    }

    /// Reports that a component failed for a request. As many of these in a row as `fallback_failure_threshold` says turn
    /// it off, which is stored, with the history entry of the guard; after `fallback_recovery_time_minutes` some requests
    /// try it again, a tenth of the clients each second.
    pub fn report_failure(&self, component: Component) {
        self.flags.report(component.key(), Outcome::FAILED);
    }

    /// How the rollout is going: the seed's `get_rollout_statistics`.
    #[must_use]
    pub fn rollout_statistics(&self) -> RolloutStatistics {
        let version = self.manager.live().version();
        let config = version.running();
        let (exposures, guards, now) = (self.flags.exposures(), self.flags.guards(), self.flags.clock().now());
        let [connection_pool, request_pipeline] = Component::ALL.map(|component| {
            let key = component.key();
            ComponentStatistics::new(
                ComponentRollout::of(&version, component),
                exposures.flags.get(key),
                self.shared.loads[component as usize].per_minute(now),
                config.rollout_target_requests_per_minute,
                guards.iter().find(|guard| guard.key == key),
            )
        });
        let (forced_enabled_count, forced_disabled_count) = self.shared.forced.counts();
        RolloutStatistics {
            phase_2a_enabled: config.phase_2a_enabled,
            global_rollout_percentage: config.rollout_percentage,
            connection_pool,
            request_pipeline,
            cache_entries: 0,
            forced_enabled_count,
            forced_disabled_count,
            flags_are_stale: self.are_flags_stale(),
        }
    }

    /// Whether the flags come from a copy of a store that is out of reach, and that copy is as old as
    /// `feature_flag_cache_ttl`. They are still the last known good ones, and are used.
    #[must_use]
    pub fn are_flags_stale(&self) -> bool {
        let copy = self.manager.live().status().statistics.copy.filter(|copy| copy.in_use);
        let age = copy.and_then(|copy| copy.age_seconds);
        age.is_some_and(|age| Duration::from_secs(age) >= self.stale_after())
    }

    /// The age from which on a copy of remote flags counts as stale: what a source of flags of one's own goes by.
    #[must_use]
    pub fn stale_after(&self) -> Duration {
        Duration::from_secs(self.manager.config().feature_flag_cache_ttl)
    }
}
