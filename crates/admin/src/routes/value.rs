//! One value, or the values of one section: read, set, unset.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use strata_config_core::{FieldPath, Value};
use strata_config_reload::Batch;
use strata_config_store::HistoryQuery;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::changing::{make, unchanged, view};
use super::paths;
use crate::answer::Answer;
use crate::auth::{Caller, Read, Write};
use crate::context::Context;
use crate::current::{Current, text};
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Body, Document, Intent, Media, Members, Segment};
use crate::wire::{AppliedView, LastChangeView, ValueView};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(get_value, set_value, unset_value))
}

/// A value, or the values of a section.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum OneView {
    Value(Box<ValueView>),
    Section(SectionView),
}

/// A section: everything below a path.
#[derive(Serialize, ToSchema)]
pub(super) struct SectionView {
    /// Its path.
    path: String,
    /// `section`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Its documentation.
    doc: String,
    /// What stands there, secrets masked.
    #[schema(value_type = serde_json::Value)]
    value: Value,
    /// Every value below it.
    values: Vec<ValueView>,
}

/// A value to set.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what is read member by member, so that numbers stay exact")]
struct SetBody {
    /// The value.
    #[schema(value_type = serde_json::Value)]
    value: Value,
    /// The path again.
    key: Option<String>,
    /// Where it comes from, in a word; a tag of the change.
    source: Option<String>,
    /// Why.
    description: Option<String>,
}

/// What became of a value that was set.
#[derive(Serialize, ToSchema)]
struct SetView {
    #[serde(flatten)]
    applied: AppliedView,
    value: Option<OneView>,
}

/// One value, and where it came from
///
/// A path such as `db.pool_size` or `labels."a.b"`. Of a section, its values.
#[utoipa::path(get, path = "/values/{path}", tag = "values",
    params(("path" = String, Path, description = "The path of the setting")), responses(
    (status = 200, description = "The value", body = OneView),
    (status = 304, description = "The configuration is still the one of `If-None-Match`"),
    (status = 404, description = "There is no such setting; `suggestion` is the nearest name"),
))]
pub(super) async fn get_value(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Segment(path): Segment,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let path = paths::read(&context, &path)?;
    let current = context.app.current();
    if let Some(response) = unchanged(&current, &headers) {
        return Ok(response);
    }
    let known = match current.answer(&path) {
        Some(known) => known,
        None => look_up(&context, &current, &path).await?,
    };
    Ok(Answer::of_text(Operation::Value, known).etag(&current.etag).into_response())
}

/// Set a value
///
/// It replaces what was set at this path before.
#[utoipa::path(put, path = "/values/{path}", tag = "values", request_body = SetBody,
    params(("path" = String, Path, description = "The path of the setting")), responses(
    (status = 200, description = "What became of the change, and the value", body = SetView),
    (status = 404, description = "There is no such setting; `suggestion` is the nearest name"),
))]
pub(super) async fn set_value(
    caller: Caller<Write>,
    State(context): State<Context>,
    Segment(path): Segment,
    intent: Intent,
    body: Body,
) -> Result<Answer, Problem> {
    let path = paths::read(&context, &path)?;
    let document = Document::read(&body, &[Media::Json], Operation::SetValue, &context)?;
    let mut members = Members::of(document.value.clone(), &["value", "key", "path", "source", "description"])?;
    let value = members.take("value").ok_or_else(|| Problem::malformed("the body has no `value`"))?;
    if let Some(named) = members.path()?
        && paths::parse(&named)? != path
    {
        return Err(Problem::malformed(format!("the body is about `{named}`, and the path about `{path}`")));
    }
    let mut actor = intent.actor_because(&caller, &context, members.text("description")?)?;
    if let Some(source) = members.text("source")? {
        actor = actor.tag(format!("source:{source}"));
    }
    let batch = Batch::new().set(path.as_str(), unmasked(value));
    let applied = make(&context, move |live| Ok(live.apply(&batch, actor)?)).await;
    let applied = applied.map_err(|refused| refused.problem(|report| document.place(report, &["value"], &path)))?;
    let current = context.app.current();
    let value = one(&current, &path);
    let view = SetView { applied: view(&context, &intent, &applied), value };
    Ok(Answer::new(Operation::SetValue, &view).etag(&current.etag))
}

