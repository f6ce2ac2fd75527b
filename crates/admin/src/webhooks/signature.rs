//! Signatures as Standard Webhooks have them: made for receivers, and checked by them.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::error::WebhookError;

/// The header with the message's name, the same at every try.
pub(super) const ID: &str = "webhook-id";

/// The header with the time of the try, in seconds of Unix.
pub(super) const TIMESTAMP: &str = "webhook-timestamp";

/// The header with the signatures, parted by spaces.
pub(super) const SIGNATURE: &str = "webhook-signature";

/// A secret that sender and receiver share.
#[derive(Clone)]
pub struct WebhookSecret(Vec<u8>);

impl WebhookSecret {
    /// Reads a secret: `whsec_` and base64 of 24 to 64 bytes. `echo whsec_$(head -c 32 /dev/urandom | base64)` makes one.
    ///
    /// # Errors
    /// It is none, or has fewer than 24 or more than 64 bytes.
    pub fn new(text: &str) -> Result<Self, WebhookError> {
        let bytes = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).map_err(|_| WebhookError::Secret)?;
        if (24..=64).contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(WebhookError::Secret) }
    }

    fn mac(&self, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        mac
    }

    /// A message's signature, with its version.
    pub(super) fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        format!("v1,{}", STANDARD.encode(self.mac(id, timestamp, body).finalize().into_bytes()))
    }

    /// Checks a message that has come: the body as it came, byte for byte, and its headers `webhook-id`,
    /// `webhook-timestamp` and `webhook-signature`. It takes the same time however much of a signature is right. The
    /// message's time may be as far from now as `tolerance` says; five minutes is usual. A receiver that keeps the ids
    /// of so long, and drops what comes twice, is safe from repetition too.
    ///
    /// ```
    /// # use std::time::{Duration, SystemTime};
    /// # use axum::http::{HeaderMap, StatusCode};
    /// # use strata_config_admin::WebhookSecret;
    /// fn receive(secret: &WebhookSecret, headers: &HeaderMap, body: &[u8]) -> StatusCode {
    ///     match secret.verify(headers, body, SystemTime::now(), Duration::from_secs(300)) {
    ///         Ok(()) => StatusCode::NO_CONTENT,
    ///         Err(_) => StatusCode::UNAUTHORIZED,
    ///     }
    /// }
    /// # let secret = WebhookSecret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    /// # assert_eq!(receive(&secret, &HeaderMap::new(), b"{}"), 401);
    /// ```
    ///
    /// # Errors
    /// A header is not there, the time is too far from now, or no signature fits.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
        tolerance: Duration,
    ) -> Result<(), WebhookError> {
        let text = |name: &'static str| {
            headers.get(name).and_then(|value| value.to_str().ok()).ok_or(WebhookError::Header(name))
        };
        let (id, timestamp, signatures) = (text(ID)?, text(TIMESTAMP)?, text(SIGNATURE)?);
        let seconds: u64 = timestamp.parse().map_err(|_| WebhookError::Time)?;
        let said = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).ok_or(WebhookError::Time)?;
        let distance = now.duration_since(said).unwrap_or_else(|ahead| ahead.duration());
        if distance > tolerance {
            return Err(WebhookError::Time);
        }
        // While a secret is replaced, a sender signs with both.
        let fits = signatures.split(' ').filter_map(|signature| signature.strip_prefix("v1,")).any(|signature| {
            STANDARD.decode(signature).is_ok_and(|bytes| self.mac(id, timestamp, body).verify_slice(&bytes).is_ok())
        });
        if fits { Ok(()) } else { Err(WebhookError::Signature) }
    }
}

/// The secret is not shown.
impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the Standard Webhooks libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const NAME: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: u64 = 1_614_265_330;
    const BODY: &[u8] = b"{\"test\": 2432232314}";
    const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn verify(id: &str, timestamp: &str, signatures: &str, body: &[u8], now: u64) -> Result<(), WebhookError> {
        let mut headers = HeaderMap::new();
        for (name, value) in [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signatures)] {
            headers.insert(name, value.parse().unwrap());
        }
        let now = UNIX_EPOCH + Duration::from_secs(now);
        WebhookSecret::new(SECRET).unwrap().verify(&headers, body, now, Duration::from_secs(300))
    }

    #[test]
    fn a_signature_is_that_of_the_standard() {
        let secret = WebhookSecret::new(SECRET).unwrap();
        let at = AT.to_string();
        assert_eq!(secret.sign(NAME, &at, BODY), SIGNED);
        let among_others = format!("v1,AAAA v2,x {SIGNED}");
        assert_eq!(verify(NAME, &at, &among_others, BODY, AT + 300), Ok(()));
        assert_eq!(verify(NAME, &at, SIGNED, BODY, AT - 300), Ok(()));
    }

    #[test]
    fn another_body_id_or_time_is_refused() {
        let at = AT.to_string();
        assert_eq!(verify(NAME, &at, SIGNED, b"{}", AT), Err(WebhookError::Signature));
        assert_eq!(verify("msg", &at, SIGNED, BODY, AT), Err(WebhookError::Signature));
        assert_eq!(verify(NAME, &(AT + 1).to_string(), SIGNED, BODY, AT), Err(WebhookError::Signature));
        assert_eq!(verify(NAME, &at, "v1,", BODY, AT), Err(WebhookError::Signature));
        assert_eq!(verify(NAME, &at, SIGNED, BODY, AT + 301), Err(WebhookError::Time));
        assert_eq!(verify(NAME, &at, SIGNED, BODY, AT - 301), Err(WebhookError::Time));
        assert_eq!(verify(NAME, &u64::MAX.to_string(), SIGNED, BODY, AT), Err(WebhookError::Time));
        assert_eq!(verify(NAME, "x", SIGNED, BODY, AT), Err(WebhookError::Time));
        let (secret, none) = (WebhookSecret::new(SECRET).unwrap(), HeaderMap::new());
        let missing = secret.verify(&none, BODY, SystemTime::now(), Duration::MAX);
        assert_eq!(missing, Err(WebhookError::Header("webhook-id")));
    }

    #[test]
    fn another_secret_is_refused_and_what_is_short_is_none() {
        let other = WebhookSecret::new("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert_ne!(other.sign(NAME, &AT.to_string(), BODY), SIGNED);
        for wrong in ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all, but long enough"] {
            assert_eq!(WebhookSecret::new(wrong).unwrap_err(), WebhookError::Secret, "{wrong}");
        }
        assert!(!format!("{other:?}").contains("AAAA"));
    }
}
