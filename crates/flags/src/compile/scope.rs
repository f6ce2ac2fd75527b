//! What is known while a flag or a segment is compiled: names to be looked up, and the way to where we are.

use super::{Names, Needed, Problems, Step, Variant};
use crate::model::Prerequisite;

/// What is known while a flag or a segment is compiled.
pub(crate) struct Scope<'c> {
    pub(crate) key: &'c str,
    pub(crate) names: Option<Names<'c>>,
    pub(crate) variants: Vec<&'c str>,
    pub(crate) problems: Problems,
    pub(crate) timed: bool,
}

impl<'c> Scope<'c> {
    pub(super) fn new(key: &'c str, names: Option<Names<'c>>) -> Self {
        Self { key, names, variants: Vec::new(), problems: Problems::default(), timed: false }
    }

    /// A variant's number; a name that no variant has is told at the place where the problems are.
    pub(crate) fn variant(&mut self, name: &str) -> Variant {
        match self.variants.iter().position(|known| *known == name) {
            Some(index) => index as Variant,
            None => {
                self.problems.unknown("variant", name, self.variants.iter().copied());
                0
            }
        }
    }

    pub(super) fn named_variant(&mut self, field: &'static str, name: Option<&String>) -> Option<Variant> {
        name.map(|name| self.within(field, |scope| scope.variant(name)))
    }

    pub(crate) fn segment(&mut self, name: &str) -> u32 {
        let Some(names) = self.names else { return 0 };
        names.segments.get(name).unwrap_or_else(|| {
            self.problems.unknown("segment", name, names.segments.names());
            0
        })
    }

    /// Does something one step further into the definition.
    pub(crate) fn within<T>(&mut self, step: impl Into<Step>, then: impl FnOnce(&mut Self) -> T) -> T {
        self.problems.enter(step.into());
        let result = then(self);
        self.problems.leave();
        result
    }

    /// Another flag and its variants, by number.
    pub(crate) fn needed(&mut self, needed: &Prerequisite) -> Needed {
        let mut found = Needed { flag: 0, variants: Box::default(), negate: needed.negate };
        if needed.variant.is_empty() {
            self.within("variant", |scope| scope.problems.push("at least one variant has to be named"));
        }
        let Some(names) = self.names else { return found };
        let Some(flag) = names.flags.get(&needed.flag) else {
            self.within("flag", |scope| {
                scope.problems.unknown("flag", &needed.flag, names.flags.names());
            });
            return found;
        };
        let definition = names.definitions[flag as usize].definition();
        let variants = definition.variants();
        found.flag = flag;
        found.variants = (needed.variant.iter())
            .filter_map(|name| {
                let position = variants.keys().position(|known| known == name);
                if position.is_none() {
                    self.within("variant", |scope| {
                        scope.problems.unknown("variant", name, variants.keys().map(String::as_str));
                    });
                }
                position.map(|position| position as Variant)
            })
            .collect();
        found
    }
}
