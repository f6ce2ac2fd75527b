//! How a change is to be made: tried or done, for which configuration, under which name.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use strata_config_reload::Actor;

use crate::auth::Caller;
use crate::context::Context;
use crate::guard::Attempt;
use crate::problem::Problem;

/// Headers that name a request, so that a retry does no harm; the first that is there counts.
pub(crate) const NAMES: [&str; 3] = ["idempotency-key", "x-request-id", "request-id"];

/// The longest name of a request.
const LONGEST: usize = 200;

/// How a change is to be made.
#[derive(Debug)]
pub(crate) struct Intent {
    headers: HeaderMap,
    query: Words,
    attempt: Option<Arc<Attempt>>,
}

/// What the query says of it.
#[derive(Debug, Default, Deserialize)]
struct Words {
    #[serde(default)]
    dry_run: bool,
    reason: Option<String>,
    request_id: Option<String>,
    /// Words to find it by, divided by commas.
    tags: Option<String>,
}

impl FromRequestParts<Context> for Intent {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Problem> {
        let query = Query::<Words>::from_request_parts(parts, context).await;
        let Query(query) = query.map_err(|refused| Problem::malformed(refused.body_text()))?;
        let attempt = parts.extensions.get::<Arc<Attempt>>().cloned();
        let intent = Self { headers: parts.headers.clone(), query, attempt };
        if let (Some(attempt), Some(name)) = (&intent.attempt, intent.name()?) {
            let _ = attempt.request.set(name);
        }
        Ok(intent)
    }
}

/// What stands before a request's name in the store.
fn prefix(actor: &str) -> String {
    format!("{actor}/")
}

/// A request's name as its actor gave it, from the one in the store.
pub(crate) fn own_name<'n>(stored: &'n str, actor: &str) -> &'n str {
    stored.strip_prefix(&prefix(actor)).unwrap_or(stored)
}

impl Intent {
    /// Whether the change is only tried.
    pub(crate) fn is_dry(&self) -> bool {
        self.query.dry_run
    }

    /// Whether it says which configuration it is meant for.
    pub(crate) fn is_conditional(&self) -> bool {
        self.headers.contains_key(header::IF_MATCH)
    }

    /// Who makes the change, by what way, on which condition: the name is the token's, never the request's.
    ///
    /// # Errors
    /// The configuration is another one than the change was meant for; or the token wants to be told which it is meant for.
    pub(crate) fn actor<N>(&self, caller: &Caller<N>, context: &Context) -> Result<Actor, Problem> {
        // First the revision: a commit after this line makes either the ETag another one or the revision stale. It is the
        // store's, since where its newest commit can't be used, that is the one to replace.
        let revision = context.app.live.store_revision();
        let current = context.app.current();
        let mut actor = Actor::new(&caller.token.actor).via(self.way());
        let is_retry = match self.name()? {
            Some(name) => {
                // The store knows names alone, so that each actor has its own.
                actor = actor.request(format!("{}{name}", prefix(&caller.token.actor)));
                self.claim(caller, &name, context)?
            }
            None => false,
        };
        match current.etag.matches(&self.headers, header::IF_MATCH, false) {
            Some(true) => actor = actor.if_revision(revision).if_generation(current.version.generation()),
            // What was done is told again, though the configuration is another one since: by it, for one.
            Some(false) if is_retry => actor = actor.if_revision(revision),
            Some(false) => return Err(Problem::stale(&current)),
            None if caller.token.must_match => {
                let detail = "this token's changes must say which configuration they are meant for: `If-Match`";
                return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "unconditional", detail)
                    .header(header::ETAG, current.etag.header()));
            }
            None => {}
        }
        if let Some(reason) = &self.query.reason {
            actor = actor.because(reason);
        }
        let tags = self.query.tags.iter().flat_map(|tags| tags.split(',')).map(str::trim).filter(|tag| !tag.is_empty());
        actor = tags.fold(actor, Actor::tag);
        Ok(if self.query.dry_run { actor.dry_run() } else { actor })
    }

    /// The same, with a reason that the body gives; that of the query counts first.
    pub(crate) fn actor_because<N>(
        &self,
        caller: &Caller<N>,
        context: &Context,
        reason: Option<String>,
    ) -> Result<Actor, Problem> {
        let actor = self.actor(caller, context)?;
        Ok(match reason.filter(|_| self.query.reason.is_none()) {
            Some(reason) => actor.because(reason),
            None => actor,
        })
    }

    /// Whether it has a name, by which a retry is recognised.
    pub(crate) fn is_named(&self) -> bool {
        self.query.request_id.is_some() || NAMES.iter().any(|name| self.headers.contains_key(*name))
    }

    /// Takes the name for this request; whether the same was carried out before. What is only tried takes none.
    fn claim<N>(&self, caller: &Caller<N>, name: &str, context: &Context) -> Result<bool, Problem> {
        let Some(attempt) = self.attempt.as_ref().filter(|_| !self.query.dry_run) else { return Ok(false) };
        let claim = context.app.names.claim(&caller.token.actor, name, attempt)?;
        let is_done = claim.is_done;
        let _ = attempt.claim.set(claim);
        Ok(is_done)
    }

    /// By what way it comes: the console says so itself.
    fn way(&self) -> &'static str {
        match self.headers.get("x-strata-client").map(|client| client.as_bytes()) {
            Some(b"console") => "console",
            _ => "api",
        }
    }

    /// The request's name.
    fn name(&self) -> Result<Option<String>, Problem> {
        let header = NAMES.iter().find_map(|name| self.headers.get(*name));
        let name = match header {
            Some(value) => value.to_str().map_err(|_| Problem::malformed("the request's id is no text"))?.to_owned(),
            None => match &self.query.request_id {
                Some(name) => name.clone(),
                None => return Ok(None),
            },
        };
        if name.is_empty() || name.len() > LONGEST {
            return Err(Problem::malformed(format!("a request's id has from 1 to {LONGEST} characters")));
        }
        Ok(Some(name))
    }
}
