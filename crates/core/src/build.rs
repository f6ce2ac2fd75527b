//! Builds the typed value from the winning slots, once, at the end; what is wrong goes to the report.
//!
//! Generated code calls one method a field, in the schema's order. What depends on a leaf's type is only its decoding;
//! everything else here is compiled once.

mod check;
mod nested;
mod source;

use std::any::Any;

use crate::decode::{self, DecodeContext, DecodeError};
use crate::leaf::Leaf;
use crate::load_info::LoadInfo;
use crate::loader::Mode;
use crate::raw::Raw;
use crate::report::{Report, Severity};
use crate::rules::Breach;
use crate::schema::{Field, Lit, Meta, Schema};
use crate::scope::Scope;

pub(crate) use check::Spot;
pub(crate) use nested::{entries, floor, parse_text, sub_scope, unwrap_text};
pub(crate) use source::{Source, source, weakest};

/// What a build needs beside the slots, and what it leaves behind.
#[derive(Debug)]
pub(crate) struct Run {
    /// The root's schema, for advice on where a key belongs.
    pub(crate) schema: &'static Schema,
    pub(crate) mode: Mode,
    pub(crate) profile: Option<String>,
    pub(crate) report: Report,
    /// A source could not be read, so a missing value is no finding of its own.
    pub(crate) suppress_missing: bool,
    pub(crate) info: LoadInfo,
    /// Values that lenient mode replaced.
    pub(crate) replaced: Vec<Replaced>,
    /// One layer is the whole configuration: nothing merges with defaults, and computed values stand as they are.
    pub(crate) exact: bool,
    /// What was said when they were replaced; it outlives the report of one pass.
    pub(crate) replacements: Report,
}

/// A value that lenient mode replaced.
#[derive(Debug, Clone)]
pub(crate) struct Replaced {
    pub(crate) path: String,
    pub(crate) value: Lit,
    /// The rule that the value broke.
    pub(crate) rule: String,
}

/// Where generated code reads its fields from.
#[derive(Debug)]
pub struct Builder<'a> {
    run: &'a mut Run,
    scope: &'a Scope<'a>,
    frame: Frame,
    /// The path of the struct that is being built.
    path: String,
}

/// The struct that is being built.
#[derive(Debug, Clone, Copy)]
struct Frame {
    schema: &'static Schema,
    /// The key of a variant's name.
    tag: &'static str,
    fields: &'static [Field],
    /// The next field.
    field: usize,
    /// The next field's slot.
    slot: usize,
    /// The struct's first slot.
    start: usize,
    /// Layers below this one are hidden by a null.
    floor: usize,
    /// Its own leaves are valid so far.
    valid: bool,
}

impl Frame {
    fn new(schema: &'static Schema, tag: Option<&'static str>, start: usize, floor: usize) -> Self {
        let tag = tag.unwrap_or(schema.tag);
        Self { schema, tag, fields: schema.fields, field: 0, slot: start, start, floor, valid: true }
    }
}

/// A leaf about to be read.
#[derive(Debug)]
struct Reading<'a> {
    field: &'static Field,
    slot: usize,
    source: Source<'a>,
}

impl<'a> Builder<'a> {
    /// A builder for a whole scope, whose path is `path`.
    pub(crate) fn new(run: &'a mut Run, scope: &'a Scope<'a>, path: String) -> Self {
        Self { run, scope, frame: Frame::new(scope.schema, None, 0, 0), path }
    }

