//! What all routes that change the configuration do: make the change, and say what became of it.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use strata_config_core::Report;
use strata_config_reload::{Applied, DynLive, UpdateError};

use crate::context::Context;
use crate::current::Current;
use crate::problem::Problem;
use crate::request::Intent;
use crate::wire::AppliedView;

/// Why a change was not made, before anybody is told.
#[derive(Debug)]
pub(super) enum Refused {
    /// By the configuration.
    Update(UpdateError),
    /// By a look at what would come of it.
    Report(Report),
    /// For another reason.
    Problem(Box<Problem>),
}

impl From<UpdateError> for Refused {
    fn from(error: UpdateError) -> Self {
        Self::Update(error)
    }
}

impl From<Report> for Refused {
    fn from(report: Report) -> Self {
        Self::Report(report)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl Refused {
    /// What the client is told, with places in its own body where they are known.
    pub(super) fn problem(&self, place: impl Fn(&Report) -> Report) -> Problem {
        match self {
            Self::Problem(problem) => (**problem).clone(),
            Self::Report(report) => Problem::invalid(&place(report)),
            Self::Update(error) => match error.report() {
                Some(report) => Problem::invalid(&place(report)),
                None => Problem::of_update(error),
            },
        }
    }

    /// What is wrong with the configuration that the change would lead to.
    pub(super) fn report(&self) -> Option<&Report> {
        match self {
            Self::Report(report) => Some(report),
            Self::Update(error) => error.report(),
            Self::Problem(_) => None,
        }
    }

    /// Whether somebody else was faster.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self, Self::Update(error) if error.is_conflict())
    }
}

/// Makes a change.
pub(super) async fn make<T: Send + 'static>(
    context: &Context,
    work: impl FnOnce(&dyn DynLive) -> Result<T, Refused> + Send + 'static,
) -> Result<T, Refused> {
    context.app.blocking(work).await?
}

/// What became of a change, and of which configuration that is said.
pub(super) fn view(context: &Context, intent: &Intent, applied: &Applied) -> AppliedView {
    AppliedView::of(applied, &context.app.current().etag, intent.is_dry())
}

/// The answer to whoever has this configuration already.
pub(super) fn unchanged(current: &Current, headers: &HeaderMap) -> Option<Response> {
    let is_known = current.etag.matches(headers, header::IF_NONE_MATCH, true) == Some(true);
    is_known.then(|| (StatusCode::NOT_MODIFIED, [(header::ETAG, current.etag.header())]).into_response())
}
