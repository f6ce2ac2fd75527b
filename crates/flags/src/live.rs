//! Flags that follow a running configuration: a change of it that breaks them is refused, and every other one changes
//! both together.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use strata_config_core::{FieldPath, LayerKind, LayeredConfig, leaves_of};
use strata_config_reload::{Actor, Candidate, Live, UpdateError};

use crate::collect::{Collected, Configured};
use crate::flags::{Flags, Settings, WeakFlags};
use crate::guards::{NotStored, TripSink};
use crate::model::{Moment, Trip};
use crate::places::Places;
use crate::set::FlagSet;

/// What is derived from a configuration.
struct Followed {
    set: Arc<FlagSet>,
    places: Arc<Places>,
    revision: u64,
}

impl Flags {
    /// The flags of a running configuration: every leaf that is one, as [`Collected::of`] finds them. They change with
    /// it, in the moment when it does: who has seen an update acknowledged sees its flags. An update, a file or another
    /// process's commit whose flags are wrong is refused like any other mistake.
    ///
    /// Where the configuration has a setting of type `BTreeMap<String, Trip>` (as
    /// [`FlagSettings`](crate::FlagSettings) has), guards that trip or close commit that, with themselves as the actor;
    /// elsewhere trips are this process's alone.
    ///
    /// # Errors
    /// Everything that is wrong with the flags in effect.
    pub fn follow<C: LayeredConfig>(live: &Live<C>) -> Result<Self, UpdateError> {
        Self::follow_with(live, |configured, before| Collected::of(configured.config, before))
    }

    /// As [`follow`](Self::follow), for flags that a function makes of the configuration. What it finds unchanged it may
    /// take from the set before.
    ///
    /// # Errors
    /// Everything that is wrong with the flags in effect.
    pub fn follow_with<C: LayeredConfig>(
        live: &Live<C>,
        collect: impl Fn(&Configured<'_, C>, Option<&FlagSet>) -> Collected + Send + Sync + 'static,
    ) -> Result<Self, UpdateError> {
        Self::follow_by(live, Settings::default(), collect)
    }

    /// As [`follow_with`](Self::follow_with), with settings of one's own: a clock that tests move.
    ///
    /// # Errors
    /// Everything that is wrong with the flags in effect.
    pub fn follow_by<C: LayeredConfig>(
        live: &Live<C>,
        settings: Settings,
        collect: impl Fn(&Configured<'_, C>, Option<&FlagSet>) -> Collected + Send + Sync + 'static,
    ) -> Result<Self, UpdateError> {
        let flags = Self::with(FlagSet::default(), settings);
        let build = move |candidate: &Candidate<'_, C, Followed>| {
            let before = candidate.previous().map(|followed| &*followed.set);
            let is_set = |path: &FieldPath| {
                let explained = candidate.explain(std::slice::from_ref(path));
                let origin = explained.first().and_then(|value| value.origin.as_ref());
                origin.is_some_and(|origin| origin.layer != LayerKind::Default)
            };
            let config = &**candidate.config();
            let collected = collect(&Configured::new(config, &is_set), before);
            let set = Arc::new(collected.compile(before)?);
            let places = Arc::new(Places::of(config, collected).at(candidate.revision()));
            Ok(Followed { set, places, revision: candidate.revision() })
        };
        // Whoever drops the last handle ends all this, so what is registered must not hold one.
        let handle = flags.downgrade();
        let derived = live.derive_into(build, move |followed| {
            if let Some(flags) = handle.upgrade() {
                flags.stand(Arc::clone(&followed.places));
                flags.replace(Arc::clone(&followed.set), followed.revision);
            }
        })?;
        if let Some(trips) = trips_path(live) {
            flags.store_trips(Arc::new(StoredTrips { live: live.clone(), trips }));
        }
        flags.keep(derived);
        tick(flags.downgrade());
        Ok(flags)
    }
}

/// How often guards are asked what time alone brings.
const TICK: Duration = Duration::from_secs(1);

/// Asks the guards now and then, for as long as somebody asks for flags.
fn tick(handle: WeakFlags) {
    let ask = move || {
        while let Some(flags) = handle.upgrade() {
            flags.tick();
            drop(flags);
            std::thread::sleep(TICK);
        }
    };
    // A system without a thread left serves flags all the same: guards then hear of time with the next report.
    let _ = std::thread::Builder::new().name("strata-flags".to_owned()).spawn(ask);
}

/// The setting that holds trips, where there is one.
fn trips_path<C: LayeredConfig>(live: &Live<C>) -> Option<FieldPath> {
    let mut found = None;
    leaves_of::<BTreeMap<String, Trip>>(&*live.get(), &mut |leaf| found = Some(leaf.path().clone()));
    found
}

/// Commits what guards do to the configuration that their flags are of.
struct StoredTrips<C: LayeredConfig> {
    live: Live<C>,
    trips: FieldPath,
}

impl<C: LayeredConfig> StoredTrips<C> {
    fn path(&self, key: &str) -> String {
        self.trips.child(key).to_string()
    }

    fn actor(key: &str, because: &str) -> Actor {
        Actor::new(format!("guard {key}")).via("guard").because(because)
    }
}

impl<C: LayeredConfig> TripSink for StoredTrips<C> {
    fn trip(&self, key: &str, trip: &Trip) -> Result<(), NotStored> {
        let because = if trip.because.is_empty() { "the guard has tripped" } else { &trip.because };
        // Another process may have seen the same a moment before.
        let known = self.live.get();
        let is_stored = stored(&*known, key).is_some_and(|stored| stored.at >= trip.at);
        drop(known);
        if is_stored {
            return Ok(());
        }
        self.live.set(&self.path(key), trip, Self::actor(key, because)).map(drop).map_err(not_stored)
    }

    fn close(&self, key: &str, tripped_at: Moment) -> Result<(), NotStored> {
        let is_later = stored(&*self.live.get(), key).is_none_or(|stored| stored.at > tripped_at);
        if is_later {
            return Ok(());
        }
        self.live.unset(&self.path(key), Self::actor(key, "the guard has closed")).map(drop).map_err(not_stored)
    }
}

fn stored<C: LayeredConfig>(config: &C, key: &str) -> Option<Trip> {
    let mut found = None;
    leaves_of::<BTreeMap<String, Trip>>(config, &mut |leaf| {
        found = found.take().or_else(|| leaf.value().get(key).cloned());
    });
    found
}

fn not_stored(error: UpdateError) -> NotStored {
    // What the configuration itself refuses it will refuse again; a store that was away may be back.
    NotStored { retry: error.report().is_none(), message: error.to_string() }
}
