//! `POST /validate`: what a change would do, without making it.

use axum::extract::State;
use serde::Serialize;
use strata_config_core::FieldPath;
use strata_config_core::report::Severity;
use strata_config_reload::Actor;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::changing::{Refused, make};
use super::merging::differing;
use crate::answer::Answer;
use crate::auth::{Caller, Read};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Body, Document, Media};
use crate::wire::{ChangeView, FindingView};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(validate))
}

/// What a change would do.
#[derive(Serialize, ToSchema, Default)]
pub(super) struct PreviewView {
    /// Whether it would be made.
    pub(super) valid: bool,
    /// What is wrong.
    pub(super) errors: Vec<FindingView>,
    /// What is questionable, though accepted.
    pub(super) warnings: Vec<FindingView>,
    /// The settings whose value would differ.
    pub(super) changes: Vec<ChangeView>,
    /// What would wait for a restart.
    pub(super) pending: Vec<ChangeView>,
}

/// Try a patch
///
/// It is built, checked and put to the vetoes as a change is, and nothing is stored. A mistake is no error of this
/// request.
#[utoipa::path(post, path = "/validate", tag = "configuration", request_body = serde_json::Value, responses(
    (status = 200, description = "What the patch would do, or what is wrong with it", body = PreviewView),
))]
async fn validate(caller: Caller<Read>, State(context): State<Context>, body: Body) -> Result<Answer, Problem> {
    let accepted = [Media::Json, Media::MergePatch];
    let document = Document::read(&body, &accepted, Operation::Validate, &context)?;
    let actor = Actor::new(&caller.token.actor).via("api").dry_run();
    let patch = document.value.clone();
    let current = context.app.current();
    let made = make(&context, move |live| Ok(live.update(&differing(&patch, &current)?, actor)?));
    let view = match made.await {
        Ok(applied) => PreviewView {
            valid: true,
            errors: Vec::new(),
            warnings: applied.warnings.findings().iter().map(FindingView::of).collect(),
            changes: applied.changes.iter().map(ChangeView::of).collect(),
            pending: applied.pending.iter().map(ChangeView::of).collect(),
        },
        Err(refused) => refusal(&refused, &document)?,
    };
    Ok(Answer::new(Operation::Validate, &view).etag(&context.app.current().etag))
}

/// What is wrong with a change; the problem where that is not its own fault.
fn refusal(refused: &Refused, document: &Document) -> Result<PreviewView, Problem> {
    let place = |report: &_| document.place(report, &[], &FieldPath::ROOT);
    if let Some(report) = refused.report().map(place) {
        let views = |severity| {
            let findings = report.findings().iter().filter(move |finding| finding.severity == severity);
            findings.map(FindingView::of).collect()
        };
        let (errors, warnings) = (views(Severity::Error), views(Severity::Warning));
        return Ok(PreviewView { errors, warnings, ..PreviewView::default() });
    }
    match refused {
        Refused::Update(error) if error.is_vetoed() => {
            Ok(PreviewView { errors: vec![FindingView::of_veto(&error.to_string())], ..PreviewView::default() })
        }
        refused => Err(refused.problem(place)),
    }
}
