//! Which AI provider is asked now: the first that can be, and that does not keep failing.

use std::sync::Arc;
use std::time::Duration;

use strata_config_flags::{Breaker, Clock, Limits, Outcome, SystemClock};
use strata_config_reload::Live;

use super::{AiProvider, AiProviderConfig, LearningConfig};

/// Chooses among the AI providers of a running configuration.
///
/// A provider that fails `circuit_breaker_failure_threshold` times in a row is left out for
/// `circuit_breaker_recovery_seconds`; then one request finds out whether it is back.
#[derive(Debug)]
pub struct AiProviders {
    live: Live<LearningConfig>,
    breakers: [(AiProvider, Breaker); 3],
    clock: Arc<dyn Clock>,
}

impl AiProviders {
    /// The providers of a running configuration.
    #[must_use]
    pub fn new(live: &Live<LearningConfig>) -> Self {
        Self::with_clock(live, Arc::new(SystemClock::default()))
    }

    /// As [`new`](Self::new), by a clock of one's own.
    #[must_use]
    pub fn with_clock(live: &Live<LearningConfig>, clock: Arc<dyn Clock>) -> Self {
        let limits = limits(&live.get().ai_provider);
        let breakers = [AiProvider::Gemini, AiProvider::OpenAi, AiProvider::Mock]
            .map(|provider| (provider, Breaker::new(limits.clone())));
        Self { live: live.clone(), breakers, clock }
    }

    /// The provider to ask now: the primary one, or the first fallback; each only where it has a key and is not left out.
    #[must_use]
    pub fn provider(&self) -> Option<AiProvider> {
        let config = self.live.get();
        let config = &config.ai_provider;
        let mut order = std::iter::once(config.primary_provider).chain(config.fallback_providers.iter().copied());
        order.find(|provider| config.has_key(*provider) && self.admits(*provider, config))
    }

    /// Reports how a request to a provider went.
    pub fn report(&self, provider: AiProvider, ok: bool) {
        if let Some(breaker) = self.breaker(provider, &self.live.get().ai_provider) {
            breaker.record(self.clock.now(), if ok { Outcome::OK } else { Outcome::FAILED });
        }
    }

    fn admits(&self, provider: AiProvider, config: &AiProviderConfig) -> bool {
        !config.circuit_breaker_enabled
            || self.breaker(provider, config).is_none_or(|breaker| breaker.allows(self.clock.now()))
    }

    /// A provider's breaker, with the limits of today.
    fn breaker(&self, provider: AiProvider, config: &AiProviderConfig) -> Option<&Breaker> {
        let (_, breaker) = self.breakers.iter().find(|(known, _)| *known == provider)?;
        let limits = limits(config);
        if breaker.limits() != limits {
            breaker.set_limits(limits);
        }
        Some(breaker)
    }
}

fn limits(config: &AiProviderConfig) -> Limits {
    Limits {
        error_rate: None,
        consecutive_failures: Some(config.circuit_breaker_failure_threshold),
        recovery: Some(Duration::from_secs(config.circuit_breaker_recovery_seconds)),
        half_open_probes: 1,
        ..Limits::default()
    }
}
