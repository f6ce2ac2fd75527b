//! How the web application reads its secrets, and what is wrong with them.

use std::sync::Arc;

use strata_config::{Loader, Report, Resolver};
use strata_config_secrets::{BASE64_SCHEME, Fernet, KeyRing};

use super::WebappConfig;

/// How a token in base64 begins, since a token's first bytes are always the same.
const SEALED: &str = "Z0FBQUFB";

/// Reads references with these keys; what is encrypted is never taken for the secret itself.
pub(super) fn read(loader: Loader<WebappConfig>, keys: Option<&Arc<Fernet>>) -> Loader<WebappConfig> {
    let loader = loader.refers(WebappConfig::JWT_SECRET_ENCRYPTED.as_str(), BASE64_SCHEME);
    match keys {
        Some(keys) => loader.resolver(Arc::clone(keys) as Arc<dyn Resolver>),
        None => loader,
    }
}

/// What contradicts itself among the secrets.
pub(super) fn check(config: &WebappConfig, report: &mut Report) {
    let sealed = config.jwt_secret_encrypted.as_ref();
    let wrong = match &config.encryption_key {
        None if sealed.is_some() => Some("an encrypted secret needs the key that decrypts it"),
        _ if sealed.is_some_and(|secret| secret.expose().starts_with(SEALED)) => {
            Some("an encrypted secret was not decrypted, and is never used as it stands")
        }
        _ => None,
    };
    if let Some(wrong) = wrong {
        report.error([WebappConfig::JWT_SECRET_ENCRYPTED, WebappConfig::ENCRYPTION_KEY], wrong);
    }
    let is_key = |key: &strata_config::Secret<String>| KeyRing::parse(key.expose()).is_ok();
    if config.encryption_key.as_ref().is_some_and(|key| !is_key(key)) {
        // What needs it is refused where it is read; without such a secret nothing is wrong yet.
        report.warn(
            [WebappConfig::ENCRYPTION_KEY],
            "a Fernet key has 32 bytes in URL-safe base64; `strata secret keygen` makes one",
        );
    }
}
