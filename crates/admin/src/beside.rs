//! The routes beside the mounts: health, readiness, figures, and what the interface says of itself.

mod description;
mod docs;
mod figures;
mod health;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::context::Context;

/// Every route that stands beside the mounts.
pub(crate) fn routes(context: &Context) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(figures::metrics))
        .routes(routes!(description::openapi))
        .routes(routes!(docs::docs_page))
        .routes(routes!(docs::docs_part))
        .layer(axum::middleware::from_fn_with_state(context.clone(), crate::answer::in_words))
        .with_state(context.clone())
}
