//! Hooks that note what they are told, and one that adds to the context.

use std::sync::{Arc, Mutex};

use open_feature::{
    EvaluationContext, EvaluationDetails, EvaluationError, Hook, HookContext, HookHints, Value, async_trait,
};

/// What hooks were told, in order.
pub(crate) type Log = Arc<Mutex<Vec<Told>>>;

/// One call of a hook.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) hook: &'static str,
    pub(crate) stage: &'static str,
    pub(crate) context: EvaluationContext,
    pub(crate) details: Option<EvaluationDetails<Value>>,
    pub(crate) error: Option<EvaluationError>,
}

/// Notes what it is told.
pub(crate) struct Recorder {
    pub(crate) name: &'static str,
    pub(crate) log: Log,
}

impl Recorder {
    fn note(
        &self,
        stage: &'static str,
        context: &HookContext<'_>,
        details: Option<&EvaluationDetails<Value>>,
        error: Option<&EvaluationError>,
    ) {
        let (details, error) = (details.cloned(), error.cloned());
        let context = context.evaluation_context.clone();
        self.log.lock().unwrap().push(Told { hook: self.name, stage, context, details, error });
    }
}

#[async_trait]
impl Hook for Recorder {
    async fn before<'a>(
        &self,
        context: &HookContext<'a>,
        _: Option<&'a HookHints>,
    ) -> Result<Option<EvaluationContext>, EvaluationError> {
        self.note("before", context, None, None);
        Ok(None)
    }

    async fn after<'a>(
        &self,
        context: &HookContext<'a>,
        details: &EvaluationDetails<Value>,
        _: Option<&'a HookHints>,
    ) -> Result<(), EvaluationError> {
        self.note("after", context, Some(details), None);
        Ok(())
    }

    async fn error<'a>(&self, context: &HookContext<'a>, error: &EvaluationError, _: Option<&'a HookHints>) {
        self.note("error", context, None, Some(error));
    }

    async fn finally<'a>(
        &self,
        context: &HookContext<'a>,
        details: &EvaluationDetails<Value>,
        _: Option<&'a HookHints>,
    ) {
        self.note("finally", context, Some(details), None);
    }
}

/// Adds entries to the context before the evaluation.
pub(crate) struct Adds(pub(crate) EvaluationContext);

#[async_trait]
impl Hook for Adds {
    async fn before<'a>(
        &self,
        _: &HookContext<'a>,
        _: Option<&'a HookHints>,
    ) -> Result<Option<EvaluationContext>, EvaluationError> {
        Ok(Some(self.0.clone()))
    }

    async fn after<'a>(
        &self,
        _: &HookContext<'a>,
        _: &EvaluationDetails<Value>,
        _: Option<&'a HookHints>,
    ) -> Result<(), EvaluationError> {
        Ok(())
    }

    async fn error<'a>(&self, _: &HookContext<'a>, _: &EvaluationError, _: Option<&'a HookHints>) {}

    async fn finally<'a>(&self, _: &HookContext<'a>, _: &EvaluationDetails<Value>, _: Option<&'a HookHints>) {}
}
