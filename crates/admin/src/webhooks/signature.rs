//! Signatures as Standard Webhooks have them: made for receivers, and checked by them.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How far a time may be from the receiver's.
const TOLERANCE: Duration = Duration::from_secs(300);

/// A secret that sender and receiver share.
#[derive(Clone)]
pub struct WebhookSecret(Vec<u8>);

/// Why something is no secret, or a message is not from who knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookError {
    /// A secret is `whsec_` and base64 of 24 to 64 bytes.
    Secret,
    /// The time is none, or more than five minutes from now.
    Time,
    /// No signature is that of the message.
    Signature,
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret => "a webhook's secret is `whsec_` and base64 of 24 to 64 bytes",
            Self::Time => "the webhook's time is none, or too far from now",
            Self::Signature => "no signature is that of the message",
        })
    }
}

impl std::error::Error for WebhookError {}

impl WebhookSecret {
    /// Reads a secret: `whsec_` and base64.
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

    /// The header `webhook-signature` of a message.
    pub(crate) fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        format!("v1,{}", STANDARD.encode(self.mac(id, timestamp, body).finalize().into_bytes()))
    }

    /// Checks a message by its headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, in a time that does
    /// not tell how much of a signature is right. A receiver that keeps the ids of the last five minutes, and drops what
    /// comes twice, is safe from repetition too.
    ///
    /// # Errors
    /// The time is too far from now, or no signature fits.
    pub fn verify(
        &self,
        id: &str,
        timestamp: &str,
        signatures: &str,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(), WebhookError> {
        let seconds: u64 = timestamp.parse().map_err(|_| WebhookError::Time)?;
        let said = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).ok_or(WebhookError::Time)?;
        let distance = now.duration_since(said).unwrap_or_else(|ahead| ahead.duration());
        if distance > TOLERANCE {
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
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: u64 = 1_614_265_330;
    const BODY: &[u8] = b"{\"test\": 2432232314}";
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_signature_is_that_of_the_standard() {
        let secret = WebhookSecret::new(SECRET).unwrap();
        assert_eq!(secret.sign(ID, &AT.to_string(), BODY), SIGNATURE);
        let among_others = format!("v1,AAAA v2,x {SIGNATURE}");
        assert_eq!(secret.verify(ID, &AT.to_string(), &among_others, BODY, at(AT + 300)), Ok(()));
    }

    #[test]
    fn another_body_id_time_or_secret_is_refused() {
        let secret = WebhookSecret::new(SECRET).unwrap();
        let verify = |id, time: u64, body| secret.verify(id, &time.to_string(), SIGNATURE, body, at(AT));
        assert_eq!(verify(ID, AT, b"{}"), Err(WebhookError::Signature));
        assert_eq!(verify("msg", AT, BODY), Err(WebhookError::Signature));
        assert_eq!(verify(ID, AT + 1, BODY), Err(WebhookError::Signature));
        assert_eq!(verify(ID, AT - 301, BODY), Err(WebhookError::Time));
        assert_eq!(secret.verify(ID, "x", SIGNATURE, BODY, at(AT)), Err(WebhookError::Time));
        assert_eq!(WebhookSecret::new("whsec_c2hvcnQ=").unwrap_err(), WebhookError::Secret);
    }
}
