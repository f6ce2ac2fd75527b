//! Findings of those who look at a configuration after its load: where they stand, and how strictly they count.

use crate::build::{deepest, origin, slot_of};
use crate::explain::{Explained, Explainer};
use crate::layer::{LayerKind, Origin};
use crate::loaded::Provenance;
use crate::path::FieldPath;
use crate::report::{Report, Spot};
use crate::scope::Candidate;

impl Provenance {
    /// Judges findings about this configuration as the load would have: each is placed by its path, which may lead into
    /// a leaf's value, gets its source line, and where warnings are errors it is one. What has an origin keeps it.
    pub fn judge(&self, report: &mut Report) {
        if report.is_empty() {
            return;
        }
        let gathered = &self.sources.gathered;
        let explainer = Explainer::of(gathered, gathered.schema);
        let all = explainer.explain(&[]);
        for finding in report.findings_mut() {
            if finding.origin.is_none()
                && let Some((origin, spot)) = locate(&explainer, &all, &finding.path)
            {
                (finding.origin, finding.spot) = (Some(origin), spot);
            }
            for related in &mut finding.related {
                related.origin = related.origin.take().or_else(|| Some(locate(&explainer, &all, &related.path)?.0));
            }
        }
        if self.sources.strict {
            report.make_strict();
        }
        crate::excerpt::add(report, &gathered.layers, gathered.schema, gathered.upgrade.is_some());
    }

    /// Adds what others found questionable to the warnings.
    pub fn warn(&mut self, warnings: Report) {
        self.warnings.append(warnings);
    }
}

/// The origin of the innermost part that a path leads to, and its place in its source.
pub(crate) fn locate(explainer: &Explainer<'_>, all: &[Explained], path: &FieldPath) -> Option<(Origin, Option<Spot>)> {
    if path.is_root() {
        return None;
    }
    // Of a section, the first value that stands anywhere.
    let within = |explained: &&Explained| explained.path.contains(path);
    let value = all.iter().filter(within).max_by_key(|explained| explained.path.as_str().len());
    let explained = value.or_else(|| all.iter().find(|explained| path.contains(&explained.path)))?;
    let known = explained.origin.clone()?;
    let unwritten = matches!(known.layer, LayerKind::Default | LayerKind::Profile | LayerKind::Fallback);
    if unwritten {
        return Some((known, None));
    }
    let segments = path.segments();
    let deepest = explainer.candidates(&segments).map(|(candidate, rest)| {
        let (node, depth) = deepest(candidate, candidate.node, rest);
        (candidate, node, depth)
    });
    let mut best: Option<(Candidate<'_>, crate::document::NodeId, usize)> = None;
    for found in deepest {
        if best.is_none_or(|(.., depth)| found.2 > depth) {
            best = Some(found);
        }
    }
    match best {
        Some((candidate, node, _)) if candidate.layer.layer.kind() == known.layer => {
            let spot = candidate.layer.spot(candidate.document().span(node));
            Some((origin(candidate, node), spot))
        }
        _ => Some((known, None)),
    }
}

impl<'a> Explainer<'a> {
    /// The layers' values of the setting that a path leads to or into, strongest first, and what of the path lies within.
    fn candidates<'p, S: AsRef<str>>(&self, path: &'p [S]) -> impl Iterator<Item = (Candidate<'a>, &'p [S])> {
        let found = slot_of(self.schema, 0, path);
        let scope = &self.scope;
        let of_slot = move |(slot, rest): (usize, &'p [S])| scope.candidates(slot, 0).map(move |found| (found, rest));
        found.into_iter().flat_map(of_slot)
    }
}
