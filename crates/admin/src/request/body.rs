//! A request's body: its kind, its bytes, and its content where that is JSON of a shape of ours.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;

/// What a body is, by its `Content-Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// JSON; also where nothing is said.
    Json,
    /// JSON that is called a merge patch (RFC 7396).
    MergePatch,
    /// A JSON patch (RFC 6902).
    JsonPatch,
    Toml,
    Yaml,
    /// Something else.
    Other,
}

impl Media {
    fn of(request: &Request) -> Self {
        let Some(kind) = request.headers().get(header::CONTENT_TYPE) else { return Self::Json };
        let kind = kind.to_str().unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/json" | "text/json" => Self::Json,
            "application/merge-patch+json" => Self::MergePatch,
            "application/json-patch+json" => Self::JsonPatch,
            "application/toml" | "application/x-toml" | "text/toml" | "text/x-toml" => Self::Toml,
            "application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml" => Self::Yaml,
            _ => Self::Other,
        }
    }
}

/// A body as it came.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) media: Media,
    pub(crate) bytes: Bytes,
}

impl FromRequest<Context> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, context: &Context) -> Result<Self, Problem> {
        let media = Media::of(&request);
        let bytes = Bytes::from_request(request, context).await.map_err(|refused| {
            let status = refused.status();
            let kind = if status == StatusCode::PAYLOAD_TOO_LARGE { "too-large" } else { "malformed" };
            Problem::new(status, kind, refused.body_text())
        })?;
        Ok(Self { media, bytes })
    }
}

impl Body {
    /// Whether it has nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }

    /// The text of a body that is of one of these kinds.
    pub(crate) fn text(&self, accepted: &[Media]) -> Result<&str, Problem> {
        if self.is_empty() {
            return Err(Problem::malformed("the request needs a body"));
        }
        if !accepted.contains(&self.media) {
            return Err(unsupported(accepted));
        }
        str::from_utf8(&self.bytes).map_err(|_| Problem::malformed("the body is not UTF-8"))
    }
}

fn unsupported(accepted: &[Media]) -> Problem {
    let names: Vec<&str> = accepted
        .iter()
        .filter_map(|media| match media {
            Media::Json => Some("application/json"),
            Media::MergePatch => Some("application/merge-patch+json"),
            Media::JsonPatch => Some("application/json-patch+json"),
            Media::Toml => Some("application/toml"),
            Media::Yaml => Some("application/yaml"),
            Media::Other => None,
        })
        .collect();
    let detail = format!("the body's `Content-Type` is none that is read here: {}", names.join(", "));
    let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail);
    let list = HeaderValue::from_str(&names.join(", ")).expect("names of media types are a header's value");
    let name = if accepted.contains(&Media::JsonPatch) { "accept-patch" } else { "accept" };
    problem.header(header::HeaderName::from_static(name), list)
}

/// A body of JSON as it came; an empty one is nothing.
#[derive(Debug)]
pub(crate) struct JsonBody {
    value: Option<Json>,
}

impl FromRequest<Context> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, context: &Context) -> Result<Self, Problem> {
        let body = Body::from_request(request, context).await?;
        if body.is_empty() {
            return Ok(Self { value: None });
        }
        let value = serde_json::from_str(body.text(&[Media::Json])?)
            .map_err(|error| Problem::malformed(format!("the body is not JSON: {error}")))?;
        Ok(Self { value: Some(value) })
    }
}

impl JsonBody {
    /// The body in our own shape, from that of the mount.
    pub(crate) fn of(self, operation: Operation, context: &Context) -> Result<Json, Problem> {
        let value = self.value.ok_or_else(|| Problem::malformed("the request needs a body of JSON"))?;
        context.mount.dialect.request(operation, context, value)
    }

    /// The same as a type of ours; without a body its default.
    pub(crate) fn read<T: DeserializeOwned + Default>(
        self,
        operation: Operation,
        context: &Context,
    ) -> Result<T, Problem> {
        if self.value.is_none() {
            return Ok(T::default());
        }
        typed(self.of(operation, context)?)
    }

    /// The same as a type of ours, which it must be.
    pub(crate) fn expect<T: DeserializeOwned>(self, operation: Operation, context: &Context) -> Result<T, Problem> {
        typed(self.of(operation, context)?)
    }
}

fn typed<T: DeserializeOwned>(body: Json) -> Result<T, Problem> {
    // Serde would read a list as the fields of a struct in their order.
    if !body.is_object() {
        return Err(Problem::malformed("the body is not as it should be: it must be an object"));
    }
    serde_json::from_value(body)
        .map_err(|error| Problem::malformed(format!("the body is not as it should be: {error}")))
}
