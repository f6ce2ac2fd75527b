//! Several values at once: all of them, or none.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use strata_config_core::{FieldPath, Report, Value};
use strata_config_reload::{Actor, Applied, Batch, DynLive, UpdateError};
use strata_config_store::Snapshot;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::changing::{Refused, make, view};
use super::{paths, value};
use crate::answer::Answer;
use crate::auth::{Caller, Write};
use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Body, Document, Intent, Media, Members, Segment};
use crate::wire::{AppliedView, SnapshotView};

pub(super) fn routes() -> OpenApiRouter<Context> {
    // A setting may be called `batch` as well.
    let get = |caller, context, headers| value::get_value(caller, context, Segment("batch".to_owned()), headers);
    let put =
        |caller, context, intent, body| value::set_value(caller, context, Segment("batch".to_owned()), intent, body);
    let delete = |caller, context, intent| value::unset_value(caller, context, Segment("batch".to_owned()), intent);
    let setting = axum::routing::get(get).put(put).delete(delete);
    OpenApiRouter::new().routes(routes!(apply_batch)).route("/values/batch", setting)
}

/// Several changes.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what is read member by member, so that numbers stay exact")]
struct BatchBody {
    /// Values to set.
    updates: Option<Vec<UpdateBody>>,
    /// Paths to unset.
    unset: Option<Vec<String>>,
    /// Keep the state before as a snapshot.
    create_snapshot: Option<bool>,
    /// What that snapshot is for.
    snapshot_description: Option<String>,
    /// Why.
    description: Option<String>,
}

/// A value to set.
#[derive(ToSchema)]
#[expect(dead_code, reason = "as above")]
struct UpdateBody {
    /// The path of the setting; `key` is another name of it.
    path: Option<String>,
    /// The path of the setting.
    key: Option<String>,
    /// The value.
    #[schema(value_type = serde_json::Value)]
    value: Value,
    /// Where it comes from, in a word; a tag of the change.
    source: Option<String>,
    /// Why.
    description: Option<String>,
}

/// What became of several changes.
#[derive(Serialize, ToSchema)]
struct BatchView {
    #[serde(flatten)]
    applied: AppliedView,
    /// Every path that was to be changed, and whether it was.
    #[schema(value_type = std::collections::BTreeMap<String, bool>)]
    results: Map<String, Json>,
    /// The snapshot of the state before, where one was asked for.
    snapshot: Option<SnapshotView>,
}

/// What a body asks for.
struct Asked {
    batch: Batch,
    /// Each path, and the place of its value in the list of updates.
    paths: Vec<(FieldPath, Option<usize>)>,
    /// What the snapshot of the state before is for.
    snapshot: Option<String>,
    reason: Option<String>,
    tags: Vec<String>,
}

/// Change several values
///
/// All of them are changed, or none.
#[utoipa::path(post, path = "/values/batch", tag = "values", request_body = BatchBody, responses(
    (status = 200, description = "What became of the changes", body = BatchView),
    (status = 422, description = "The configuration would be wrong; `results` says which of the changes have no fault"),
))]
async fn apply_batch(
    caller: Caller<Write>,
    State(context): State<Context>,
    intent: Intent,
    body: Body,
) -> Result<Answer, Problem> {
    let document = Document::read(&body, &[Media::Json], Operation::Batch, &context)?;
    let Asked { batch, paths, snapshot, reason, tags } = Asked::of(document.value.clone())?;
    let actor = intent.actor_because(&caller, &context, reason)?;
    let actor = tags.into_iter().fold(actor, Actor::tag);
    let made = make(&context, move |live| match snapshot {
        Some(description) => with_snapshot(live, &batch, actor, description),
        None => Ok((live.apply(&batch, actor)?, None)),
    });
    let (applied, snapshot) = made.await.map_err(|refused| {
        let problem = refused.problem(|report| placed(&document, report, &paths));
        let faults = refused.report().map(|report| at_fault(report, &paths));
        let results: Map<String, Json> = paths
            .iter()
            .enumerate()
            .map(|(at, (path, _))| (path.to_string(), faults.as_ref().is_some_and(|faults| !faults[at]).into()))
            .collect();
        if problem.status() == StatusCode::UNPROCESSABLE_ENTITY { problem.with("results", results) } else { problem }
    })?;
    let view = BatchView {
        applied: view(&context, &intent, &applied),
        results: paths.iter().map(|(path, _)| (path.to_string(), true.into())).collect(),
        snapshot: snapshot.as_ref().map(SnapshotView::of),
    };
    Ok(Answer::new(Operation::Batch, &view).etag(&context.app.current().etag))
}

