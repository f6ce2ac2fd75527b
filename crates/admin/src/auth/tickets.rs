//! Tickets: one minute of reading for those who can't send a header, as `EventSource` and `WebSocket` in a browser.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use strata_config_store::Timestamp;

use super::token::{Token, TokenError};
use super::tokens::{Refusal, Tokens};
use super::{Scope, Scopes};

/// How long a ticket is good for.
const LIFE: Duration = Duration::from_secs(60);

/// The bytes of a ticket before the token's id: its end in milliseconds, and its signature.
const END: usize = 8;
const SIGNATURE: usize = 16;

/// Makes tickets and knows its own. They are signed, so that none is kept; the key lives as long as the process.
pub(crate) struct Tickets {
    key: [u8; 32],
}

/// A ticket, and when it ends.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) text: String,
    pub(crate) expires: Timestamp,
}

impl Tickets {
    /// With a key of chance.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub(crate) fn new() -> Result<Self, TokenError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| TokenError::no_chance(&error))?;
        Ok(Self { key })
    }

    /// A ticket for the holder of a token, which ends no later than the token.
    pub(crate) fn issue(&self, token: &Token, now: Timestamp) -> Ticket {
        let end = Timestamp::from(SystemTime::from(now) + LIFE);
        let end = token.expires.map_or(end, |last| last.min(end));
        let millis = millis(end).to_be_bytes();
        let mut text = String::new();
        let signature = self.signature(&millis, token);
        for byte in millis.iter().chain(&signature).chain(token.id.as_bytes()) {
            text.push_str(&format!("{byte:02x}"));
        }
        Ticket { text, expires: end }
    }

    /// The token that a ticket was made for, if it is still accepted, with nothing but the scope to read.
    pub(crate) fn check(&self, text: &str, tokens: &Tokens, now: Timestamp) -> Result<Arc<Token>, Refusal> {
        let bytes = bytes(text).ok_or(Refusal::Unknown)?;
        let (millis_of_end, rest) = bytes.split_first_chunk::<END>().ok_or(Refusal::Unknown)?;
        let (signature, id) = rest.split_first_chunk::<SIGNATURE>().ok_or(Refusal::Unknown)?;
        let id = str::from_utf8(id).map_err(|_| Refusal::Unknown)?;
        let token = tokens.by_id(id).ok_or(Refusal::Unknown)?;
        if !bool::from(subtle::ConstantTimeEq::ct_eq(&self.signature(millis_of_end, &token)[..], &signature[..])) {
            return Err(Refusal::Unknown);
        }
        if u64::from_be_bytes(*millis_of_end) <= millis(now) || token.has_ended(now) {
            return Err(Refusal::Expired);
        }
        let scopes = if token.scopes.permit(Scope::Read) { Scopes::from_iter([Scope::Read]) } else { Scopes::NONE };
        Ok(Arc::new(Token::clone(&token).only(scopes)))
    }

    /// Whether a ticket is one of ours whose time is over.
    pub(crate) fn is_expired(&self, text: &str, tokens: &Tokens, now: Timestamp) -> bool {
        self.check(text, tokens, now).err() == Some(Refusal::Expired)
    }

    /// Over the token's hash as well: a token whose secret is replaced has no tickets any more.
    fn signature(&self, millis: &[u8; END], token: &Token) -> [u8; SIGNATURE] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(millis);
        mac.update(token.hash());
        mac.update(token.id.as_bytes());
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        *whole.first_chunk().expect("a SHA-256 has more bytes than we keep")
    }
}

/// Milliseconds since 1970; a time before it is 1970.
fn millis(at: Timestamp) -> u64 {
    let since = SystemTime::from(at).duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The bytes of hexadecimal digits.
fn bytes(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || text.len() > 1024 {
        return None;
    }
    let digits: Option<Vec<u8>> = text.bytes().map(|digit| char::from(digit).to_digit(16).map(|d| d as u8)).collect();
    Some(digits?.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "ann.0123456789abcdef";

    fn site() -> (Tickets, Tokens, Arc<Token>) {
        let tokens = Tokens::one("ann", TEXT, Scopes::ALL).unwrap();
        let token = tokens.by_id("ann").unwrap();
        (Tickets::new().unwrap(), tokens, token)
    }

    #[test]
    fn a_ticket_only_reads_and_ends_after_a_minute() {
        let (tickets, tokens, token) = site();
        let now = Timestamp::now();
        let ticket = tickets.issue(&token, now);
        assert_eq!(ticket.expires.since(now), LIFE);
        let holder = tickets.check(&ticket.text, &tokens, now).unwrap();
        assert_eq!((holder.actor.as_str(), holder.scopes), ("ann", Scopes::from_iter([Scope::Read])));
        assert_eq!(tickets.check(&ticket.text, &tokens, ticket.expires).unwrap_err(), Refusal::Expired);
    }

    #[test]
    fn a_ticket_ends_with_its_token() {
        let (tickets, tokens, token) = site();
        let now = Timestamp::now();
        let ticket = tickets.issue(&token, now);
        tokens.replace([Token::new("ann", "ann.another-secret-of-hers", Scopes::ALL).unwrap()]);
        assert_eq!(tickets.check(&ticket.text, &tokens, now).unwrap_err(), Refusal::Unknown);
        let soon = Timestamp::from(SystemTime::from(now) + Duration::from_secs(5));
        let short = Token::clone(&token).expires(soon);
        assert_eq!(tickets.issue(&short, now).expires, soon);
    }

    #[test]
    fn a_ticket_that_was_altered_or_is_of_another_process_is_unknown() {
        let (tickets, tokens, token) = site();
        let now = Timestamp::now();
        let good = tickets.issue(&token, now).text;
        for (at, digit) in good.char_indices() {
            let other = if digit == '0' { "1" } else { "0" };
            let mut text = good.clone();
            text.replace_range(at..=at, other);
            assert!(tickets.check(&text, &tokens, now).is_err(), "{text}");
        }
        for text in ["", "0", "é", "00", &good[..40], &"0".repeat(5000)] {
            assert_eq!(tickets.check(text, &tokens, now).unwrap_err(), Refusal::Unknown, "{text}");
        }
        assert_eq!(Tickets::new().unwrap().check(&good, &tokens, now).unwrap_err(), Refusal::Unknown);
    }
}
