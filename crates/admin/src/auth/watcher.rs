//! Who follows a stream of events: by the header, or by a ticket in the query.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use strata_config_store::Timestamp;

use super::caller::{Caller, Read, refused};
use super::token::Token;
use crate::context::Context;
use crate::problem::Problem;

/// Somebody who may read. Only `GET`s of event streams take it: a ticket stands in the address, and addresses are logged.
#[derive(Debug)]
pub(crate) struct Watcher {
    pub(crate) token: Arc<Token>,
}

#[derive(Deserialize)]
struct Asked {
    ticket: Option<String>,
}

impl FromRequestParts<Context> for Watcher {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Problem> {
        let asked = Query::<Asked>::from_request_parts(parts, context).await;
        let Query(asked) = asked.map_err(|refused| Problem::malformed(refused.body_text()))?;
        let Some(ticket) = asked.ticket else {
            let caller = Caller::<Read>::from_request_parts(parts, context).await?;
            return Ok(Self { token: caller.token });
        };
        let app = &context.app;
        let token = app.tickets.check(&ticket, &app.tokens, Timestamp::now());
        Ok(Self { token: token.map_err(|refusal| refused(refusal, "ticket", parts, context))? })
    }
}
