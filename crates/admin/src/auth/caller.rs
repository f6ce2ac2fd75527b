//! Who makes a request: extracted first, so that nobody without a token is told what else is wrong.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use strata_config_store::Timestamp;

use super::tokens::Refusal;
use super::{Scope, Token};
use crate::context::Context;
use crate::guard::Attempt;
use crate::problem::Problem;

/// What a handler needs of its caller; any one of these scopes is enough.
pub(crate) trait Needs: Send + Sync + 'static {
    const ANY_OF: &'static [Scope];
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident: $($scope:ident),+;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name;

        impl Needs for $name {
            const ANY_OF: &'static [Scope] = &[$(Scope::$scope),+];
        }
    )+};
}

needs! {
    /// To read.
    Read: Read;
    /// To change values.
    Write: Write;
    /// To change flags, by their own routes.
    ChangeFlags: Flags, Write;
    /// To go back.
    Rollback: Rollback;
    /// Everything else.
    Administer: Admin;
}

/// Somebody whose token permits what the handler needs.
#[derive(Debug)]
pub(crate) struct Caller<N> {
    pub(crate) token: Arc<Token>,
    needs: PhantomData<N>,
}

impl<N: Needs> FromRequestParts<Context> for Caller<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Problem> {
        let attempt = parts.extensions.get::<Arc<Attempt>>();
        let only_reads = matches!(N::ANY_OF, [Scope::Read]) || matches!(parts.method, Method::GET | Method::HEAD);
        if let Some(attempt) = attempt {
            let _ = attempt.changes.set(!only_reads);
        }
        let token = authenticate(parts, context)?;
        crate::observe::is_by(&token.actor);
        if let Some(attempt) = attempt {
            let _ = attempt.token.set(Arc::clone(&token));
        }
        let limits = &context.app.security.limits;
        token.count(!only_reads, limits).map_err(|wait| too_many("this token is used too often", wait))?;
        if !N::ANY_OF.iter().any(|scope| token.scopes.permit(*scope)) {
            return Err(forbidden(N::ANY_OF));
        }
        Ok(Self { token, needs: PhantomData })
    }
}

fn authenticate(parts: &Parts, context: &Context) -> Result<Arc<Token>, Problem> {
    let header = parts.headers.get(header::AUTHORIZATION);
    let header = header.ok_or_else(|| unauthorized("a token is needed: `Authorization: Bearer id.secret`"))?;
    let text = header
        .to_str()
        .ok()
        .and_then(bearer)
        .ok_or_else(|| unauthorized("the header `Authorization` is no `Bearer id.secret`"))?;
    let found = context.app.tokens.find(text, Timestamp::now());
    found.map_err(|refusal| refused(refusal, "token", parts, context))
}

/// Why a token or a ticket does not help; who tries too many is told to wait.
pub(super) fn refused(refusal: Refusal, what: &str, parts: &Parts, context: &Context) -> Problem {
    let address = parts.extensions.get::<Arc<Attempt>>().and_then(|attempt| attempt.address);
    if let Err(wait) = context.app.failures.count(address) {
        return too_many(&format!("too many {what}s were not accepted"), wait);
    }
    match refusal {
        Refusal::Unknown => unauthorized(&format!("the {what} is not accepted")),
        Refusal::Expired => unauthorized(&format!("the {what} has expired")),
    }
}

/// The token of a header; the scheme's name is of any case (RFC 9110, section 11.1).
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn too_many(detail: &str, wait: Duration) -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail).retry_after(wait)
}

fn unauthorized(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
        .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"strata\""))
}

fn forbidden(any_of: &[Scope]) -> Problem {
    let names: Vec<&str> = any_of.iter().map(|scope| scope.as_str()).collect();
    let detail = format!("the token does not permit this; it needs the scope {}", names.join(" or "));
    Problem::new(StatusCode::FORBIDDEN, "forbidden", detail).with("scopes", names)
}
