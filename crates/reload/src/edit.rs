//! What a change makes of the values that were set at run time, before anything is built of it.

use strata_config_core::{Edited, Edits, FieldPath, LayeredConfig, Report, Sealer, Value};

use crate::commit::Batch;
use crate::stored::{Mark, Stored, paths};
use crate::version::Version;
use crate::writer::{Built, Step, Writer};

/// What an edit leads to: the layers `base` and `runtime` of the store, and the values of this process alone.
pub(crate) struct Target {
    pub(crate) base: Value,
    pub(crate) runtime: Value,
    pub(crate) here: Value,
    /// What of the edit could not be done.
    pub(crate) report: Report,
    /// The values are the same in another form, so those who set them stay.
    pub(crate) keeps_marks: bool,
}

impl Target {
    /// What a writer has, to begin an edit with.
    pub(crate) fn of<C>(writer: &Writer<C>) -> Self {
        Self {
            base: writer.stored.base.clone(),
            runtime: writer.stored.runtime.clone(),
            here: writer.here.runtime.clone(),
            report: Report::new(),
            keeps_marks: false,
        }
    }

    /// Builds what it leads to: what differs was set by this one. What could not be done and what would be wrong with the
    /// rest are told together.
    pub(crate) fn build<C: LayeredConfig>(
        self,
        writer: &Writer<C>,
        version: &Version<C>,
        mark: &Mark,
        step: Step,
    ) -> Result<(Stored, Stored, Built<C>), Report> {
        let Self { base, runtime, here, mut report, keeps_marks } = self;
        let (stored, here) = if keeps_marks {
            (writer.stored.resealed(base, runtime), writer.here.resealed(writer.here.base.clone(), here))
        } else {
            (writer.stored.with(base, runtime, mark), writer.here.with(writer.here.base.clone(), here, mark))
        };
        let stored = stored.stamped(&writer.stored, &writer.stack.upgrade(), &mut report);
        match writer.build_edited(&stored, &here, version, step) {
            Ok(built) if report.is_valid() => Ok((stored, here, built)),
            Ok(_) => Err(report),
            Err(wrong) => {
                report.append(wrong);
                Err(report)
            }
        }
    }
}

/// An edit of the values that were set at run time.
pub(crate) type Edit<'a, C> = dyn FnMut(&Writer<C>, &Version<C>) -> Target + 'a;

/// Merges a patch into the stored values, where it takes the place of what this process alone has.
pub(crate) fn merged<C: LayeredConfig>(writer: &Writer<C>, version: &Version<C>, patch: &Value) -> Target {
    let Edited { values: runtime, report } =
        edited(&writer.stored.runtime, writer, version, |edits| merge(edits, writer, patch));
    let here = without(writer, version, &named(writer, version, patch));
    Target { runtime, here, report, ..Target::of(writer) }
}

/// Merges a patch into the values of this process alone.
pub(crate) fn merged_here<C: LayeredConfig>(writer: &Writer<C>, version: &Version<C>, patch: &Value) -> Target {
    let Edited { values: here, report } =
        edited(&writer.here.runtime, writer, version, |edits| merge(edits, writer, patch));
    Target { here, report, ..Target::of(writer) }
}

/// Makes the changes of a batch to the stored values, in the place of what this process alone has.
pub(crate) fn batched<C: LayeredConfig>(writer: &Writer<C>, version: &Version<C>, batch: &Batch) -> Target {
    let Edited { values: runtime, report } = edited(&writer.stored.runtime, writer, version, |edits| {
        for step in &batch.steps {
            match (&step.path, &step.value) {
                (Ok(path), value) if writer.is_below_declared(path) => edits.free(path, value.clone()),
                (Ok(path), Some(value)) => edits.set(path, value.clone()),
                (Ok(path), None) => edits.unset(path),
                (Err((text, message)), _) => edits.unreadable(text, message),
            }
        }
    });
    let paths: Vec<FieldPath> = batch.steps.iter().filter_map(|step| step.path.clone().ok()).collect();
    Target { runtime, here: without(writer, version, &paths), report, ..Target::of(writer) }
}

/// Edits values along the schema.
fn edited<C: LayeredConfig>(
    values: &Value,
    writer: &Writer<C>,
    version: &Version<C>,
    edit: impl FnOnce(&mut Edits<'_>),
) -> Edited {
    let effective = strata_config_core::values(&*version.desired);
    let mut edits = Edits::of::<C>(values.clone(), &effective)
        .sealed_by(writer.sealer.as_deref())
        .referring(writer.stack.references());
    edit(&mut edits);
    edits.finish()
}

/// Merges a patch along the schema; of keys that the program declared, each value is one.
fn merge<C: LayeredConfig>(edits: &mut Edits<'_>, writer: &Writer<C>, patch: &Value) {
    let Value::Map(entries) = patch else { return edits.merge(patch) };
    let (declared, known): (Vec<_>, Vec<_>) = entries.iter().cloned().partition(|(key, _)| writer.is_declared(key));
    edits.merge(&Value::Map(known));
    for (key, value) in declared {
        edits.free(&FieldPath::ROOT.child(&key), (value != Value::Null).then_some(value));
    }
}

/// What this process alone has, but for these settings.
fn without<C: LayeredConfig>(writer: &Writer<C>, version: &Version<C>, paths: &[FieldPath]) -> Value {
    edited(&writer.here.runtime, writer, version, |edits| paths.iter().for_each(|path| edits.free(path, None))).values
}

/// The settings that a patch names, by their own keys.
fn named<C: LayeredConfig>(writer: &Writer<C>, version: &Version<C>, patch: &Value) -> Vec<FieldPath> {
    // A null, which would remove what is not there, names its setting as any value does.
    fn told(value: &Value) -> Value {
        match value {
            Value::Map(entries) => Value::Map(entries.iter().map(|(key, value)| (key.clone(), told(value))).collect()),
            _ => Value::Bool(true),
        }
    }
    let nothing = Value::Map(Vec::new());
    paths(&edited(&nothing, writer, version, |edits| edits.merge(&told(patch))).values)
}

/// Replaces the layer `store`, its secrets sealed.
pub(crate) fn based<C: LayeredConfig>(writer: &Writer<C>, base: &Value) -> Target {
    let Edited { values: base, report } = strata_config_core::seal::<C>(
        base.clone(),
        &writer.stored.base,
        writer.sealer.as_deref(),
        writer.stack.references(),
    );
    Target { base, report, ..Target::of(writer) }
}

/// Seals anew what an old key sealed.
pub(crate) fn resealed<C: LayeredConfig>(writer: &Writer<C>, sealer: &dyn Sealer) -> Target {
    let [base, runtime, here] = [&writer.stored.base, &writer.stored.runtime, &writer.here.runtime]
        .map(|values| strata_config_core::reseal::<C>(values.clone(), sealer, writer.stack.references()));
    let mut report = base.report;
    report.append(runtime.report);
    report.append(here.report);
    // Who set the values stays who it was.
    Target { base: base.values, runtime: runtime.values, here: here.values, report, keeps_marks: true }
}
