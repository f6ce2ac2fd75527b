//! The provider: one evaluation a call, each of the set that counts at that moment.

use std::any::Any;
use std::fmt;

use open_feature::provider::{FeatureProvider, ProviderMetadata, ProviderStatus, ResolutionDetails};
use open_feature::{
    EvaluationContext, EvaluationErrorCode, EvaluationReason, EvaluationResult, FlagMetadata, FlagMetadataValue, Hook,
    HookWrapper, StructValue, async_trait,
};
use serde::Serialize;

use crate::answer::{Answer, Reason};
use crate::model::{FlagType, FlagValue, Scalar};
use crate::snapshots::{Health, Snapshots};

use super::context::Readers;
use super::{error, value};

/// Serves the flags of a source to OpenFeature's clients.
///
/// ```
/// # use std::sync::Arc;
/// use open_feature::OpenFeature;
/// use strata_config_flags::FlagSet;
/// use strata_config_flags::openfeature::Provider;
///
/// # async fn example(flags: Arc<FlagSet>) -> open_feature::EvaluationResult<()> {
/// let mut api = OpenFeature::singleton_mut().await;
/// api.set_provider(Provider::new(flags)).await;
/// let client = api.create_client();
/// let is_on = client.get_bool_value("new-dashboard", None, None).await.unwrap_or(false);
/// # assert!(!is_on);
/// # Ok(())
/// # }
/// ```
///
/// - An answer's metadata are the flag's and the set's, and `why`, `rule_id` and `bucket` unless
///   [`Provider::with_plain_metadata`] leaves these out.
/// - A provider of this crate does not learn the caller's default. Where a flag serves it (it is off and has no
///   `off_variant`, or nothing was said about the unit), the answer is an error with the code `General`, which holds the
///   reason (`DISABLED`, `DEFAULT`); the caller's `unwrap_or` then does what is right. Where the context lacks what
///   units are told apart by, the code is `TARGETING_KEY_MISSING`.
/// - A field of the context that is a struct is read where it is a [`serde_json::Value`], a [`StructValue`], a
///   [`Value`](open_feature::Value), or of a type named by [`Provider::with_struct`]. Any other is refused with
///   `INVALID_CONTEXT`, since a rule that does not see a field that is there would answer wrongly.
pub struct Provider<S> {
    source: S,
    metadata: ProviderMetadata,
    readers: Readers,
    hooks: Vec<HookWrapper>,
    is_plain: bool,
}

impl<S: Snapshots> Provider<S> {
    /// Serves the flags of a source: a set, or what exchanges sets.
    #[must_use]
    pub fn new(source: S) -> Self {
        Self {
            source,
            metadata: ProviderMetadata::new("strata"),
            readers: Readers::default(),
            hooks: Vec::new(),
            is_plain: false,
        }
    }

