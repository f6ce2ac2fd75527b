//! The flags of a configuration, and what is known of their origins.

use serde::Serialize;
use strata_config_core::{Explained, FieldPath, LayerKind, LayeredConfig, Report};
use strata_config_flags::{Configured, FlagSet};
use strata_config_reload::{Candidate, Derived, Guard, Live};

use super::Collect;
use crate::context::Context;
use crate::explain::place;
use crate::output::Output;

/// The flags of a configuration.
pub(super) struct View {
    pub(super) places: strata_config_flags::Places,
    pub(super) set: FlagSet,
}

/// A running configuration and its flags.
pub(super) struct Following<C: LayeredConfig> {
    pub(super) live: Live<C>,
    pub(super) flags: Derived<View>,
}

/// Where a flag was set.
#[derive(Debug, Serialize)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) layer: &'static str,
    pub(super) at: String,
    /// The same for people.
    #[serde(skip)]
    pub(super) words: String,
}

impl<C: LayeredConfig> Context<'_, C> {
    /// The flags of the configuration with what the store holds: that which the options name, else the application's own.
    /// A store that was never written is not made.
    pub(super) fn flags(&self) -> Result<Following<C>, Output> {
        let store = self.store_to_read()?;
        self.follow(self.open(self.builder(store))?)
    }

    /// The flags of a running configuration; from then on a change of it that breaks them is refused.
    pub(super) fn follow(&self, live: Live<C>) -> Result<Following<C>, Output> {
        let collect = self.command.flags;
        let flags =
            live.derive(move |candidate: &Candidate<'_, C, View>| View::of(candidate, collect, candidate.previous()));
        match flags {
            Ok(flags) => Ok(Following { live, flags }),
            Err(error) => Err(self.update_failed(&error)),
        }
    }
}

impl View {
    /// The flags of a configuration that may come into effect.
    pub(super) fn of<C: LayeredConfig, T>(
        candidate: &Candidate<'_, C, T>,
        collect: Collect<C>,
        before: Option<&Self>,
    ) -> Result<Self, Report> {
        let before = before.map(|view| &view.set);
        let is_set = |path: &FieldPath| {
            let explained = candidate.explain(std::slice::from_ref(path));
            let origin = explained.first().and_then(|value| value.origin.as_ref());
            origin.is_some_and(|origin| origin.layer != LayerKind::Default)
        };
        let collected = collect(&Configured::new(&**candidate.config(), &is_set), before);
        let set = collected.compile(before)?;
        Ok(Self { places: strata_config_flags::Places::of(&**candidate.config(), collected), set })
    }
}

impl<C: LayeredConfig> Following<C> {
    /// Where each flag was set, for any number of questions.
    pub(super) fn places(&self) -> Places {
        let version = self.live.version();
        Places { explained: version.explain(&[]), view: self.flags.get() }
    }
}

/// Where flags were set.
pub(super) struct Places {
    explained: Vec<Explained>,
    view: Guard<View>,
}

impl Places {
    /// Where a flag was set: the strongest origin at its path, or in it.
    pub(super) fn of(&self, key: &str) -> Option<Place> {
        let path = self.view.places.of_flag(key)?;
        let exact = self.explained.iter().find(|value| value.path == *path);
        let near = || self.explained.iter().find(|value| path.contains(&value.path) || value.path.contains(path));
        let origin = exact.or_else(near)?.origin.as_ref()?;
        Some(Place {
            path: path.to_string(),
            layer: origin.layer.as_str(),
            at: origin.at.clone(),
            words: place(origin),
        })
    }
}
