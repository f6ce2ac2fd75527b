//! Names of requests that have been used: the same name for something else is a mistake, not a retry.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use axum::http::StatusCode;

use crate::guard::Attempt;
use crate::problem::Problem;

/// The most names that are remembered of one actor; the oldest are forgotten first.
const MOST: usize = 1000;

/// The most actors; beyond that the one who came first is forgotten.
const ACTORS: usize = 1000;

/// What was asked for under each name, for as long as the process lives. The store remembers the names themselves for
/// as long as its history, and answers them; this knows what they were for.
#[derive(Debug, Default)]
pub(crate) struct RequestNames(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    actors: HashMap<String, Names>,
    order: VecDeque<String>,
}

#[derive(Debug, Default)]
struct Names {
    known: HashMap<String, Known>,
    order: VecDeque<String>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    fingerprint: [u8; 32],
    is_done: bool,
}

/// A name that a request has for itself now.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    actor: String,
    name: String,
    is_new: bool,
    /// The same request was carried out before: the store will answer with what became of it.
    pub(crate) is_done: bool,
}

impl RequestNames {
    /// Claims a name for a request.
    ///
    /// # Errors
    /// It is the name of another one.
    pub(crate) fn claim(&self, actor: &str, name: &str, attempt: &Attempt) -> Result<Claim, Problem> {
        self.claim_for(actor, name, attempt.fingerprint()).ok_or_else(|| {
            let detail = format!("`{name}` is the id of another request; give every change an id of its own");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "request-reused", detail)
        })
    }

    fn claim_for(&self, actor: &str, name: &str, fingerprint: [u8; 32]) -> Option<Claim> {
        let mut memory = self.0.lock().unwrap_or_else(|held| held.into_inner());
        let names = memory.of(actor);
        let claim = Claim { actor: actor.to_owned(), name: name.to_owned(), is_new: false, is_done: false };
        if let Some(known) = names.known.get(name) {
            return (known.fingerprint == fingerprint).then_some(Claim { is_done: known.is_done, ..claim });
        }
        if names.order.len() >= MOST
            && let Some(oldest) = names.order.pop_front()
        {
            names.known.remove(&oldest);
        }
        names.order.push_back(name.to_owned());
        names.known.insert(name.to_owned(), Known { fingerprint, is_done: false });
        Some(Claim { is_new: true, ..claim })
    }

    /// The request was answered: one that was refused leaves its name for a better one.
    pub(crate) fn settle(&self, attempt: &Attempt, status: StatusCode) {
        if let Some(claim) = attempt.claim.get() {
            self.settle_claim(claim, status);
        }
    }

    fn settle_claim(&self, claim: &Claim, status: StatusCode) {
        let mut memory = self.0.lock().unwrap_or_else(|held| held.into_inner());
        let names = memory.of(&claim.actor);
        if status.is_success() {
            if let Some(known) = names.known.get_mut(&claim.name) {
                known.is_done = true;
            }
        } else if claim.is_new && status.is_client_error() {
            names.known.remove(&claim.name);
            names.order.retain(|name| *name != claim.name);
        }
    }
}

impl Memory {
    fn of(&mut self, actor: &str) -> &mut Names {
        if !self.actors.contains_key(actor) {
            if self.order.len() >= ACTORS
                && let Some(oldest) = self.order.pop_front()
            {
                self.actors.remove(&oldest);
            }
            self.order.push_back(actor.to_owned());
        }
        self.actors.entry(actor.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_is_told_from_another_request() {
        let requests = RequestNames::default();
        let first = requests.claim_for("ann", "a", [1; 32]).unwrap();
        assert!(first.is_new && !first.is_done);
        assert!(requests.claim_for("ann", "a", [2; 32]).is_none());
        assert!(requests.claim_for("bob", "a", [2; 32]).is_some(), "names are each actor's own");
        requests.settle_claim(&first, StatusCode::OK);
        let again = requests.claim_for("ann", "a", [1; 32]).unwrap();
        assert!(!again.is_new && again.is_done);
    }

    #[test]
    fn a_refused_request_leaves_its_name_and_an_uncertain_one_keeps_it() {
        let requests = RequestNames::default();
        let refused = requests.claim_for("ann", "a", [1; 32]).unwrap();
        requests.settle_claim(&refused, StatusCode::UNPROCESSABLE_ENTITY);
        let other = requests.claim_for("ann", "a", [2; 32]).unwrap();
        requests.settle_claim(&other, StatusCode::SERVICE_UNAVAILABLE);
        assert!(requests.claim_for("ann", "a", [1; 32]).is_none());
        let again = requests.claim_for("ann", "a", [2; 32]).unwrap();
        requests.settle_claim(&again, StatusCode::PRECONDITION_FAILED);
        assert!(requests.claim_for("ann", "a", [1; 32]).is_none(), "a refused retry frees nothing");
    }

    #[test]
    fn memory_is_bounded() {
        let requests = RequestNames::default();
        for number in 0..=MOST {
            requests.claim_for("ann", &number.to_string(), [1; 32]).unwrap();
        }
        assert!(requests.claim_for("ann", "0", [2; 32]).is_some(), "the oldest is forgotten");
        assert!(requests.claim_for("ann", "2", [2; 32]).is_none());
        for number in 0..ACTORS {
            requests.claim_for(&format!("actor {number}"), "a", [1; 32]).unwrap();
        }
        let memory = requests.0.lock().unwrap();
        assert!(memory.actors.len() <= ACTORS && memory.order.len() <= ACTORS);
    }
}
