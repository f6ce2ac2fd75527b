//! What the steps of a scenario work on: the flag that is asked, the context's levels, the provider's state, the answer.

use std::sync::Arc;

use futures_lite::future::{block_on, poll_once};
use open_feature::{
    Client, EvaluationContext, EvaluationDetails, EvaluationErrorCode, EvaluationOptions, EvaluationReason,
    EvaluationResult, FlagMetadata, OpenFeature, StructValue, Value,
};
use serde_json::Value as Json;
use strata_config_flags::openfeature::Provider;
use strata_config_flags::{FlagSet, Health, Snapshots};

use super::hooks::{Adds, Log, Recorder};

/// A source in some state.
#[derive(Clone)]
pub(crate) struct Source(pub(crate) Arc<FlagSet>, pub(crate) Health);

impl Snapshots for Source {
    fn current(&self) -> Arc<FlagSet> {
        Arc::clone(&self.0)
    }

    fn health(&self) -> Health {
        self.1
    }
}

/// What is asked and what came of it.
pub(crate) struct World {
    pub(crate) source: Source,
    /// In lower case, as the steps spell it in several ways.
    pub(crate) kind: String,
    pub(crate) key: String,
    pub(crate) default: String,
    /// By the names of the levels.
    pub(crate) levels: Vec<(String, EvaluationContext)>,
    pub(crate) options: Option<EvaluationOptions>,
    pub(crate) told: Log,
    /// What the provider's own hook is told: the context that the provider is given.
    pub(crate) told_to_provider: Log,
    pub(crate) answer: Option<Answer>,
}

/// An answer of any type, with the caller's default where there is none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) key: String,
    pub(crate) value: Value,
    pub(crate) variant: Option<String>,
    pub(crate) reason: Option<EvaluationReason>,
    pub(crate) code: Option<EvaluationErrorCode>,
    pub(crate) metadata: FlagMetadata,
}

impl World {
    pub(crate) fn new(set: &Arc<FlagSet>) -> Self {
        Self {
            source: Source(Arc::clone(set), Health::Ready),
            kind: "boolean".to_owned(),
            key: "boolean-flag".to_owned(),
            default: "false".to_owned(),
            levels: Vec::new(),
            options: None,
            told: Log::default(),
            told_to_provider: Log::default(),
            answer: None,
        }
    }

    /// The context of a level.
    pub(crate) fn level(&mut self, name: &str) -> &mut EvaluationContext {
        let known = self.levels.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.levels.push((name.to_owned(), EvaluationContext::default()));
            self.levels.len() - 1
        });
        &mut self.levels[known].1
    }

    /// The provider as the scenarios want it: its answers have the metadata of definitions alone.
    pub(crate) fn provider(&self) -> Provider<Source> {
        let hook = Recorder { name: "provider", log: Log::clone(&self.told_to_provider) };
        Provider::new(self.source.clone()).with_plain_metadata().with_hook(hook)
    }

    async fn client(&mut self) -> Client {
        let mut api = OpenFeature::default();
        api.set_provider(self.provider()).await;
        api.set_evaluation_context(self.level("API").clone()).await;
        let recorder = Recorder { name: "client", log: Log::clone(&self.told) };
        let mut client = api.create_client().with_hook(recorder);
        client.set_evaluation_context(self.level("Client").clone());
        if self.levels.iter().any(|(name, _)| name == "Before Hooks") {
            client = client.with_hook(Adds(self.level("Before Hooks").clone()));
        }
        client
    }

    /// Evaluates the flag.
    pub(crate) fn evaluate(&mut self) {
        block_on(self.asked());
    }

    /// Evaluates the flag, and tells whether that was done without ever waiting.
    pub(crate) fn evaluate_at_once(&mut self) -> bool {
        block_on(poll_once(self.asked())).is_some()
    }

    async fn asked(&mut self) {
        let client = self.client().await;
        let (key, context) = (self.key.clone(), self.level("Invocation").clone());
        let (context, options) = (Some(&context), self.options.as_ref());
        self.answer = Some(match &*self.kind {
            "boolean" => self.seen(client.get_bool_details(&key, context, options).await),
            "integer" => self.seen(client.get_int_details(&key, context, options).await),
            "float" => self.seen(client.get_float_details(&key, context, options).await),
            "string" => self.seen(client.get_string_details(&key, context, options).await),
            "object" => self.seen(client.get_struct_details::<StructValue>(&key, context, options).await),
            other => panic!("no type of flags: {other}"),
        });
    }

    /// What the caller has in the end. The SDK gives an error in place of details; their reason is what its hooks saw.
    fn seen<T: Into<Value>>(&self, result: EvaluationResult<EvaluationDetails<T>>) -> Answer {
        match result {
            Ok(details) => Answer {
                key: details.flag_key,
                value: details.value.into(),
                variant: details.variant,
                reason: details.reason,
                code: None,
                metadata: details.flag_metadata,
            },
            Err(error) => {
                let told = self.told.lock().unwrap();
                let details = told.last().and_then(|told| told.details.clone()).expect("`finally` is told details");
                Answer {
                    key: details.flag_key,
                    value: typed(&self.kind, &self.default),
                    variant: details.variant,
                    reason: details.reason,
                    code: Some(error.code),
                    metadata: details.flag_metadata,
                }
            }
        }
    }

    pub(crate) fn answered(&self) -> &Answer {
        self.answer.as_ref().expect("the flag was evaluated")
    }
}

/// A value as the steps write it.
pub(crate) fn typed(kind: &str, text: &str) -> Value {
    match kind {
        "boolean" => Value::Bool(text.parse().unwrap()),
        "integer" => Value::Int(text.parse().unwrap()),
        "float" => Value::Float(text.parse().unwrap()),
        "string" => Value::String(text.to_owned()),
        "object" => json(&serde_json::from_str(text).unwrap()),
        other => panic!("no type of values: {other}"),
    }
}

fn json(value: &Json) -> Value {
    match value {
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::Array(items.iter().map(json).collect()),
        Json::Object(entries) => {
            let add = |object: StructValue, (name, value): (&String, &Json)| object.with_field(name, json(value));
            Value::Struct(entries.iter().fold(StructValue::default(), add))
        }
        Json::Null => panic!("the steps write no null"),
    }
}
