//! What a flag serves, in a few words, for lists of flags.

use super::{Definition, Moment, Serve, Split};

impl Definition {
    /// What it serves at a moment, in a few words: `25%`, `on`, `2 rules, then off`, `a:1 b:1 to 10%`.
    #[must_use]
    pub fn summary(&self, at: Moment) -> String {
        let own = |variant: Option<&str>| variant.map_or_else(|| "program's default".to_owned(), str::to_owned);
        if !self.status.is_enabled() {
            return own(self.off_variant.as_deref());
        }
        if let Some(variant) = &self.forced {
            return format!("{variant} (forced)");
        }
        let rest = match &self.fallthrough {
            Some(serve) => serve.summary(at),
            None => own(self.default_variant.as_deref()),
        };
        let units: usize = self.targets.iter().map(|target| target.unit.len()).sum();
        let parts: Vec<String> = [(units, "target"), (self.rules.len(), "rule")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| format!("{number} {noun}{}", if number == 1 { "" } else { "s" }))
            .collect();
        if parts.is_empty() { rest } else { format!("{}, then {rest}", parts.join(", ")) }
    }
}

impl Serve {
    fn summary(&self, at: Moment) -> String {
        match self {
            Self::Variant(variant) => variant.clone(),
            Self::CodeDefault => "program's default".to_owned(),
            Self::Split(part) => split(part, &part.coverage.to_string()),
            Self::Logic(_) => "a rule of JsonLogic".to_owned(),
            Self::Ramp(ramp) => format!("ramp, now {}", split(&ramp.split, &ramp.coverage(at).to_string())),
        }
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