/// Makes the changes after the state before was kept. What would be refused makes no snapshot; where it is refused
/// only after that, the snapshot goes away again.
fn with_snapshot(
    live: &dyn DynLive,
    batch: &Batch,
    actor: Actor,
    description: String,
) -> Result<(Applied, Option<Snapshot>), Refused> {
    let tried = live.apply(batch, actor.clone().dry_run())?;
    if tried.replayed || actor.is_dry_run() {
        return Ok((tried, None));
    }
    let snapshot = live.snapshot(description, Vec::new(), actor.clone()).map_err(UpdateError::from)?;
    match live.apply(batch, actor) {
        Ok(applied) => Ok((applied, Some(snapshot))),
        Err(error) => match live.delete_snapshot(&snapshot.id) {
            Ok(_) => Err(error.into()),
            Err(_) => {
                let problem = Problem::of_update(&error);
                Err(problem.with("snapshot", crate::current::json(&SnapshotView::of(&snapshot))).into())
            }
        },
    }
}

impl Asked {
    fn of(body: Value) -> Result<Self, Problem> {
        const KNOWN: [&str; 5] = ["updates", "unset", "create_snapshot", "snapshot_description", "description"];
        let mut members = Members::of(body, &KNOWN)?;
        let mut asked = Self {
            batch: Batch::new(),
            paths: Vec::new(),
            snapshot: None,
            reason: members.text("description")?,
            tags: Vec::new(),
        };
        let updates = match members.take("updates") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::List(updates)) => updates,
            Some(_) => return Err(Problem::malformed("`updates` is a list")),
        };
        let mut reasons: Vec<String> = Vec::new();
        for (at, update) in updates.into_iter().enumerate() {
            let mut update = Members::of(update, &["path", "key", "value", "source", "description"])?;
            let path = update.path()?.ok_or_else(|| Problem::malformed(format!("update {at} has no `path`")))?;
            let value =
                update.take("value").ok_or_else(|| Problem::malformed(format!("update {at} has no `value`")))?;
            asked.step(&path, Some((at, value)))?;
            let source = update.text("source")?.map(|source| format!("source:{source}"));
            asked.tags.extend(source.filter(|source| !asked.tags.contains(source)));
            reasons.extend(update.text("description")?.filter(|reason| !reasons.contains(reason)));
        }
        for path in members.texts("unset")? {
            asked.step(&path, None)?;
        }
        if asked.paths.is_empty() {
            return Err(Problem::malformed("the batch has neither `updates` nor `unset`"));
        }
        if asked.reason.is_none() && !reasons.is_empty() {
            asked.reason = Some(reasons.join("; "));
        }
        let description = members.text("snapshot_description")?;
        if members.flag("create_snapshot")? {
            asked.snapshot = Some(description.unwrap_or_else(|| "before a batch".to_owned()));
        }
        Ok(asked)
    }

    fn step(&mut self, text: &str, value: Option<(usize, Value)>) -> Result<(), Problem> {
        let path = paths::parse(text)?;
        if let Some((other, _)) = self.paths.iter().find(|(known, _)| known.contains(&path) || path.contains(known)) {
            return Err(Problem::malformed(format!(
                "the batch changes `{path}` and `{other}`: say once what is meant"
            )));
        }
        let batch = std::mem::take(&mut self.batch);
        let at = value.as_ref().map(|(at, _)| *at);
        self.batch = match value {
            Some((_, value)) => batch.set(path.as_str(), value::unmasked(value)),
            None => batch.unset(path.as_str()),
        };
        self.paths.push((path, at));
        Ok(())
    }
}

/// The report with the places of the updates in the body.
fn placed(document: &Document, report: &Report, paths: &[(FieldPath, Option<usize>)]) -> Report {
    let updates = paths.iter().filter_map(|(path, at)| Some((path, (*at)?.to_string())));
    updates.fold(report.clone(), |report, (path, at)| document.place(&report, &["updates", &at, "value"], path))
}

/// Which of the paths have a part in a mistake; all of them where none is named.
fn at_fault(report: &Report, paths: &[(FieldPath, Option<usize>)]) -> Vec<bool> {
    let named = |path: &FieldPath| {
        let touches = |other: &FieldPath| !other.is_root() && (path.contains(other) || other.contains(path));
        report
            .errors()
            .any(|finding| touches(&finding.path) || finding.related.iter().any(|related| touches(&related.path)))
    };
    let faults: Vec<bool> = paths.iter().map(|(path, _)| named(path)).collect();
    if faults.contains(&true) { faults } else { vec![true; paths.len()] }
}
