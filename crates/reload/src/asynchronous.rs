//! Changes for asynchronous programs: the same calls, awaited.

use std::fmt;

use serde::Serialize;
use strata_config_core::{LayeredConfig, Value};
use strata_config_store::{Entry, HistoryQuery, Snapshot, StoreError};

use crate::actor::Actor;
use crate::commit::{Applied, Batch};
use crate::error::UpdateError;
use crate::live::Live;
use crate::past::Point;

/// A live configuration whose changes are awaited: from [`Live::asynchronous`]. Each method is that of [`Live`] with the
/// same name.
///
/// The work is done on threads of the crate `blocking`, so any runtime will do. A future that is dropped before it is
/// ready has begun nothing, or its change is carried out all the same: one with a [request's name](Actor::request) may be
/// tried again without harm.
pub struct AsyncLive<C>(Live<C>);

impl<C: LayeredConfig> Live<C> {
    /// The same configuration for asynchronous programs. Reads never wait, so they stay what they are.
    ///
    /// ```
    /// # use strata_config::LayeredConfig;
    /// # use strata_config_reload::Live;
    /// # #[derive(LayeredConfig)]
    /// # struct AppConfig {
    /// #     #[config(default = 8)]
    /// #     parallel: u32,
    /// # }
    /// # async fn change() -> Result<(), Box<dyn std::error::Error>> {
    /// let live = Live::of(AppConfig::loader()).open()?;
    /// live.asynchronous().set("parallel", 16, "ann").await?;
    /// assert_eq!(live.get().parallel, 16);
    /// # Ok(())
    /// # }
    /// # futures_lite::future::block_on(change()).unwrap();
    /// ```
    #[must_use]
    pub fn asynchronous(&self) -> AsyncLive<C> {
        AsyncLive(self.clone())
    }
}

impl<C: LayeredConfig> AsyncLive<C> {
    /// Merges a patch.
    ///
    /// # Errors
    /// As [`Live::update`]'s.
    pub async fn update<P: Serialize + ?Sized>(
        &self,
        patch: &P,
        actor: impl Into<Actor>,
    ) -> Result<Applied, UpdateError> {
        let (patch, actor) = (Value::from_serialize(patch), actor.into());
        self.run(move |live| live.update(&patch, actor)).await
    }

    /// Makes the changes of a batch, all or none.
    ///
    /// # Errors
    /// As [`Live::update`]'s.
    pub async fn apply(&self, batch: Batch, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        let actor = actor.into();
        self.run(move |live| live.apply(&batch, actor)).await
    }

    /// Sets one value.
    ///
    /// # Errors
    /// As [`Live::update`]'s.
    pub async fn set(
        &self,
        path: &str,
        value: impl Serialize,
        actor: impl Into<Actor>,
    ) -> Result<Applied, UpdateError> {
        self.apply(Batch::new().set(path, value), actor).await
    }

    /// Removes what was set at run time at a path, and below it.
    ///
    /// # Errors
    /// As [`Live::update`]'s.
    pub async fn unset(&self, path: &str, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        self.apply(Batch::new().unset(path), actor).await
    }

    /// Removes everything that was set at run time.
    ///
    /// # Errors
    /// As [`Live::update`]'s.
    pub async fn reset(&self, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        let actor = actor.into();
        self.run(move |live| live.reset(actor)).await
    }

    /// Goes back to a point of the past.
    ///
    /// # Errors
    /// As [`Live::rollback`]'s.
    pub async fn rollback(&self, to: Point, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        let actor = actor.into();
        self.run(move |live| live.rollback(&to, actor)).await
    }

    /// Keeps what the store holds now.
    ///
    /// # Errors
    /// Where the store can't be written.
    pub async fn snapshot(
        &self,
        description: impl Into<String>,
        tags: Vec<String>,
        actor: impl Into<Actor>,
    ) -> Result<Snapshot, StoreError> {
        let (description, actor) = (description.into(), actor.into());
        self.run(move |live| live.snapshot(description, tags, actor)).await
    }

    /// Entries of the history.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub async fn history(&self, query: HistoryQuery) -> Result<Vec<Entry>, StoreError> {
        self.run(move |live| live.history(&query)).await
    }

    /// Reads everything again; whether anything differs.
    ///
    /// # Errors
    /// As [`Live::reload_all`]'s.
    pub async fn reload_all(&self) -> Result<bool, UpdateError> {
        self.run(|live| live.reload_all()).await
    }

    /// Calls what may wait, where waiting harms nobody.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&Live<C>) -> T + Send + 'static) -> T {
        let live = self.0.clone();
        blocking::unblock(move || work(&live)).await
    }
}

impl<C> Clone for AsyncLive<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C> fmt::Debug for AsyncLive<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AsyncLive").field(&self.0).finish()
    }
}
