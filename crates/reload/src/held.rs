//! The writer's lock, and who holds it: foreign code that comes back gets an error, and never waits for itself.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

use strata_config_core::LayeredConfig;

use crate::error::UpdateError;
use crate::live::{Live, Shared};
use crate::status::Standing;
use crate::sync::{Arc, MutexGuard, locked};
use crate::writer::Writer;

thread_local! {
    /// The configurations that this thread is changing.
    static HELD: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// The writer, for one change. When it is given back, [`status`](Live::status) knows what became of it.
pub(crate) struct Held<'a, C: LayeredConfig> {
    shared: &'a Shared<C>,
    writer: MutexGuard<'a, Writer<C>>,
}

impl<C: LayeredConfig> Live<C> {
    /// The writer; an error where this thread has it already, as a veto, a rule or a destructor that is called while a
    /// change is made.
    pub(crate) fn enter(&self) -> Result<Held<'_, C>, UpdateError> {
        let shared = &*self.shared;
        if HELD.with_borrow(|held| held.contains(&id(shared))) {
            return Err(UpdateError::reentrant());
        }
        let writer = locked(&shared.writer);
        HELD.with_borrow_mut(|held| held.push(id(shared)));
        Ok(Held { shared, writer })
    }
}

fn id<C>(shared: &Shared<C>) -> usize {
    std::ptr::from_ref(shared).addr()
}

impl<C: LayeredConfig> Deref for Held<'_, C> {
    type Target = Writer<C>;

    fn deref(&self) -> &Writer<C> {
        &self.writer
    }
}

impl<C: LayeredConfig> DerefMut for Held<'_, C> {
    fn deref_mut(&mut self) -> &mut Writer<C> {
        &mut self.writer
    }
}

impl<C: LayeredConfig> Drop for Held<'_, C> {
    fn drop(&mut self) {
        let generation = self.shared.version.load().generation;
        self.shared.standing.store(Arc::new(Standing::of(&self.writer, generation)));
        let own = id(self.shared);
        HELD.with_borrow_mut(|held| held.retain(|held| *held != own));
    }
}
