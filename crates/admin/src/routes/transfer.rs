//! The whole configuration as a document, and a document as a change: `POST /export`, `POST /import`.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use strata_config_codegen::{Exported, Format, export};
use strata_config_core::{FieldPath, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::applied;
use crate::answer::Answer;
use crate::auth::{Caller, Read, Write};
use crate::context::Context;
use crate::current::{Current, json};
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{Body, Document, Intent, JsonBody, Media};
use crate::wire::AppliedView;

/// The header that names what a document could not say.
const LEFT_OUT: HeaderName = HeaderName::from_static("x-strata-left-out");

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(export_config)).routes(routes!(import_config))
}

/// How the document is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Wanted {
    /// JSON where nothing is said.
    format: Option<Written>,
}

/// A document's language.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Written {
    Json,
    Toml,
    Yaml,
    Env,
}

/// Write the whole configuration as a document
///
/// Without secrets and computed values. `POST /import` takes it, and so does a file of the program (`env` aside, which is for
/// `.env` files). What a language can't say, such as null in TOML, is left out; where the default does not say the same, the
/// header `X-Strata-Left-Out` names it.
#[utoipa::path(post, path = "/export", tag = "configuration", request_body = Option<Wanted>, responses(
    (status = 200, description = "The document", content(
        (BTreeMap<String, serde_json::Value> = "application/json"),
        (String = "application/toml"),
        (serde_json::Value = "application/yaml"),
        (String = "text/plain"),
    )),
    (status = 422, description = "The language can't say a value"),
))]
async fn export_config(
    _caller: Caller<Read>,
    State(context): State<Context>,
    body: JsonBody,
) -> Result<Response, Problem> {
    let wanted: Wanted = body.read(Operation::Export, &context)?;
    let current = context.app.current();
    let values = exported(&current);
    let (format, media, extension) = match wanted.format {
        None => return Ok(Answer::new(Operation::Export, &json(&values)).etag(&current.etag).into_response()),
        Some(Written::Json) => (Format::Json, "application/json", "json"),
        Some(Written::Toml) => (Format::Toml, "application/toml", "toml"),
        Some(Written::Yaml) => (Format::Yaml, "application/yaml", "yaml"),
        Some(Written::Env) => (Format::Env, "text/plain; charset=utf-8", "env"),
    };
    let Exported { text, lost } = export(context.app.live.schema(), &values, format)
        .map_err(|message| Problem::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "unsayable", message))?;
    let name = format!("attachment; filename=\"configuration.{extension}\"");
    let kinds = [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "private, no-cache")];
    let mut response = (kinds, [(header::CONTENT_DISPOSITION, name)], text).into_response();
    response.headers_mut().insert(header::ETAG, current.etag.header());
    let lost: Vec<&str> =
        lost.iter().map(|lost| &lost.path).filter(|path| matters(&current, path)).map(FieldPath::as_str).collect();
    if let Some(lost) =
        Some(lost.join(", ")).filter(|lost| !lost.is_empty()).and_then(|lost| HeaderValue::from_str(&lost).ok())
    {
        response.headers_mut().insert(LEFT_OUT, lost);
    }
    Ok(response)
}

/// Every value that an application would write, those of declared keys last.
fn exported(current: &Current) -> Value {
    let mut values = current.version.export();
    if let Value::Map(entries) = &mut values {
        let declared = current.version.declared().iter();
        entries.extend(declared.map(|declared| (declared.key.clone(), declared.value.clone())));
    }
    values
}

/// Whether a value that is not written comes out as another: a default says the same, or it does not.
fn matters(current: &Current, path: &FieldPath) -> bool {
    let found = current.explained().iter().find(|explained| explained.path == *path);
    found.is_some_and(|explained| explained.value != *explained.default.as_ref().unwrap_or(&Value::Null))
}

/// Take a document's values, as one change
///
/// What `POST /export` gave, or a part of it: what it does not name stays what it is. A mistake is told with its line and column.
#[utoipa::path(post, path = "/import", tag = "configuration", request_body(content(
    (serde_json::Value = "application/json"),
    (String = "application/toml"),
    (String = "application/yaml"),
)), responses(
    (status = 200, description = "What became of the change", body = AppliedView),
))]
async fn import_config(
    caller: Caller<Write>,
    State(context): State<Context>,
    intent: Intent,
    body: Body,
) -> Result<Answer, Problem> {
    let document = Document::read(&body, &[Media::Json, Media::Toml, Media::Yaml], Operation::Import, &context)?;
    let Value::Map(_) = &document.value else {
        return Err(Problem::malformed("a configuration is a table of settings"));
    };
    let actor = intent.actor(&caller, &context)?;
    let values = document.value.clone();
    let done = context.app.blocking(move |live| live.update(&values, actor)).await?;
    let done = done.map_err(|error| match error.report() {
        Some(report) => Problem::invalid(&document.place(report, &[], &FieldPath::ROOT)),
        None => Problem::of_update(&error),
    })?;
    Ok(applied(&context, &intent, Operation::Import, &done))
}