/// Unset a value
///
/// What was set at run time at this path, and below it, is gone; what weaker sources say shows again.
#[utoipa::path(delete, path = "/values/{path}", tag = "values",
    params(("path" = String, Path, description = "The path of the setting")), responses(
    (status = 200, description = "What became of the change", body = AppliedView),
    (status = 404, description = "There is no such setting; `suggestion` is the nearest name"),
))]
pub(super) async fn unset_value(
    caller: Caller<Write>,
    State(context): State<Context>,
    Segment(path): Segment,
    intent: Intent,
) -> Result<Answer, Problem> {
    let path = paths::read(&context, &path)?;
    let actor = intent.actor(&caller, &context)?;
    let batch = Batch::new().unset(path.as_str());
    let applied = context.app.write(move |live| live.apply(&batch, actor)).await?;
    let view = view(&context, &intent, &applied);
    Ok(Answer::new(Operation::UnsetValue, &view).etag(&context.app.current().etag))
}

/// A section as it was read: secrets that it only says to be there are not set.
pub(super) fn unmasked(value: Value) -> Value {
    let is_mask = |value: &Value| matches!(value, Value::Map(entries) if matches!(&entries[..], [(key, Value::Bool(true))] if key == "$secret"));
    match value {
        Value::Map(entries) if !is_mask(&Value::Map(entries.clone())) => {
            let kept = entries.into_iter().filter(|(_, value)| !is_mask(value));
            Value::Map(kept.map(|(key, value)| (key, unmasked(value))).collect())
        }
        value => value,
    }
}

/// The text of an answer that was not given yet of this version.
async fn look_up(context: &Context, current: &Current, path: &FieldPath) -> Result<Bytes, Problem> {
    let Some(mut view) = one(current, path) else {
        return Err(Problem::not_found(format!("`{path}` has no value: what it is a part of is not there")));
    };
    let mut is_whole = true;
    if let OneView::Value(view) = &mut view {
        let query = HistoryQuery { path: Some(path.to_string()), ..HistoryQuery::newest(1) };
        // What is in effect is told also where the store does not answer.
        match context.app.read(move |live| live.history(&query)).await {
            Ok(entries) => view.last_change = Some(entries.first().map(LastChangeView::of)),
            Err(_) => is_whole = false,
        }
    }
    let text = text(&view);
    if is_whole {
        current.keep(path, text.clone());
    }
    Ok(text)
}

/// What stands at a path.
fn one(current: &Current, path: &FieldPath) -> Option<OneView> {
    if let Some(explained) = current.explained_at(path) {
        return Some(OneView::Value(Box::new(ValueView::of(explained, current))));
    }
    let value = current.config.at(path)?;
    let declared = current.version.declared().iter().find(|key| FieldPath::ROOT.child(&key.key).contains(path));
    if let Some(declared) = declared {
        let view = ValueView::of_declared(declared);
        let is_whole = view.path == path.as_str();
        return Some(OneView::Value(Box::new(if is_whole { view } else { view.part(path, value) })));
    }
    let below = current.explained().iter().filter(|explained| path.contains(&explained.path));
    let values: Vec<ValueView> = below.map(|explained| ValueView::of(explained, current)).collect();
    if values.is_empty() {
        let whole = current.explained().iter().find(|explained| explained.path.contains(path))?;
        return Some(OneView::Value(Box::new(ValueView::of(whole, current).part(path, value))));
    }
    let field = paths::field(current.schema, &path.segments());
    let doc = field.map(|field| field.doc).unwrap_or_default().to_owned();
    let (path, value) = (path.to_string(), value.clone());
    Some(OneView::Section(SectionView { path, kind: "section", doc, value, values }))
}
