//! What becomes known of a request on its way, for those who stand before the handler and see it again after.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use axum::extract::{ConnectInfo, Request};
use axum::http::Method;
use sha2::{Digest, Sha256};
use strata_config_store::Timestamp;

use super::Security;
use crate::auth::Token;
use crate::request::Claim;

/// A request under way. It lies in the request's extensions.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) at: Timestamp,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// What tells two requests of one path apart, but for their body and the request's own name.
    query: String,
    /// Whose connection it is, as far as that is known.
    pub(crate) address: Option<IpAddr>,
    /// Who asks, once it is known.
    pub(crate) token: OnceLock<Arc<Token>>,
    /// Whether its route changes something, once a handler has said it.
    pub(crate) changes: OnceLock<bool>,
    /// The request's own name, once it was read.
    pub(crate) request: OnceLock<String>,
    pub(crate) claim: OnceLock<Claim>,
    body: Mutex<Sha256>,
    late: AtomicBool,
}

/// The revision that an answer speaks of; it lies in the response's extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Revision(pub(crate) u64);

impl Attempt {
    pub(super) fn of(request: &Request, security: &Security) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let query =
            request.uri().query().unwrap_or_default().split('&').filter(|part| !part.starts_with("request_id="));
        Self {
            at: Timestamp::now(),
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: query.collect::<Vec<_>>().join("&"),
            address: peer.map(|peer| security.client(peer, request.headers())),
            token: OnceLock::new(),
            changes: OnceLock::new(),
            request: OnceLock::new(),
            claim: OnceLock::new(),
            body: Mutex::default(),
            late: AtomicBool::new(false),
        }
    }

    /// Whether it was, or would have been, a change. Where no handler has said so, the method tells.
    pub(crate) fn is_change(&self) -> bool {
        let unsafe_method = !matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS);
        unsafe_method && self.changes.get().copied().unwrap_or(true)
    }

    /// Some bytes of the body have come.
    pub(super) fn saw(&self, bytes: &[u8]) {
        self.body.lock().unwrap_or_else(|held| held.into_inner()).update(bytes);
    }

    /// The body did not come in time.
    pub(super) fn is_late(&self) {
        self.late.store(true, Ordering::Relaxed);
    }

    pub(super) fn was_late(&self) -> bool {
        self.late.load(Ordering::Relaxed)
    }

    /// What the request asks for: its method, path, query and as much of the body as was read.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        let body = self.body.lock().unwrap_or_else(|held| held.into_inner()).clone().finalize();
        let mut whole = Sha256::new();
        for part in [self.method.as_str().as_bytes(), self.path.as_bytes(), self.query.as_bytes(), &body[..]] {
            whole.update((part.len() as u64).to_be_bytes());
            whole.update(part);
        }
        whole.finalize().into()
    }
}
