//! Builds the typed value from the winning slots, once, at the end; what is wrong goes to the report.
//!
//! Generated code calls one method a field, in the schema's order. What depends on a leaf's type is only its decoding;
//! everything else here is compiled once.

mod cap;
mod check;
mod met;
mod nested;
mod place;
mod refuse;
mod source;

use std::any::Any;

use crate::decode::{self, DecodeContext, DecodeError};
use crate::leaf::Leaf;
use crate::load_info::LoadInfo;
use crate::mode::Mode;
use crate::profile::Applied;
use crate::raw::Raw;
use crate::report::{Report, Severity};
use crate::rules::Breach;
use crate::schema::{Default, Field, Lit, Meta, Schema};
use crate::scope::Scope;

pub(crate) use cap::cap;
pub(crate) use check::field_at;
pub(crate) use nested::{entries, floor, parse_text, sub_scope, unwrap_text};
pub(crate) use place::{deepest, origin, slot_of};
pub(crate) use source::{Source, merges, source, weakest};

/// What a build needs beside the slots, and what it leaves behind.
#[derive(Debug)]
pub(crate) struct Run {
    /// The root's schema, for advice on where a key belongs.
    pub(crate) schema: &'static Schema,
    pub(crate) mode: Mode,
    pub(crate) profile: Option<Applied>,
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
    /// The code of the rule that the value broke, or the profile that caps it.
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
pub(crate) struct Reading<'a> {
    field: &'static Field,
    slot: usize,
    source: Source<'a>,
    /// The winner hides other layers' values.
    shadows: bool,
}

/// Where a leaf's value goes, whatever its type.
trait Place {
    /// Reads a value into it; empty where that fails.
    fn decode(&mut self, raw: Raw<'_>, context: &DecodeContext<'_>) -> Result<(), DecodeError>;
    /// The value, for functions of the user's.
    fn get(&self) -> Option<&dyn Any>;
}

impl<T: Leaf> Place for Option<T> {
    fn decode(&mut self, raw: Raw<'_>, context: &DecodeContext<'_>) -> Result<(), DecodeError> {
        *self = None;
        *self = Some(decode::decode(raw, context)?);
        Ok(())
    }

