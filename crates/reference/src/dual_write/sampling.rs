//! Where a single event goes: sampled by its unit, past the breakers; and the reports that these go by.

use serde::Serialize;
use strata_config_flags::model::Moment;
use strata_config_flags::{Breaker, Context, Flags, Limits, Outcome};

use super::{AdapterType, Category, ConfigManager};

/// How an adapter is doing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AdapterStatus {
    /// The adapter.
    pub adapter: AdapterType,
    /// Whether its failures and its latency are within its thresholds.
    pub healthy: bool,
    /// Writes that were reported within the last minute.
    pub writes: u64,
    /// The share of them that failed (0.0-1.0).
    pub error_rate: f64,
    /// How long they took on average, in milliseconds.
    pub latency_ms: u64,
    /// The circuit breaker: `closed`, `open`, or `half_open` while a few events try the adapter again; none where breakers
    /// are disabled.
    pub breaker: Option<&'static str>,
    /// When the breaker opened.
    pub since: Option<Moment>,
    /// Why.
    pub because: Option<String>,
}

/// What was reported of the adapters within the last minute, whether breakers are enabled or not.
#[derive(Debug)]
pub(super) struct Reports([Breaker; AdapterType::ALL.len()]);

impl Default for Reports {
    fn default() -> Self {
        // Without any limit, a breaker is nothing but its window.
        Self(AdapterType::ALL.map(|_| Breaker::new(Limits::default())))
    }
}

impl ConfigManager {
    /// The flags themselves: a category's says whether an event is sampled, an adapter's whether it is in use.
    #[must_use]
    pub fn flags(&self) -> &Flags {
        &self.flags
    }

    /// Whether an event is sampled. Its unit decides, a session or a user, in each category for itself: the same unit
    /// always gets the same answer, and a share that grows only adds. An event without a unit (`""`) is in no share but
    /// the whole.
    #[must_use]
    pub fn is_sampled(&self, category: Category, unit: &str) -> bool {
        self.flags.bool(category.key(), &Context::of(unit), false)
    }

    /// The adapters that an event goes to: none where it is not sampled, those of the override where there is one, and
    /// none whose breaker is open. While one is half open, the events of a tenth of the units each second try it.
    #[must_use]
    pub fn adapters_for_category(&self, category: Category, unit: &str) -> Vec<AdapterType> {
        let (flags, context) = (self.flags.snapshot(), Context::of(unit));
        if !flags.bool(category.key(), &context, false) {
            return Vec::new();
        }
        let config = self.config();
        let adapters = config.adapters_for_category(category).iter().copied();
        adapters.filter(|adapter| flags.bool(adapter.key(), &context, true)).collect()
    }

    /// Whether an event goes to more than one adapter.
    #[must_use]
    pub fn should_dual_write(&self, category: Category, unit: &str) -> bool {
        self.adapters_for_category(category, unit).len() > 1
    }

    /// Reports how a write went: [`Outcome::OK`] or [`Outcome::FAILED`], and `.after(…)` how long it took. This is what
    /// opens and closes breakers, each of them a commit with an entry in the history.
    pub fn report(&self, adapter: AdapterType, outcome: Outcome) {
        self.reports.0[adapter as usize].record(self.flags.clock().now(), outcome);
        // A trial that is slow has not shown that things go well again.
        let is_trial = self.flags.snapshot().set().trip(adapter.key()).is_some();
        let outcome = Outcome { ok: outcome.ok && !(is_trial && self.is_slow(adapter, outcome)), ..outcome };
        self.flags.report(adapter.key(), outcome);
    }

    fn is_slow(&self, adapter: AdapterType, outcome: Outcome) -> bool {
        let config = self.config();
        let most = config.adapter_health.get(adapter).latency_threshold_ms as f64;
        let took = outcome.latency.map(|latency| latency.as_secs_f64() * 1_000.0);
        took.is_some_and(|took| took > most * config.circuit_breaker_latency_multiplier)
    }

    /// How an adapter is doing: by its reports of the last minute, and its breaker.
    #[must_use]
    pub fn adapter_status(&self, adapter: AdapterType) -> AdapterStatus {
        let samples = self.reports.0[adapter as usize].samples(self.flags.clock().now());
        let error_rate = samples.error_rate();
        let latency = samples.mean_latency().unwrap_or_default().as_millis();
        let latency_ms = u64::try_from(latency).unwrap_or(u64::MAX);
        let guard = self.flags.guards().into_iter().find(|guard| guard.key == adapter.key());
        let trip = guard.as_ref().and_then(|guard| guard.trip.as_ref());
        AdapterStatus {
            adapter,
            healthy: self.config().adapter_health.get(adapter).is_healthy(error_rate, latency_ms),
            writes: samples.count,
            error_rate,
            latency_ms,
            breaker: guard.as_ref().map(|guard| guard.state.as_str()),
            since: trip.map(|trip| trip.at),
            because: trip.map(|trip| trip.because.clone()),
        }
    }
}
