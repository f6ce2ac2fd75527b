//! The routes of a mount, one file for each part of the interface.

mod audit;
mod batch;
mod changing;
mod config;
mod experiments;
mod flags;
mod patching;
mod paths;
mod rollout;
mod tickets;
mod validate;
mod value;
mod values;

use axum::middleware::{from_fn, from_fn_with_state};
use utoipa_axum::router::OpenApiRouter;

use crate::answer::in_words;
use crate::context::Context;
use crate::guard::{documents, unknown_route};

/// Everything below a mount's prefix.
pub(crate) fn mounted(context: &Context) -> OpenApiRouter {
    let routes = OpenApiRouter::new()
        .merge(config::routes())
        .merge(values::routes())
        .merge(value::routes())
        .merge(batch::routes())
        .merge(validate::routes())
        .merge(tickets::routes())
        .merge(flags::routes())
        .merge(experiments::routes());
    let routes = match context.app.rollout {
        Some(_) => routes.merge(rollout::routes()),
        None => routes,
    };
    let routes = routes.merge(context.mount.dialect.routes());
    let routes = routes.merge(audit::routes()).fallback(unknown_route).layer(from_fn(documents));
    routes.layer(from_fn_with_state(context.clone(), in_words)).with_state(context.clone())
}
