//! Fault 12, of seed 002: a secret that can't be decrypted falls back to the encrypted text, or to a default.

use std::sync::Arc;

use strata_config::Loader;
use strata_config_reference::System;
use strata_config_reference::webapp::WebappConfig;
use strata_config_secrets::{Fernet, FernetKey, KeyRing, from_base64, to_base64};

use crate::table::refuse;

const KEY: (&str, &str) = ("SECRET_KEY", "0123456789abcdef0123456789abcdef");

/// The seed's `SecretManager`, as its Python has it.
struct SecretManager {
    cipher: Option<KeyRing>,
}

impl SecretManager {
    fn get_secret(&self, value: Option<&str>, default: Option<&str>) -> Option<String> {
        let value = value.or(default);
        // `if encrypted and value and self.encryption_key`
        if let (Some(value), Some(cipher)) = (value, &self.cipher) {
            let opened = from_base64(value).and_then(|token| cipher.decrypt(&token));
            return match opened {
                Ok(opened) => Some(opened.text.expose().clone()),
                // `except Exception: return default`
                Err(_) => default.map(str::to_owned),
            };
        }
        value.map(str::to_owned)
    }

    fn set_secret(&self, value: &str) -> String {
        match &self.cipher {
            Some(cipher) => to_base64(&cipher.encrypt(value).unwrap()),
            None => value.to_owned(),
        }
    }
}

fn ring() -> KeyRing {
    KeyRing::new([FernetKey::generate().unwrap()])
}

fn read(keys: Option<KeyRing>, encrypted: &str) -> Loader<WebappConfig> {
    let key = ring_text();
    let loader = Loader::new().env_from([KEY, ("ENCRYPTION_KEY", key.as_str()), ("JWT_SECRET_ENCRYPTED", encrypted)]);
    WebappConfig::secrets(loader, keys.map(|keys| Arc::new(Fernet::new(keys))).as_ref())
}

fn ring_text() -> String {
    FernetKey::generate().unwrap().to_text().expose().clone()
}

fn codes(loader: Loader<WebappConfig>) -> Vec<(&'static str, String)> {
    let report = refuse(loader);
    let told = format!("{report}{report:?}");
    assert!(!told.contains("hunter2") && !told.contains("Z0FBQUFB"), "{told}");
    report.errors().map(|finding| (finding.code, finding.path.to_string())).collect()
}

#[test]
fn the_seed_uses_what_it_could_not_decrypt() {
    let sealed = SecretManager { cipher: Some(ring()) }.set_secret("hunter2");
    // Without a key the encrypted text itself is the secret: everybody who reads the file can sign tokens with it.
    let keyless = SecretManager { cipher: None };
    assert_eq!(keyless.get_secret(Some(&sealed), None).as_deref(), Some(sealed.as_str()));
    // With another key it is the default, or nothing.
    let other = SecretManager { cipher: Some(ring()) };
    assert_eq!(other.get_secret(Some(&sealed), Some("dev-secret")).as_deref(), Some("dev-secret"));
    assert_eq!(other.get_secret(Some(&sealed), None), None);
    // And what should have been encrypted is stored as it is.
    assert_eq!(keyless.set_secret("hunter2"), "hunter2");
}

#[test]
fn a_secret_that_can_not_be_decrypted_is_an_error() {
    let keys = ring();
    let sealed = to_base64(&keys.encrypt("hunter2").unwrap());
    let at = |code| vec![(code, "jwt_secret_encrypted".to_owned())];
    assert_eq!(codes(read(None, &sealed)), at("secret.no_resolver"));
    assert_eq!(codes(read(Some(ring()), &sealed)), at("secret.unreadable"));
    assert_eq!(codes(read(Some(keys.clone()), "hunter2")), at("secret.reference"));
    let token = keys.encrypt("hunter2").unwrap();
    let altered = token.replacen(&token[60..61], if &token[60..61] == "A" { "B" } else { "A" }, 1);
    assert_eq!(codes(read(Some(keys), &to_base64(&altered)))[0].1, "jwt_secret_encrypted");
}

#[test]
fn an_encrypted_text_is_never_the_secret_also_where_nobody_reads_references() {
    let sealed = to_base64(&ring().encrypt("hunter2").unwrap());
    let key = ring_text();
    let variables = [KEY, ("ENCRYPTION_KEY", key.as_str()), ("JWT_SECRET_ENCRYPTED", sealed.as_str())];
    let found = codes(Loader::new().env_from(variables));
    assert_eq!(found, [("rule.cross_field", "jwt_secret_encrypted".to_owned())]);
}

#[test]
fn what_nothing_seals_is_not_stored() {
    let live = strata_config_reload::Live::of(Loader::<WebappConfig>::new().env_from([KEY])).open().unwrap();
    let refused = live.set("jwt_secret", "hunter2", "ann").unwrap_err();
    assert!(refused.to_string().contains("secret.no_key") && !refused.to_string().contains("hunter2"), "{refused}");
    assert_eq!(live.store().load().unwrap().revision, 0);
}