    /// Builds the scope's struct and notes the check that could not run.
    pub(crate) fn run<T>(mut self, build: fn(&mut Builder<'_>) -> Option<T>) -> Option<T> {
        let built = build(&mut self);
        self.note_skipped(built.is_none());
        built
    }

    /// Reads the next field, a leaf.
    pub fn leaf<T: Leaf>(&mut self) -> Option<T> {
        let reading = self.next_leaf();
        if self.has_shadows(&reading) {
            self.check_shadows(&reading, |raw, context| decode::decode::<T>(raw, context).map(drop));
        }
        let decoded = reading.source.read(reading.field, |raw, context| decode::decode::<T>(raw, context));
        let replaced_by = match &decoded {
            Ok(value) if reading.field.meta.has_rules() => self.obey(&reading, value),
            Ok(_) => None,
            Err(error) => self.refuse(&reading, error),
        };
        match replaced_by {
            Some(lit) => decode::decode::<T>(Raw::Lit(&lit), &reading.field.context()).ok(),
            None => decoded.ok(),
        }
    }

    /// Reads the next field, a nested configuration.
    pub fn nested<T: crate::layered::Nested>(&mut self) -> Option<T> {
        T::build(self)
    }

    /// Computes the next field; without a function it has its default.
    pub fn computed<T: Leaf>(&mut self, compute: Option<fn(&LoadInfo) -> T>) -> Option<T> {
        let slot = self.frame.slot;
        let given = self.run.exact && self.scope.candidates(slot, 0).next().is_some();
        match compute {
            Some(compute) if !given => {
                self.advance();
                Some(compute(&self.run.info))
            }
            _ => self.leaf(),
        }
    }

    fn next_leaf(&mut self) -> Reading<'a> {
        let (field, slot) = self.advance();
        let source = self.source(field, slot);
        Reading { field, slot, source }
    }

    fn advance(&mut self) -> (&'static Field, usize) {
        let field = &self.frame.fields[self.frame.field];
        let slot = self.frame.slot;
        self.frame.field += 1;
        self.frame.slot += field.size();
        (field, slot)
    }

    /// Reports a value that cannot be decoded; in lenient mode, the literal that takes its place.
    #[cold]
    fn refuse(&mut self, reading: &Reading<'_>, error: &DecodeError) -> Option<Lit> {
        let field = reading.field;
        if matches!(reading.source, Source::Absent) {
            self.frame.valid = false;
            if !self.run.suppress_missing {
                self.report_missing(field);
            }
            return None;
        }
        let (error_code, message, help) = if field.is_secret() {
            let hidden = error.clone().withhold();
            (hidden.code(), hidden.message().to_owned(), None)
        } else {
            (error.code(), error.message().to_owned(), error.help().map(str::to_owned))
        };
        let breach = Breach {
            code: error_code,
            rule: error_code.to_owned(),
            message,
            help,
            path: if field.is_secret() { Vec::new() } else { error.path().map(str::to_owned).collect() },
            node: error.node(),
        };
        self.breach(reading, breach)
    }

    /// Applies the field's rules to a decoded value; in lenient mode, the literal that takes its place.
    fn obey<T: Leaf>(&mut self, reading: &Reading<'_>, value: &T) -> Option<Lit> {
        self.obey_any(reading, value)
    }

    fn obey_any(&mut self, reading: &Reading<'_>, value: &dyn Any) -> Option<Lit> {
        let field = reading.field;
        let mut replaced = None;
        let breaches = reading.source.read(field, |raw, context| self.breaches(field, raw, context, value));
        for (severity, breach) in breaches {
            if severity == Severity::Warning {
                self.warn(reading, &breach);
            } else if replaced.is_none() {
                replaced = self.breach(reading, breach);
            } else {
                // The replaced value broke this rule, too.
                self.warn(reading, &breach);
            }
        }
        if replaced.is_none() {
            replaced = self.cap(reading);
        }
        replaced
    }

    fn breaches(
        &self,
        field: &'static Field,
        raw: Raw<'_>,
        context: &DecodeContext<'_>,
        value: &dyn Any,
    ) -> Vec<(Severity, Breach)> {
        let check = crate::rules::Check::new(field, context, Some(value));
        let mut found = Vec::new();
        check.all(field.meta.rules, raw, &mut |breach| found.push((Severity::Error, breach)));
        // What is refused need not be advised on.
        let refused = !found.is_empty();
        for warn in field.meta.warns.iter().filter(|_| !refused) {
            check.all(warn.rules, raw, &mut |mut breach| {
                warn.message.clone_into(&mut breach.message);
                found.push((Severity::Warning, breach));
            });
        }
        found
    }
}

impl Meta {
    /// Whether a decoded value has anything to obey.
    fn has_rules(&self) -> bool {
        !self.rules.is_empty() || !self.warns.is_empty() || !self.profiles.is_empty()
    }
}

impl Field {
    /// How its text is read where no file named it.
    pub(crate) fn context(&self) -> DecodeContext<'static> {
        DecodeContext { unit: self.meta.unit, base: None }
    }
}
