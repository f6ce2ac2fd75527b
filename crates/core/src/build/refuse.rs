//! Values that their types refuse, and what their types find questionable.

use super::{Builder, Place, Reading, Source};
use crate::decode::{DecodeContext, DecodeError};
use crate::leaf::LeafKind;
use crate::problems::{self, Problem};
use crate::report::Severity;
use crate::rules::{Breach, Part};
use crate::schema::{FieldKind, Lit};

/// The most mistakes that are looked for in one list or map, beside the first; and the most values in it whose warnings
/// are told.
const MAX_OTHERS: usize = 20;

impl Builder<'_> {
    /// Reads a value and tells its type's warnings. So many values of it were told of already; as a type that warns says
    /// so by failing once, each costs another reading.
    pub(super) fn read(
        &mut self,
        reading: &Reading<'_>,
        value: &mut dyn Place,
        without: &[String],
        told: &mut usize,
    ) -> Result<(), DecodeError> {
        loop {
            let (raw, context) = reading.source.raw(reading.field);
            let context = DecodeContext { without, ..context };
            match problems::accepting(*told, || value.decode(raw, &context)) {
                Err(error) if error.only_warns() => {
                    self.refuse(reading, &error);
                    *told = if *told < MAX_OTHERS { *told + 1 } else { usize::MAX };
                }
                read => return read,
            }
        }
    }

    /// Reports a value that cannot be decoded; in lenient mode, the literal that takes its place.
    #[cold]
    pub(super) fn refuse(&mut self, reading: &Reading<'_>, error: &DecodeError) -> Option<Lit> {
        let field = reading.field;
        if matches!(reading.source, Source::Absent) && !error.only_warns() {
            self.frame.valid = false;
            if !self.run.suppress_missing {
                self.report_missing(field);
            }
            return None;
        }
        let breaches = if field.is_secret() { error.clone().withhold().breaches() } else { error.breaches() };
        self.tell(reading, breaches)
    }

    /// Reports what else is wrong in a list or a map, of which serde tells the first mistake alone.
    #[cold]
    pub(super) fn refuse_others(
        &mut self,
        reading: &Reading<'_>,
        value: &mut dyn Place,
        first: DecodeError,
        told: &mut usize,
    ) {
        let FieldKind::Leaf(leaf) = reading.field.kind else { return };
        if !matches!(leaf.shape().kind, LeafKind::List | LeafKind::Map) {
            return;
        }
        let mut without: Vec<String> = Vec::new();
        let mut error = Some(first);
        while let Some(segment) = error.as_ref().and_then(|error| error.path().next().map(str::to_owned)) {
            // A tuple has its mistake still: nothing can be left out of it.
            if without.len() > MAX_OTHERS || without.contains(&segment) {
                break;
            }
            if !without.is_empty()
                && let Some(error) = &error
            {
                self.refuse(reading, error);
            }
            without.push(segment);
            error = self.read(reading, value, &without, told).err();
        }
        let (raw, mut context) = reading.source.raw(reading.field);
        context.without = &without;
        let others = self.breaches(reading.field, raw, &context, None).into_iter();
        for (_, breach) in others.filter(|(severity, _)| *severity == Severity::Error) {
            if breach.path.first().is_some_and(|segment| !without.contains(segment)) {
                self.breach(reading, breach);
            }
        }
        // What was read without them is no value.
        context.without = &[];
        let _ = value.decode(raw, &context);
    }
}

impl DecodeError {
    /// What the error comes to: the type's own problems, or the one that serde tells.
    pub(super) fn breaches(&self) -> Vec<(Severity, Breach)> {
        let path: Vec<String> = self.path().map(str::to_owned).collect();
        if self.problems().is_empty() {
            let severity = if self.only_warns() { Severity::Warning } else { Severity::Error };
            let (message, help) = (self.message().to_owned(), self.help().map(str::to_owned));
            let part = if self.is_at_key() { Part::Key } else { Part::Node(self.node()) };
            return vec![(severity, Breach { code: self.code(), message, help, path, part })];
        }
        let breach = |problem: &Problem| {
            let below = problem.path.segments().into_iter().map(std::borrow::Cow::into_owned);
            let breach = Breach {
                code: problem.code,
                message: problem.message.clone(),
                help: problem.help.clone(),
                path: path.iter().cloned().chain(below).collect(),
                part: if problem.at_key { Part::Key } else { Part::Path },
            };
            (problem.severity, breach)
        };
        self.problems().iter().map(breach).collect()
    }
}
