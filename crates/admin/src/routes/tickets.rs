//! `POST /tickets`: a minute of reading for an event stream that can't send a header.

use axum::extract::State;
use serde::Serialize;
use strata_config_store::Timestamp;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Answer;
use crate::auth::{Caller, Read};
use crate::context::Context;
use crate::dialect::Operation;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(create_ticket))
}

/// A ticket for an event stream.
#[derive(Serialize, ToSchema)]
struct TicketView {
    /// What to say as `?ticket=`.
    ticket: String,
    /// When it ends, in RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    expires: Timestamp,
}

/// Get a ticket for an event stream
///
/// It is good for one minute, permits to read, and is taken by the routes of event streams alone.
#[utoipa::path(post, path = "/tickets", tag = "events", responses(
    (status = 200, description = "The ticket", body = TicketView),
))]
async fn create_ticket(caller: Caller<Read>, State(context): State<Context>) -> Answer {
    let ticket = context.app.tickets.issue(&caller.token, Timestamp::now());
    Answer::new(Operation::Other, &TicketView { ticket: ticket.text, expires: ticket.expires })
}
