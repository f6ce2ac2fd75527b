//! A secret as a store keeps it: references as they were written, and all else sealed.

use super::find::{self, Part};
use super::{Reference, Resolving, Sealer, Unresolved};
use crate::path::FieldPath;
use crate::secret::Secret;

/// What a program takes for a reference to a secret, as its loader was told: by default those whose schemes everybody
/// knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct References<'a>(pub(crate) Option<&'a Resolving>);

impl References<'_> {
    fn is_scheme(self, scheme: &str) -> bool {
        find::is_known(scheme) || self.0.is_some_and(|resolving| resolving.of(scheme).is_some())
    }

    /// A text in parts: one that is no reference, and has none in it, is one where its setting says so.
    fn parts<'t>(self, text: &'t str, path: &FieldPath) -> Vec<Part<'t>> {
        find::parts(text, &|scheme| self.is_scheme(scheme)).unwrap_or_else(|| {
            let implied = self.0.and_then(|resolving| resolving.implied(path));
            vec![match implied {
                Some(scheme) => Part::Reference { scheme: scheme.to_owned(), what: text.trim() },
                None => Part::Text(text),
            }]
        })
    }
}

/// What seals secrets, and what it leaves as it stands.
#[derive(Clone, Copy)]
pub(crate) struct Keeper<'s> {
    pub(crate) sealer: &'s dyn Sealer,
    pub(crate) references: References<'s>,
}

impl Keeper<'_> {
    /// A secret's text as a store keeps it. Where that says what stood there before, nothing changes: sealing it again
    /// would only look like a change.
    pub(crate) fn kept(self, text: &str, path: &FieldPath, before: Option<&str>) -> Result<String, Unresolved> {
        let parts = self.references.parts(text, path);
        if let Some(Part::Unclosed { scheme }) = parts.last() {
            return Err(find::unclosed(scheme));
        }
        let is_text = |part: &Part<'_>| matches!(part, Part::Text(_));
        if let Some(before) = before
            && parts.iter().any(is_text)
            && self.opened(before, path).is_some_and(|old| Some(old) == self.opened(text, path))
        {
            return Ok(before.to_owned());
        }
        self.written(&parts, &mut |reference| Ok(reference.to_string()))
    }

    /// The same with all that this sealer sealed sealed by its newest key. Who then takes an old key away must have
    /// been told of what no key opens.
    pub(crate) fn sealed_anew(self, text: &str, path: &FieldPath) -> Result<String, Unresolved> {
        let parts = self.references.parts(text, path);
        if let Some(Part::Unclosed { scheme }) = parts.last() {
            return Err(find::unclosed(scheme));
        }
        self.written(&parts, &mut |reference| {
            let written = reference.to_string();
            if !self.is_ours(reference) {
                return Ok(written);
            }
            let opened = self.sealer.resolve(reference)?.text;
            if self.sealer.is_outdated(&written) { self.sealer.seal(opened.expose()) } else { Ok(written) }
        })
    }

    /// The parts as one text: what is no reference becomes one.
    fn written(
        self,
        parts: &[Part<'_>],
        write: &mut dyn FnMut(Reference<'_>) -> Result<String, Unresolved>,
    ) -> Result<String, Unresolved> {
        let mut one = |part: &Part<'_>| match part {
            Part::Text(text) => self.sealer.seal(text),
            Part::Reference { scheme, what } => write(Reference { scheme, what }),
            Part::Unclosed { scheme } => Err(find::unclosed(scheme)),
        };
        match parts {
            [part] => one(part),
            parts => parts.iter().map(|part| Ok(format!("${{{}}}", one(part)?))).collect(),
        }
    }

    /// What a text says with the parts opened that this sealer sealed; nothing where one can't be.
    fn opened(self, text: &str, path: &FieldPath) -> Option<Secret<String>> {
        let mut whole = Secret::new(String::new());
        for part in self.references.parts(text, path) {
            let opened = match &part {
                Part::Text(text) => Secret::new((*text).to_owned()),
                Part::Reference { scheme, what } => match (Reference { scheme, what }) {
                    reference if self.is_ours(reference) => self.sealer.resolve(reference).ok()?.text,
                    reference => Secret::new(format!("${{{reference}}}")),
                },
                Part::Unclosed { .. } => return None,
            };
            crate::wipe::push(whole.expose_mut(), opened.expose());
        }
        Some(whole)
    }

    fn is_ours(self, reference: Reference<'_>) -> bool {
        self.sealer.schemes().contains(&reference.scheme)
    }
}
