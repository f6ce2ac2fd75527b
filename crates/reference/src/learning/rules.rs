//! The rules over several sections: consistency, performance, security.

use strata_config::Report;

use super::{
    AiProvider, AiProviderConfig, Algorithm, ApiKeys, CacheConfig, Environment, FeatureFlagsConfig, InterleavingConfig,
    LearningConfig, SecurityConfig, SpacedRepetitionConfig, features,
};

impl LearningConfig {
    pub(super) fn check(&self, report: &mut Report) {
        self.check_algorithms(report);
        self.check_performance(report);
        self.check_environment(report);
        self.check_security(report);
        features::check(self, report);
    }

    fn check_algorithms(&self, report: &mut Report) {
        type Section = SpacedRepetitionConfig;
        let section = &self.spaced_repetition;
        let path = |field| Self::SPACED_REPETITION.join(&field);
        if !section.available_algorithms.contains(&section.default_algorithm) {
            report.error(
                [path(Section::DEFAULT_ALGORITHM), path(Section::AVAILABLE_ALGORITHMS)],
                "the default algorithm is not among the available ones",
            );
        }
        if section.default_algorithm == Algorithm::Sm2
            && section.sm2_initial_ease_factor < section.sm2_minimum_ease_factor
        {
            report.warn(
                [path(Section::SM2_INITIAL_EASE_FACTOR), path(Section::SM2_MINIMUM_EASE_FACTOR)],
                "the initial ease factor of SM-2 is below its minimum",
            );
        }
    }

    fn check_performance(&self, report: &mut Report) {
        if self.spaced_repetition.batch_size < self.interleaving.max_session_size {
            report.warn(
                [
                    Self::SPACED_REPETITION.join(&SpacedRepetitionConfig::BATCH_SIZE),
                    Self::INTERLEAVING.join(&InterleavingConfig::MAX_SESSION_SIZE),
                ],
                "the largest session needs more than one batch of cards",
            );
        }
        if self.cache.ttl_seconds < self.spaced_repetition.cache_ttl_seconds {
            report.warn(
                [
                    Self::CACHE.join(&CacheConfig::TTL_SECONDS),
                    Self::SPACED_REPETITION.join(&SpacedRepetitionConfig::CACHE_TTL_SECONDS),
                ],
                "schedules outlive the settings that they were computed with",
            );
        }
    }

    fn check_environment(&self, report: &mut Report) {
        if self.environment != Environment::Production {
            return;
        }
        if self.debug_mode {
            report.error([Self::DEBUG_MODE, Self::ENVIRONMENT], "production does not run in debug mode");
        }
        if self.ai_provider.primary_provider == AiProvider::Mock {
            report.error(
                [Self::AI_PROVIDER.join(&AiProviderConfig::PRIMARY_PROVIDER), Self::ENVIRONMENT],
                "production needs a real AI provider",
            );
        }
    }

    fn check_security(&self, report: &mut Report) {
        if self.environment != Environment::Production {
            return;
        }
        let provider = self.ai_provider.primary_provider;
        if self.feature_flags.ai_generation_enabled && !self.ai_provider.has_key(provider) {
            let keys = Self::AI_PROVIDER.join(&AiProviderConfig::API_KEYS);
            let key = if provider == AiProvider::OpenAi { ApiKeys::OPENAI } else { ApiKeys::GEMINI };
            report.error(
                [keys.join(&key), Self::FEATURE_FLAGS.join(&FeatureFlagsConfig::AI_GENERATION_ENABLED)],
                "the primary AI provider has no key",
            );
        }
        if !self.security.audit_logging {
            report.warn(
                [Self::SECURITY.join(&SecurityConfig::AUDIT_LOGGING), Self::ENVIRONMENT],
                "production does not record who changes settings",
            );
        }
    }
}
