//! Patches of the whole configuration: merge patches (RFC 7396) and JSON patches (RFC 6902).

use axum::http::StatusCode;
use json_patch::{PatchErrorKind, PatchOperation};
use serde_json::Value as Json;
use strata_config_core::report::code;
use strata_config_core::{FieldPath, Finding, Report, Severity, Value};
use strata_config_reload::{Actor, Applied};

use super::changing::{self, Refused};
use super::merging::differing;
use crate::context::Context;
use crate::dialect::Operation;
use crate::exact;
use crate::problem::Problem;
use crate::request::{Body, Document, Intent, Media};

/// How often a JSON patch is applied anew where somebody else was faster.
const ATTEMPTS: u32 = 32;

const ACCEPTED: [Media; 3] = [Media::MergePatch, Media::JsonPatch, Media::Json];

/// A patch that was read.
pub(super) enum Patch {
    Merge(Box<Document>),
    Operations(json_patch::Patch),
}

impl Patch {
    /// Reads a patch of either kind.
    pub(super) fn read(body: &Body, operation: Operation, context: &Context) -> Result<Self, Problem> {
        if body.media != Media::JsonPatch || body.is_empty() {
            return Document::read(body, &ACCEPTED, operation, context).map(|document| Self::Merge(Box::new(document)));
        }
        let patch = exact::read(body.text(&ACCEPTED)?)
            .and_then(|patch| serde_json::from_value(exact::json(&patch)).map_err(|error| error.to_string()))
            .map_err(|error| Problem::malformed(format!("the body is no JSON patch: {error}")))?;
        Ok(Self::Operations(patch))
    }

    /// Makes the change, as this actor, who is asked for anew before every attempt.
    pub(super) async fn apply(
        self,
        context: &Context,
        intent: &Intent,
        actor: impl Fn() -> Result<Actor, Problem>,
    ) -> Result<Applied, Problem> {
        match self {
            Self::Merge(document) => {
                let applied = merge(&document.value, context, intent, &actor).await;
                applied.map_err(|refused| refused.problem(|report| document.place(report, &[], &FieldPath::ROOT)))
            }
            Self::Operations(operations) => {
                let applied = carried_out(context, intent, &actor).await;
                let applied = match applied {
                    Ok(None) => apply_operations(&operations, context, intent, &actor).await,
                    Ok(Some(applied)) => Ok(applied),
                    Err(refused) => Err(refused),
                };
                applied.map_err(|refused| refused.problem(Report::clone))
            }
        }
    }
}

/// Merges what of a patch differs from the configuration in effect.
async fn merge(
    patch: &Value,
    context: &Context,
    intent: &Intent,
    actor: &impl Fn() -> Result<Actor, Problem>,
) -> Result<Applied, Refused> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let mut actor = actor()?;
        let current = context.app.current();
        let rest = match differing(patch, &current) {
            Ok(rest) => rest,
            // The same request may have been right when it was made.
            Err(report) => return carried_out(context, intent, &|| Ok(actor.clone())).await?.ok_or(report.into()),
        };
        // What was left out is not said of another configuration.
        let is_bound = !intent.is_conditional() && rest != *patch;
        if is_bound {
            actor = actor.if_generation(current.version.generation());
        }
        let made = changing::make(context, move |live| Ok(live.update(&rest, actor)?)).await;
        match made {
            Err(refused) if refused.is_conflict() && is_bound && attempts < ATTEMPTS => {}
            made => return made,
        }
    }
}

/// What became of the same request before: its patch need not fit what it has made itself.
async fn carried_out(
    context: &Context,
    intent: &Intent,
    actor: &impl Fn() -> Result<Actor, Problem>,
) -> Result<Option<Applied>, Refused> {
    if !intent.is_named() {
        return Ok(None);
    }
    let actor = actor()?.dry_run();
    let nothing = Value::Map(Vec::new());
    let applied = changing::make(context, move |live| Ok(live.update(&nothing, actor)?)).await?;
    Ok(applied.replayed.then_some(applied))
}

