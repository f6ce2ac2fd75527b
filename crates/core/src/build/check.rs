//! What is wrong with values becomes findings: rules broken, values missing, fields that contradict each other.

use super::place::part;
use super::{Builder, Place, Reading, Replaced, Source};
use crate::document::Kind;
use crate::mode::Mode;
use crate::path::FieldPath;
use crate::problems::accepting;
use crate::report::{Finding, Report, Severity, code};
use crate::rules::Breach;
use crate::schema::{Field, FieldKind, Lit, Schema};
use crate::text;

impl Builder<'_> {
    pub(super) fn field_path(&self, field: &Field) -> FieldPath {
        let mut path = self.path.clone();
        crate::path::push_segment(&mut path, field.key);
        FieldPath::from_canonical(path)
    }

    /// Reports a broken rule; in lenient mode, the field's fallback.
    pub(super) fn breach(&mut self, reading: &Reading<'_>, breach: Breach) -> Option<Lit> {
        let field = reading.field;
        let mut finding = self.finding(Severity::Error, reading, &breach);
        if self.run.mode == Mode::Lenient
            && let Some(fallback) = field.meta.rare().fallback
        {
            finding.severity = Severity::Warning;
            self.replace(field, fallback, breach.code, finding);
            return Some(fallback);
        }
        self.frame.valid = false;
        self.run.report.push(finding);
        None
    }

    pub(super) fn warn(&mut self, reading: &Reading<'_>, breach: &Breach) {
        let finding = self.finding(Severity::Warning, reading, breach);
        self.run.report.push(finding);
    }

    /// Notes that a fallback takes a value's place.
    pub(super) fn replace(&mut self, field: &Field, value: Lit, rule: &str, mut finding: Finding) {
        finding.help = Some(format!("the fallback {} is used", crate::rules::show(&value)));
        if finding.code != code::CROSS_FIELD {
            finding.message = format!("{}: {}", finding.code, finding.message);
            finding.code = code::FALLBACK;
        }
        let path = self.field_path(field).to_string();
        self.run.replacements.push(finding);
        let replaced = Replaced { path, value, rule: rule.to_owned() };
        // A fallback may be beyond what a profile allows, and then is replaced itself.
        match self.run.replaced.iter_mut().find(|known| known.path == replaced.path) {
            Some(known) => *known = replaced,
            None => self.run.replaced.push(replaced),
        }
    }

    #[cold]
    pub(super) fn report_missing(&mut self, field: &Field) {
        let path = self.field_path(field);
        let mut finding = Finding::new(Severity::Error, code::MISSING, path.clone(), "no source sets this value");
        let mut variables = crate::source::names::variables(self.run.schema).into_iter();
        let variable = variables.find(|variable| variable.path == path).map(|variable| variable.name);
        finding.help = Some(match (variable, field.is_secret()) {
            // What stands on a command line is seen by everybody on the machine.
            (Some(name), true) => format!("set the variable {name}, or name its file in {name}_FILE"),
            (Some(name), false) => format!("set `{path}` in a file, the variable {name}, or `--set {path}=…`"),
            // An item's place is its list's source; no variable or option reaches into it.
            (None, _) if crate::build::check::field_at(self.run.schema, &path).is_none() => {
                format!("set `{}` where this item is written", field.key)
            }
            (None, true) => format!("set `{path}` in a file"),
            (None, false) => format!("set `{path}` in a file or by `--set {path}=…`"),
        });
        self.run.report.push(finding);
    }

    /// Checks the values that the winner hides: one that is invalid is a warning, since it may win tomorrow.
    pub(super) fn check_shadows(&mut self, reading: &Reading<'_>, value: &mut dyn Place) {
        let field = reading.field;
        let scope = self.scope;
        for shadow in scope.candidates(reading.slot, self.frame.floor).skip(1) {
            let source = Source::Layer(shadow);
            let breach =
                source.read(field, |raw, context| match accepting(usize::MAX, || value.decode(raw, context)) {
                    Err(error) => {
                        let error = if field.is_secret() { error.withhold() } else { error };
                        let mut breaches = error.breaches().into_iter();
                        breaches.find(|(severity, _)| *severity == Severity::Error).map(|(_, breach)| breach)
                    }
                    Ok(()) => {
                        let mut first = None;
                        crate::rules::Check::new(field, context, None).all(field.meta.rules, raw, &mut |breach| {
                            first.get_or_insert(breach);
                        });
                        first
                    }
                });
            // A reference that is hidden was not asked for.
            if let Some(mut breach) = breach.filter(|breach| breach.code != code::SECRET_NO_RESOLVER) {
                if let Source::Merged(merged) = &reading.source {
                    // What counts was found where the whole was read; the rest is overridden, part by part.
                    let (counts, _) = part(field, &merged.1, &breach.path);
                    if breach.path.is_empty() || std::ptr::eq(counts.layer.layer, shadow.layer.layer) {
                        continue;
                    }
                } else if matches!(reading.source, Source::Layer(winner) if super::source::merges(field, winner))
                    && breach.path.is_empty()
                    && shadow.kind() != Kind::Null
                {
                    // It was to be a part of the value, so nothing hides it.
                    let part = Reading { field, slot: reading.slot, source, shadows: false };
                    self.breach(&part, breach);
                    continue;
                }
                breach.message = format!("a shadowed value is invalid: {}", breach.message);
                let shadow = Reading { field, slot: reading.slot, source, shadows: false };
                let mut finding = self.finding(Severity::Warning, &shadow, &breach);
                finding.shadows.clear();
                self.run.report.push(finding);
            }
        }
    }

    /// Runs a struct's own check over the value that was just built, if all its own leaves are valid.
    pub fn check<T>(&mut self, value: &T, check: impl FnOnce(&T, &mut Report)) {
        if !self.frame.valid {
            self.note_skipped(true);
            return;
        }
        let mut local = Report::new();
        check(value, &mut local);
        for mut finding in local.take_findings() {
            let paths: Vec<FieldPath> = std::iter::once(finding.path.clone())
                .chain(finding.related.iter().map(|other| other.path.clone()))
                .collect();
            let prefix = FieldPath::from_canonical(self.path.clone());
            if let Some((origin, spot)) = self.locate(&finding.path) {
                finding.origin = Some(origin);
                finding.spot = spot;
            }
            finding.path = prefix.join(&finding.path);
            for related in &mut finding.related {
                related.origin = self.locate(&related.path).map(|(origin, _)| origin);
                related.path = prefix.join(&related.path);
            }
            if finding.severity == Severity::Error && self.run.mode == Mode::Lenient && self.fall_back(&paths, &finding)
            {
                continue;
            }
            if finding.severity == Severity::Error {
                self.frame.valid = false;
            }
            self.run.report.push(finding);
        }
    }

    /// Runs the rules of the crate `validator` that the struct derives, too.
    #[cfg(feature = "validator")]
    pub fn check_validator<T: ::validator::Validate>(&mut self, value: &T) {
        self.check(value, |value, report| {
            let Err(errors) = value.validate() else { return };
            for (path, message) in crate::rules::validator::describe(&errors) {
                report.push(Finding::new(Severity::Error, code::VALIDATE, FieldPath::from_canonical(path), message));
            }
        });
    }

    /// Lenient mode: the first of the fields that has a fallback takes it, and everything is built again.
    fn fall_back(&mut self, paths: &[FieldPath], finding: &Finding) -> bool {
        let prefix = FieldPath::from_canonical(self.path.clone());
        let fallback = |path| field_at(self.frame.schema, path)?.meta.rare().fallback;
        let Some((path, value)) = paths.iter().find_map(|path| Some((prefix.join(path), fallback(path)?))) else {
            return false;
        };
        let path = path.to_string();
        // It has its fallback already, and that did not help: to lower another field as well would be a guess.
        if self.run.replaced.iter().any(|replaced| replaced.path == path) {
            return false;
        }
        let mut warning = finding.clone();
        warning.severity = Severity::Warning;
        warning.help = Some(format!("the fallback {} of `{path}` is used", crate::rules::show(&value)));
        self.run.replacements.push(warning);
        self.run.replaced.push(Replaced { path, value, rule: finding.code.to_owned() });
        true
    }

    /// Notes a check that could not run.
    pub(super) fn note_skipped(&mut self, skipped: bool) {
        let schema = self.frame.schema;
        if !skipped || !schema.has_check {
            return;
        }
        let path = FieldPath::from_canonical(self.path.clone());
        if !self.run.report.skipped().iter().any(|other| other.path == path) {
            self.run.report.skip(path, schema.name);
        }
    }
}

/// The field at a path of static sections.
pub(crate) fn field_at(schema: &'static Schema, path: &FieldPath) -> Option<&'static Field> {
    let segments = path.segments();
    let mut fields = schema.fields;
    let mut found = None;
    for segment in &segments {
        let field = find(fields, segment)?;
        found = Some(field);
        fields = match field.kind {
            FieldKind::Nested(below) | FieldKind::Optional(below) => below.fields,
            _ => &[],
        };
    }
    found
}

fn find(fields: &'static [Field], key: &str) -> Option<&'static Field> {
    fields.iter().find_map(|field| match field.kind {
        FieldKind::Nested(below) if field.meta.flatten => find(below.fields, key),
        _ => (field.key == key).then_some(field),
    })
}

/// The known name nearest to a variant's.
pub(super) fn nearest_variant(schema: &Schema, name: &str) -> Option<String> {
    text::nearest(name, schema.variants.iter().map(|variant| variant.name))
        .map(|name| format!("did you mean `{name}`?"))
}
