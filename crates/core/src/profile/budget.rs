//! The memory that a configuration will need, from what its settings say one unit costs, against what the board has.

use crate::document::NodeId;
use crate::explain::Explainer;
use crate::gather::Gathered;
use crate::judge;
use crate::layer::Origin;
use crate::layered::Section;
use crate::leaf::LeafKind;
use crate::mode::Mode;
use crate::path::FieldPath;
use crate::profile::{Memory, Profile};
use crate::raw::Raw;
use crate::report::{Finding, Related, Severity, code};
use crate::schema::{Field, FieldKind, Lit};
use crate::size::ByteSize;
use crate::text;
use crate::typed::{self, Held};
use crate::value::Value;

/// The most shares that a finding names.
const NAMED: usize = 5;

/// The memory that a configuration will need, as far as its settings say what they cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// The profile's name, where one is applied.
    pub profile: Option<String>,
    /// The memory that the profile says there is.
    pub memory: Option<Memory>,
    /// All shares together.
    pub need: ByteSize,
    /// Each setting that costs memory, the largest first.
    pub shares: Vec<Share>,
}

/// One setting's share of the memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The setting.
    pub path: FieldPath,
    /// Its value.
    pub value: Value,
    /// What one unit of the value takes.
    pub cost: ByteSize,
    /// What the value takes.
    pub need: ByteSize,
    /// Where the value came from.
    pub origin: Option<Origin>,
}

impl Budget {
    /// What is needed beyond the ceiling; `None` where it fits, or where nobody said how much there is.
    #[must_use]
    pub fn excess(&self) -> Option<ByteSize> {
        let ceiling = self.memory?.ceiling;
        self.need.0.checked_sub(ceiling.0).filter(|excess| *excess > 0).map(ByteSize)
    }
}

/// What a configuration needs.
pub(crate) fn of(gathered: &Gathered, config: &dyn Section) -> Budget {
    let profile = gathered.run.profile.as_ref().map(|applied| &*applied.profile);
    let mut shares: Vec<Share> = typed::leaves(config).iter().filter_map(|leaf| share(leaf.field?, leaf)).collect();
    shares.sort_by(|one, other| other.need.cmp(&one.need).then_with(|| one.path.as_str().cmp(other.path.as_str())));
    let paths: Vec<FieldPath> = shares.iter().map(|share| share.path.clone()).collect();
    if !paths.is_empty() {
        let explained = Explainer::of(gathered, gathered.schema).explain(&paths);
        for share in &mut shares {
            let found = explained.iter().find(|explained| explained.path == share.path);
            share.origin = found.and_then(|explained| explained.origin.clone());
        }
    }
    let need = shares.iter().fold(0_u64, |sum, share| sum.saturating_add(share.need.0));
    Budget {
        profile: profile.map(|profile| profile.name().to_owned()),
        memory: profile.and_then(Profile::memory),
        need: ByteSize(need),
        shares,
    }
}

fn share(field: &'static Field, leaf: &typed::Leaf<'_>) -> Option<Share> {
    let cost = cost(field)?;
    if matches!(leaf.value, Held::Absent | Held::Empty(_)) {
        return None;
    }
    let document = leaf.value.to_document();
    let units = units(field, Raw::Node(&document, NodeId::ROOT))?;
    let value = Value::of_document(&document);
    let value = if leaf.is_secret() { typed::mask(value) } else { value };
    Some(Share { path: leaf.path.clone(), value, cost, need: needed(units, cost), origin: None })
}

fn cost(field: &Field) -> Option<ByteSize> {
    let cost = field.meta.rare().cost;
    (!cost.is_empty()).then(|| text::parse_size(cost, "").map(ByteSize))?
}

/// How many units a value has.
fn units(field: &'static Field, raw: Raw<'_>) -> Option<f64> {
    let FieldKind::Leaf(leaf) = field.kind else { return None };
    let text = Value::of(raw).to_text();
    match leaf.shape().kind {
        LeafKind::Size => text::parse_size(&text, field.meta.rare().unit).map(|bytes| bytes as f64),
        _ => text.parse().ok(),
    }
}

/// What takes less than nothing takes nothing; what is beyond all measure, all there is.
fn needed(units: f64, cost: ByteSize) -> ByteSize {
    ByteSize((units * cost.0 as f64).ceil() as u64)
}