/// Applies the operations to the document in effect, and makes what differs then: all of it, or nothing.
async fn apply_operations(
    operations: &json_patch::Patch,
    context: &Context,
    intent: &Intent,
    actor: &impl Fn() -> Result<Actor, Problem>,
) -> Result<Applied, Refused> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let mut actor = actor()?;
        let revision = context.app.live.store_revision();
        let current = context.app.current();
        if !intent.is_conditional() {
            actor = actor.if_revision(revision).if_generation(current.version.generation());
        }
        let before = exact::json(&current.config);
        let mut after = before.clone();
        // Where it fails the copy is thrown away. The way that undoes what it did panics where it has moved the whole.
        json_patch::patch_unsafe(&mut after, operations).map_err(|error| misfit(&error, operations))?;
        let patch = match difference(&before, &after) {
            None => Value::Map(Vec::new()),
            Some(patch @ Json::Object(_)) => exact::value(&patch),
            Some(_) => return Err(Problem::malformed("the configuration is an object, and stays one").into()),
        };
        // Only computed values can still be refused here: the rest of the patch is what differs.
        let patch = differing(&patch, &current)?;
        let made = changing::make(context, move |live| {
            let mut report = Report::new();
            missed(&patch, &live.values_after(&patch)?, &FieldPath::ROOT, &mut report);
            if !report.is_valid() {
                return Err(Refused::Report(report));
            }
            Ok(live.update(&patch, actor)?)
        })
        .await;
        match made {
            Err(refused) if refused.is_conflict() && !intent.is_conditional() && attempts < ATTEMPTS => {}
            made => return made,
        }
    }
}

/// An operation that the document does not permit.
fn misfit(error: &json_patch::PatchError, operations: &json_patch::Patch) -> Problem {
    let at = error.operation;
    let failed = match operations.0.get(at) {
        Some(PatchOperation::Test(_)) if matches!(error.kind, PatchErrorKind::TestFailed) => {
            "the value is another one than `test` says".to_owned()
        }
        _ => error.kind.to_string(),
    };
    let detail = format!("operation {at} at `{}` does not fit: {failed}; nothing was changed", error.path);
    Problem::new(StatusCode::CONFLICT, "conflict", detail).with("operation", at).with("pointer", error.path.to_string())
}

/// The merge patch that leads from one document to the other; nothing where they are the same.
fn difference(before: &Json, after: &Json) -> Option<Json> {
    let (Json::Object(old), Json::Object(new)) = (before, after) else {
        return (before != after).then(|| after.clone());
    };
    let removed = old.keys().filter(|key| !new.contains_key(*key)).map(|key| (key.clone(), Json::Null));
    let changed = new.iter().filter_map(|(key, value)| match old.get(key) {
        Some(known) => Some((key.clone(), difference(known, value)?)),
        None => Some((key.clone(), value.clone())),
    });
    let members: serde_json::Map<String, Json> = removed.chain(changed).collect();
    (!members.is_empty()).then_some(Json::Object(members))
}

/// What a patch would not bring about: a weaker source gives what it removes, or adds to what it sets. How a type writes
/// a value is no difference.
fn missed(patch: &Value, outcome: &Value, path: &FieldPath, report: &mut Report) {
    match (patch, outcome) {
        (Value::Null, Value::Null) => {}
        (Value::Null, shown) => {
            let message = format!("it can't be removed: without what was set at run time it is {}", shown.to_text());
            let help = format!("set another value; or unset it with `DELETE …/values/{path}`");
            refuse(report, path, message, help);
        }
        (Value::Map(entries), Value::Map(shown)) => {
            for (key, value) in entries {
                let outcome = shown.iter().find(|(known, _)| known == key).map_or(&Value::Null, |(_, value)| value);
                missed(value, outcome, &path.child(key), report);
            }
        }
        (Value::List(items), Value::List(shown)) if items.len() != shown.len() => {
            let message = format!("the list would have {} items: weaker sources have a part in it", shown.len());
            refuse(report, path, message, "change it where its other items come from".to_owned());
        }
        _ => {}
    }
}

fn refuse(report: &mut Report, path: &FieldPath, message: String, help: String) {
    report.push(Finding::new(Severity::Error, code::NULL, path.clone(), message)).help = Some(help);
}
