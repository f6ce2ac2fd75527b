//! Who is sent what happens: the addresses of the command line, signed with the secret of the environment.

use clap::{Arg, ArgAction, ArgMatches};
use strata_config_admin::{Admin, Webhook, WebhookSecret};

/// The variable with the secret that messages are signed with.
const SECRET: &str = "STRATA_WEBHOOK_SECRET";

/// The option's name.
const NAME: &str = "webhook";

pub(super) fn arg() -> Arg {
    Arg::new(NAME)
        .long(NAME)
        .value_name("URL")
        .action(ArgAction::Append)
        .help("Sends what happens to this address, signed with the secret of STRATA_WEBHOOK_SECRET")
}

/// The webhooks that the command line asks for.
///
/// # Errors
/// An address can't be used, or there is no secret.
pub(super) fn read(matches: Option<&ArgMatches>) -> Result<Vec<Webhook>, String> {
    let urls = matches.and_then(|matches| matches.get_many::<String>(NAME)).into_iter().flatten();
    let hook = |url: &String| {
        let text = std::env::var(SECRET).map_err(|_| {
            format!(
                "--webhook needs the secret that the receiver knows: set {SECRET}=whsec_ and base64 of 24 to 64 bytes"
            )
        })?;
        let secret = WebhookSecret::new(&text).map_err(|error| format!("{SECRET}: {error}"))?;
        Webhook::new(url, secret).map_err(|error| format!("--webhook: {error}"))
    };
    urls.map(hook).collect()
}

/// The interface with these webhooks.
pub(super) fn added(admin: Admin, webhooks: Vec<Webhook>) -> Admin {
    webhooks.into_iter().fold(admin, Admin::webhook)
}