    /// Takes another name in the API.
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self { metadata: ProviderMetadata::new(name), ..self }
    }

    /// Leaves out `why`, `rule_id` and `bucket`: answers have the metadata of definitions alone.
    #[must_use]
    pub fn with_plain_metadata(self) -> Self {
        Self { is_plain: true, ..self }
    }

    /// Reads context fields that hold a struct of this type, as the JSON that it is written as.
    #[must_use]
    pub fn with_struct<T: Serialize + Any>(mut self) -> Self {
        self.readers.add::<T>();
        self
    }

    /// Adds a hook of the provider's, which runs around every evaluation.
    #[must_use]
    pub fn with_hook(mut self, hook: impl Hook) -> Self {
        self.hooks.push(HookWrapper::new(hook));
        self
    }

    fn resolve<T>(
        &self,
        kind: FlagType,
        key: &str,
        context: &EvaluationContext,
        read: impl FnOnce(&FlagValue) -> Result<T, String>,
    ) -> EvaluationResult<ResolutionDetails<T>> {
        let health = self.source.health();
        match health {
            Health::Ready | Health::Stale => {}
            Health::NotReady => {
                return Err(error::of(EvaluationErrorCode::ProviderNotReady, "no flags have come yet"));
            }
            Health::Failed => {
                let code = EvaluationErrorCode::General("PROVIDER_FATAL".to_owned());
                return Err(error::of(code, "the source of the flags has failed"));
            }
        }
        let context = self.readers.context(context)?;
        let view = self.source.view();
        let answer = view.evaluate_as(kind, key, &context).map_err(error::from)?;
        let Some(value) = answer.value() else { return Err(error::code_default(&answer)) };
        let value = read(value)
            .map_err(|message| error::of(EvaluationErrorCode::ParseError, format!("the flag `{key}`: {message}")))?;
        Ok(ResolutionDetails {
            value,
            variant: answer.variant().map(str::to_owned),
            reason: Some(if health == Health::Stale { reason(Reason::Stale) } else { reason(answer.reason) }),
            flag_metadata: Some(self.flag_metadata(&answer)).filter(|metadata| !metadata.values.is_empty()),
        })
    }

    fn flag_metadata(&self, answer: &Answer<'_>) -> FlagMetadata {
        let mut metadata = FlagMetadata::default();
        // The first of a name counts, so it is written last.
        let defined: Vec<_> = answer.metadata().collect();
        for (name, value) in defined.into_iter().rev() {
            metadata.add_value(name, scalar(value));
        }
        if !self.is_plain {
            metadata.add_value("why", answer.why.as_str());
            answer.rule_id().into_iter().for_each(|rule| metadata.add_value("rule_id", rule));
            answer.bucket.into_iter().for_each(|bucket| metadata.add_value("bucket", bucket));
        }
        metadata
    }
}

fn scalar(value: &Scalar) -> FlagMetadataValue {
    match value {
        Scalar::Bool(value) => (*value).into(),
        Scalar::Int(value) => FlagMetadataValue::Int(*value),
        Scalar::Float(value) => (*value).into(),
        Scalar::String(value) => value.as_str().into(),
    }
}

fn reason(reason: Reason) -> EvaluationReason {
    match reason {
        Reason::Static => EvaluationReason::Static,
        Reason::Default => EvaluationReason::Default,
        Reason::TargetingMatch => EvaluationReason::TargetingMatch,
        Reason::Split => EvaluationReason::Split,
        Reason::Disabled => EvaluationReason::Disabled,
        Reason::Error => EvaluationReason::Error,
        // The crate has no name of its own for it.
        Reason::Stale => EvaluationReason::Other(reason.as_str().to_owned()),
    }
}

#[async_trait]
impl<S: Snapshots + 'static> FeatureProvider for Provider<S> {
    fn status(&self) -> ProviderStatus {
        match self.source.health() {
            Health::NotReady => ProviderStatus::NotReady,
            Health::Ready => ProviderStatus::Ready,
            Health::Stale => ProviderStatus::STALE,
            Health::Failed => ProviderStatus::Error,
        }
    }

    fn metadata(&self) -> &ProviderMetadata {
        &self.metadata
    }

    fn hooks(&self) -> &[HookWrapper] {
        &self.hooks
    }

    async fn resolve_bool_value(
        &self,
        flag_key: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<bool>> {
        self.resolve(FlagType::Bool, flag_key, context, value::bool)
    }

    async fn resolve_int_value(
        &self,
        flag_key: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<i64>> {
        self.resolve(FlagType::Int, flag_key, context, value::int)
    }

    async fn resolve_float_value(
        &self,
        flag_key: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<f64>> {
        self.resolve(FlagType::Float, flag_key, context, value::float)
    }

    async fn resolve_string_value(
        &self,
        flag_key: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<String>> {
        self.resolve(FlagType::String, flag_key, context, value::string)
    }

    async fn resolve_struct_value(
        &self,
        flag_key: &str,
        context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<StructValue>> {
        self.resolve(FlagType::Object, flag_key, context, value::object)
    }
}

impl<S> fmt::Debug for Provider<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("name", &self.metadata.name).finish_non_exhaustive()
    }
}
