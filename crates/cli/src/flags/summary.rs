//! What a flag serves, in a few words.

use strata_config_flags::model::{Definition, Moment, Serve, Split};

/// What a flag serves, in a few words: `25%`, `on`, `2 rules, then off`, `a:1 b:1 to 10%`.
pub(super) fn serves(definition: &Definition, now: Moment) -> String {
    let own = |variant: Option<&str>| variant.map_or_else(|| "program's default".to_owned(), str::to_owned);
    if !definition.status.is_enabled() {
        return own(definition.off_variant.as_deref());
    }
    if let Some(variant) = &definition.forced {
        return format!("{variant} (forced)");
    }
    let rest = match &definition.fallthrough {
        Some(serve) => of(serve, now),
        None => own(definition.default_variant.as_deref()),
    };
    let units: usize = definition.targets.iter().map(|target| target.unit.len()).sum();
    let parts: Vec<String> = [(units, "target"), (definition.rules.len(), "rule")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| crate::check::count(number, noun))
        .collect();
    if parts.is_empty() { rest } else { format!("{}, then {rest}", parts.join(", ")) }
}

fn of(serve: &Serve, now: Moment) -> String {
    match serve {
        Serve::Variant(variant) => variant.clone(),
        Serve::CodeDefault => "program's default".to_owned(),
        Serve::Split(part) => split(part, &part.coverage.to_string()),
        Serve::Logic(_) => "a rule of JsonLogic".to_owned(),
        Serve::Ramp(ramp) => format!("ramp, now {}", split(&ramp.split, &ramp.coverage(now).to_string())),
    }
}

/// The variants by weight, and the share of units; the variant `on` alone goes without saying.
fn split(split: &Split, coverage: &str) -> String {
    match split.weights.as_slice() {
        [] => coverage.to_owned(),
        [only] if only.variant == "on" => coverage.to_owned(),
        [only] => format!("{} to {coverage}", only.variant),
        several => {
            let weights: Vec<String> =
                several.iter().map(|weight| format!("{}:{}", weight.variant, weight.weight)).collect();
            format!("{} to {coverage}", weights.join(" "))
        }
    }
}
