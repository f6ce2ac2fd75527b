//! Which AI provider helps.

use strata_config::{ConfigEnum, LayeredConfig, Report, Secret};

/// Which AI provider helps, and what happens when it does not answer.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
pub struct AiProviderConfig {
    /// The provider that is asked first.
    #[config(default = "gemini")]
    pub primary_provider: AiProvider,

    /// The providers that are asked when the first one fails, in this order.
    #[config(default = ["openai", "mock"])]
    pub fallback_providers: Vec<AiProvider>,

    /// The keys of the providers.
    #[config(nested)]
    pub api_keys: ApiKeys,

    /// Time that a request may take, in seconds.
    #[config(
        default = 30,
        validate(range(min = 1, max = 600)),
        warn(range(max = 120), "learners wait for the answer")
    )]
    pub request_timeout_seconds: u64,

    /// Further attempts after a request failed.
    #[config(default = 3, validate(range(max = 10)))]
    pub max_retries: u32,

    /// Connections to a provider that stay open.
    #[config(default = 10, validate(range(min = 1, max = 1000)))]
    pub connection_pool_size: u32,

    /// Leaves out a provider that keeps failing.
    #[config(default = true)]
    pub circuit_breaker_enabled: bool,

    /// Failures in a row after which a provider is left out.
    #[config(default = 5, validate(range(min = 1)))]
    pub circuit_breaker_failure_threshold: u32,

    /// Time before a provider that was left out is tried again, in seconds.
    #[config(default = 60, validate(range(min = 1)))]
    pub circuit_breaker_recovery_seconds: u64,
}

/// The keys of AI providers.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct ApiKeys {
    /// Google's Gemini.
    #[config(secret, env = "GEMINI_API_KEY")]
    pub gemini: Option<Secret<String>>,

    /// `OpenAI`.
    #[config(secret, env = "OPENAI_API_KEY")]
    pub openai: Option<Secret<String>>,
}

/// An AI provider.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum AiProvider {
    /// Google's Gemini.
    Gemini,
    /// `OpenAI`.
    #[config(rename = "openai")]
    OpenAi,
    /// Canned answers, for tests.
    Mock,
}

impl AiProviderConfig {
    /// Whether the provider can be asked: it has a key, or needs none.
    #[must_use]
    pub fn has_key(&self, provider: AiProvider) -> bool {
        match provider {
            AiProvider::Gemini => self.api_keys.gemini.is_some(),
            AiProvider::OpenAi => self.api_keys.openai.is_some(),
            AiProvider::Mock => true,
        }
    }

    fn check(&self, report: &mut Report) {
        if self.fallback_providers.contains(&self.primary_provider) {
            report.warn(
                [Self::FALLBACK_PROVIDERS, Self::PRIMARY_PROVIDER],
                "the primary provider is its own fallback, so it is asked twice",
            );
        }
        if self.fallback_providers.is_empty() && self.circuit_breaker_enabled {
            report.warn(
                [Self::FALLBACK_PROVIDERS, Self::CIRCUIT_BREAKER_ENABLED],
                "without a fallback an open circuit breaker leaves no provider",
            );
        }
    }
}