    fn get(&self) -> Option<&dyn Any> {
        self.as_ref().map(|value| value as &dyn Any)
    }
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
        if let Some((field, raw)) = self.sole()
            && crate::rules::surely_kept(field.meta, raw)
            && let Ok(value) = decode::decode(raw, &field.context())
        {
            self.frame.field += 1;
            self.frame.slot += 1;
            return Some(value);
        }
        let mut value: Option<T> = None;
        self.fill(&mut value);
        value
    }

    /// The only value of the next field, where it surely counts as it stands.
    fn sole(&self) -> Option<(&'static Field, Raw<'a>)> {
        let Frame { fields, field, slot, floor, .. } = self.frame;
        let field = &fields[field];
        if !self.is_plain(field) {
            return None;
        }
        let raw = match (self.scope.winner(slot, floor), &field.meta.default) {
            ((Some(only), false), _) if !source::merges(field, only) => only.raw(),
            ((None, _), Default::Lit(lit)) => Raw::Lit(lit),
            // An `Option` is none; what is required is missed.
            ((None, _), Default::None) => Raw::Lit(&Lit::Null),
            _ => return None,
        };
        Some((field, raw))
    }

    /// Whether a value of the field is what its source says and no more.
    fn is_plain(&self, field: &Field) -> bool {
        !field.meta.path && self.run.replaced.is_empty() && !self.is_limited(field)
    }

    /// Whether the profile may have a word on the field.
    fn is_limited(&self, field: &Field) -> bool {
        self.run.profile.as_ref().is_some_and(|applied| applied.concerns(field))
    }

    /// Reads the next field into its place; all that a leaf's type decides is behind that.
    fn fill(&mut self, value: &mut dyn Place) {
        if self.fill_valid(value) {
            self.frame.field += 1;
            self.frame.slot += 1;
        } else {
            self.fill_any(value);
        }
    }

    /// Most leaves are valid in every layer that sets them, and the strongest layer's value counts as it stands. At the
    /// first doubt this gives up: then the field is read again by what knows everything and says what is wrong.
    fn fill_valid(&mut self, value: &mut dyn Place) -> bool {
        let Frame { fields, field, slot, floor, .. } = self.frame;
        let field = &fields[field];
        if !self.is_plain(field) {
            return false;
        }
        // The weakest is read first, so that the winner's value is the one that stays.
        let mut winner = None;
        for found in self.scope.column(slot, floor) {
            if !reads(field, found.raw(), value) {
                return false;
            }
            winner = Some(found);
        }
        match (winner, &field.meta.default) {
            (Some(winner), _) => !source::merges(field, winner),
            (None, Default::Lit(lit)) => reads(field, Raw::Lit(lit), value),
            (None, _) => false,
        }
    }

    #[cold]
    fn fill_any(&mut self, value: &mut dyn Place) {
        let reading = self.next_leaf();
        if reading.shadows {
            self.check_shadows(&reading, value);
        }
        let mut told = 0;
        let replaced_by = match self.read(&reading, value, &[], &mut told) {
            Ok(()) if reading.field.meta.has_rules() || self.is_limited(reading.field) => {
                self.obey(&reading, value.get())
            }
            Ok(()) => return,
            Err(error) => {
                let replaced_by = self.refuse(&reading, &error);
                self.refuse_others(&reading, value, error, &mut told);
                replaced_by
            }
        };
        if let Some(lit) = replaced_by {
            let _ = value.decode(Raw::Lit(&lit), &reading.field.context());
        }
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
        let (source, shadows) = self.source(field, slot);
        Reading { field, slot, source, shadows }
    }

    fn advance(&mut self) -> (&'static Field, usize) {
        let field = &self.frame.fields[self.frame.field];
        let slot = self.frame.slot;
        self.frame.field += 1;
        self.frame.slot += field.size();
        (field, slot)
    }

    /// Applies the field's rules to a decoded value; in lenient mode, the literal that takes its place.
    fn obey(&mut self, reading: &Reading<'_>, value: Option<&dyn Any>) -> Option<Lit> {
        let field = reading.field;
        let breaches = reading.source.read(field, |raw, context| self.breaches(field, raw, context, value));
        // What its own rule refuses need not be told of again.
        let is_refused = breaches.iter().any(|(severity, _)| *severity == Severity::Error);
        let replaced = self.tell(reading, breaches);
        match self.run.profile.clone() {
            Some(applied) if !is_refused => replaced.or_else(|| (applied.does.cap)(self, reading, &applied.profile)),
            _ => replaced,
        }
    }

    /// Reports what is wrong with one value; in lenient mode, the literal that takes its place.
    fn tell(&mut self, reading: &Reading<'_>, breaches: Vec<(Severity, Breach)>) -> Option<Lit> {
        let mut replaced = None;
        for (severity, breach) in breaches {
            if severity == Severity::Warning {
                self.warn(reading, &breach);
            } else if replaced.is_none() {
                replaced = self.breach(reading, breach);
            } else {
                // The replaced value has this mistake, too; the next pass sees it no more.
                let finding = self.finding(Severity::Warning, reading, &breach);
                self.run.replacements.push(finding);
            }
        }
        replaced
    }

    fn breaches(
        &self,
        field: &'static Field,
        raw: Raw<'_>,
        context: &DecodeContext<'_>,
        value: Option<&dyn Any>,
    ) -> Vec<(Severity, Breach)> {
        let check = crate::rules::Check::new(field, context, value);
        let mut found = Vec::new();
        check.all(field.meta.rules, raw, &mut |breach| found.push((Severity::Error, breach)));
        // What is refused need not be advised on.
        let refused = !found.is_empty();
        for warn in field.meta.rare().warns.iter().filter(|_| !refused) {
            check.all(warn.rules, raw, &mut |mut breach| {
                warn.message.clone_into(&mut breach.message);
                found.push((Severity::Warning, breach));
            });
        }
        found
    }
}

/// Reads a value that surely keeps the field's rules.
#[inline]
fn reads(field: &'static Field, raw: Raw<'_>, value: &mut dyn Place) -> bool {
    crate::rules::surely_kept(field.meta, raw) && value.decode(raw, &field.context()).is_ok()
}

impl Meta {
    /// Whether a decoded value has anything to obey.
    fn has_rules(&self) -> bool {
        !self.rules.is_empty() || !self.rare().warns.is_empty()
    }
}

impl Field {
    /// How its text is read where no file named it.
    pub(crate) fn context(&self) -> DecodeContext<'static> {
        DecodeContext { unit: self.meta.rare().unit, base: None, without: &[] }
    }
}
