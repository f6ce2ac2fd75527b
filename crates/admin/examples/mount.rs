//! An application with a route of its own, and the interface over its configuration beside it:
//! `cargo run -p strata-config-admin --example mount`.

use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use strata_config::LayeredConfig;
use strata_config_admin::auth::{Scopes, Tokens};
use strata_config_flags::model::Flag;
use strata_config_flags::{Context, Flags};
use strata_config_reload::Live;
use tokio::net::TcpListener;

/// The application's settings.
#[derive(LayeredConfig, Debug)]
struct AppConfig {
    /// Whom the application greets.
    #[config(default = "world", validate(non_empty))]
    name: String,

    /// Greets in capitals.
    #[config(default = false)]
    loud: Flag,
}

/// What the application serves.
pub(crate) fn application(token: &str) -> Result<Router, Box<dyn Error>> {
    let live = Live::of(AppConfig::loader()).open()?;
    let flags = Flags::follow(&live)?;
    let tokens = Tokens::one("ann", token, Scopes::ALL)?;
    let admin = strata_config_admin::router(&live).flags(flags.clone()).tokens(tokens);
    let hello = move || async move {
        let text = format!("hello, {}", live.get().name);
        if flags.bool("loud", &Context::anonymous(), false) { text.to_uppercase() } else { text }
    };
    Ok(Router::new().route("/hello", get(hello)).merge(admin))
}

#[cfg_attr(test, expect(dead_code, reason = "a test serves the application itself"))]
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let token =
        std::env::var("APP_TOKEN").map_err(|_| "set APP_TOKEN=id.secret, with a secret of 16 letters or more")?;
    let listener = TcpListener::bind("127.0.0.1:7000").await?;
    let application = application(&token)?.into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(listener, application).await?)
}