/// Judges what a configuration needs by what the profile has.
pub(super) fn judge(gathered: &mut Gathered, config: &dyn Section, profile: &Profile) {
    let Some(memory) = profile.memory() else { return };
    let budget = of(gathered, config);
    let (Some(excess), Some(largest)) = (budget.excess(), budget.shares.first()) else { return };
    let fits_the_board = budget.need <= memory.total;
    let lenient = gathered.run.mode == Mode::Lenient;
    let message = format!(
        "profile {}: the configuration needs {} of memory, and {} may be used: {}",
        profile.name(),
        show(budget.need),
        show(memory.ceiling),
        named(&budget)
    );
    let severity = if fits_the_board { Severity::Warning } else { Severity::Error };
    let mut finding = Finding::new(severity, code::BUDGET, largest.path.clone(), message);
    finding.help = Some(advice(gathered, &budget, excess));
    let explainer = Explainer::of(gathered, gathered.schema);
    let all = explainer.explain(&[]);
    if let Some((origin, spot)) = judge::locate(&explainer, &all, &finding.path) {
        (finding.origin, finding.spot) = (Some(origin), spot);
    }
    finding.related = budget
        .shares
        .iter()
        .skip(1)
        .take(NAMED - 1)
        .map(|share| Related { path: share.path.clone(), origin: share.origin.clone() })
        .collect();
    if lenient && let Some((path, value)) = fallback(gathered, &budget) {
        finding.severity = Severity::Warning;
        finding.help = Some(format!("the fallback {} of `{path}` is used", crate::rules::show(&value)));
        gathered.run.replacements.push(finding);
        let rule = format!("profile {}", profile.name());
        gathered.run.replaced.push(crate::build::Replaced { path: path.to_string(), value, rule });
        return;
    }
    gathered.run.report.push(finding);
}

/// The largest share whose fallback takes less than its value does.
fn fallback(gathered: &Gathered, budget: &Budget) -> Option<(FieldPath, Lit)> {
    budget.shares.iter().find_map(|share| {
        let field = crate::build::field_at(gathered.schema, &share.path)?;
        let fallback = field.meta.rare().fallback?;
        let is_new = gathered.run.replaced.iter().all(|replaced| replaced.path != share.path.as_str());
        let less = needed(units(field, Raw::Lit(&fallback))?, share.cost) < share.need;
        (is_new && less).then(|| (share.path.clone(), fallback))
    })
}

fn named(budget: &Budget) -> String {
    let mut text = String::new();
    for (index, share) in budget.shares.iter().take(NAMED).enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(&format!("`{}` = {} takes {}", share.path, share.value.to_text(), show(share.need)));
    }
    match budget.shares.len().checked_sub(NAMED) {
        Some(others) if others > 0 => {
            let rest = budget.shares[NAMED..].iter().fold(0_u64, |sum, share| sum.saturating_add(share.need.0));
            format!("{text}, and {others} others {}", show(ByteSize(rest)))
        }
        _ => text,
    }
}

/// Which of the named shares would have to be lowered, and how far, for all of it to fit.
fn advice(gathered: &Gathered, budget: &Budget, excess: ByteSize) -> String {
    let shares = || budget.shares.iter().take(NAMED);
    let lowered = |share: &Share| {
        let left = share.need.0.checked_sub(excess.0)?;
        let units = (left / share.cost.0.max(1)) as f64;
        let field = crate::build::field_at(gathered.schema, &share.path)?;
        let FieldKind::Leaf(leaf) = field.kind else { return None };
        let is_size = leaf.shape().kind == LeafKind::Size;
        let most = if is_size { show_at_most(units as u64) } else { units.to_string() };
        let lit = if is_size { Lit::Int(units as i128) } else { Lit::Float(units) };
        let is_allowed = !field.meta.rules.iter().any(|rule| super::applied::breaks(field, &lit, rule));
        (units >= 1.0 && is_allowed).then(|| format!("`{}` to at most {most}", share.path))
    };
    let alone: Vec<String> = shares().filter_map(lowered).collect();
    if alone.is_empty() {
        let names: Vec<String> = shares().map(|share| format!("`{}`", share.path)).collect();
        return format!("lower {}: together they take {} too much", names.join(" and "), show(excess));
    }
    format!("lower {}", alone.join(", or "))
}

const MEGABYTE: u64 = 1_000_000;

/// A limit in whole megabytes, where it is that large: never more than the limit.
fn show_at_most(bytes: u64) -> String {
    let whole = if bytes < MEGABYTE { bytes } else { bytes / MEGABYTE * MEGABYTE };
    ByteSize(whole).to_string()
}

/// A size for people: megabytes, where it is that large.
fn show(size: ByteSize) -> String {
    if size.0 < MEGABYTE || size.0.is_multiple_of(MEGABYTE) || size.0.is_multiple_of(1 << 20) {
        return size.to_string();
    }
    // Rounded up, so that what does not fit never looks as if it did.
    let tenths = size.0.div_ceil(MEGABYTE / 10);
    format!("{}.{}MB", tenths / 10, tenths % 10)
}
