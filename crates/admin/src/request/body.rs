//! A body of JSON.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::context::Context;
use crate::dialect::Operation;
use crate::problem::Problem;

/// A body of JSON as it came; an empty one is nothing.
#[derive(Debug)]
pub(crate) struct JsonBody {
    value: Option<Json>,
}

impl FromRequest<Context> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, context: &Context) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, context).await.map_err(|refused| {
            let status = refused.status();
            let kind = if status == StatusCode::PAYLOAD_TOO_LARGE { "too-large" } else { "malformed" };
            Problem::new(status, kind, refused.body_text())
        })?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self { value: None });
        }
        let value = serde_json::from_slice(&bytes)
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
