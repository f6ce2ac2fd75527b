//! The routes of a mount, one file for each part of the interface.

mod alerts;
mod audit;
mod batch;
mod changing;
mod config;
mod events;
mod experiments;
mod flags;
mod history;
mod merging;
mod patching;
mod paths;
mod presets;
mod reset;
mod rollout;
mod snapshots;
mod status;
mod tickets;
mod transfer;
mod validate;
mod value;
mod values;
mod websocket;
mod whole;

use axum::middleware::{from_fn, from_fn_with_state};
use utoipa_axum::router::OpenApiRouter;

use strata_config_reload::Applied;

use crate::answer::{Answer, in_words};
use crate::context::Context;
use crate::dialect::Operation;
use crate::guard::{documents, unknown_route};
use crate::request::Intent;
use crate::wire::AppliedView;

/// Everything below a mount's prefix.
pub(crate) fn mounted(context: &Context) -> OpenApiRouter {
    let routes = OpenApiRouter::new()
        .merge(status::routes())
        .merge(config::routes())
        .merge(values::routes())
        .merge(value::routes())
        .merge(batch::routes())
        .merge(validate::routes())
        .merge(history::routes())
        .merge(snapshots::routes())
        .merge(presets::routes())
        .merge(reset::routes())
        .merge(whole::routes())
        .merge(tickets::routes())
        .merge(transfer::routes())
        .merge(flags::routes())
        .merge(events::routes())
        .merge(websocket::routes())
        .merge(alerts::routes())
        .merge(experiments::routes());
    let routes = match context.app.rollout {
        Some(_) => routes.merge(rollout::routes()),
        None => routes,
    };
    let routes = routes.merge(context.mount.dialect.routes());
    let routes = routes.merge(audit::routes()).fallback(unknown_route).layer(from_fn(documents));
    routes.layer(from_fn_with_state(context.clone(), in_words)).with_state(context.clone())
}

/// The answer to a change: what became of it, and the configuration that is in effect now.
fn applied(context: &Context, intent: &Intent, operation: Operation, done: &Applied) -> Answer {
    let current = context.app.current();
    let view = AppliedView::of(done, &current.etag, intent.is_dry());
    Answer::new(operation, &view).etag(&current.etag)
}
