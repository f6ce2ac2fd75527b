//! Changes of one thing about a flag, where the rest of its definition stays: its share, its status, its ramp.

use serde_json::{Value as Json, json};

use super::{Definition, Flag, Ramp, Serve, Share, Split, Status, Weight};

/// Why a flag's share can't be changed by a number alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoShare {
    /// Its fallthrough is a rule of JsonLogic.
    Logic,
    /// Nothing says which variant the share would get.
    NoVariant,
}

impl Flag {
    /// The flag that serves to this share of all units what it serves to everybody or a share now. The rest of its
    /// definition stays, the salt among it, so that who has it keeps it while the share grows; a ramp ends.
    ///
    /// # Errors
    /// Nothing says what the share would get.
    pub fn with_share(&self, coverage: Share) -> Result<Self, NoShare> {
        let Self::Defined(definition) = self else { return Ok(Self::Share(coverage)) };
        let split = definition.split()?;
        let fallthrough = Some(Serve::Split(Split { coverage, ..split }));
        Ok(Definition { fallthrough, ..(**definition).clone() }.in_a_word())
    }

    /// The flag in use, or turned off. The rest of its definition stays.
    #[must_use]
    pub fn with_use(&self, is_used: bool) -> Self {
        if let Self::Switch(_) = self {
            return Self::Switch(is_used);
        }
        let status = if is_used { Status::Enabled } else { Status::Disabled };
        let definition = self.definition().into_owned();
        // What is off for a reason of its own stays so, until it is used again.
        let status = if !is_used && !definition.status.is_enabled() { definition.status } else { status };
        Definition { status, ..definition }.in_a_word()
    }

    /// Whether it is in use: not a flag whose status says otherwise, and not one that is plainly off.
    #[must_use]
    pub fn is_used(&self) -> bool {
        *self != Self::Switch(false) && self.definition().status.is_enabled()
    }

    /// The definition whose fallthrough is this ramp, as it is written: what is wrong with the ramp is told by whoever
    /// reads it. A ramp that says nothing of its split gets that of the flag.
    ///
    /// # Errors
    /// Nothing says what those who take part would get.
    pub fn with_ramp(&self, mut ramp: Json) -> Result<Json, NoShare> {
        let definition = self.definition();
        if let Some(members) = ramp.as_object_mut().filter(|members| !members.contains_key("split")) {
            let split = Split { coverage: Share::EVERYBODY, ..definition.split()? };
            if split != Split::default() {
                members.insert("split".to_owned(), json!(split));
            }
        }
        let mut written = json!(Definition { fallthrough: None, ..definition.into_owned() });
        written["fallthrough"] = json!({ "ramp": ramp });
        Ok(written)
    }
}

impl Definition {
    /// The split of its fallthrough, or the one that gives everybody what everybody gets.
    fn split(&self) -> Result<Split, NoShare> {
        let only = |variant: &str| Split {
            weights: vec![Weight { variant: variant.to_owned(), weight: 1 }],
            ..Split::default()
        };
        match &self.fallthrough {
            Some(Serve::Split(split)) => Ok(split.clone()),
            Some(Serve::Ramp(Ramp { split, .. })) => Ok(split.clone()),
            Some(Serve::Logic(_)) => Err(NoShare::Logic),
            _ if self.has_plain_variants() => Ok(Split::default()),
            // A share of the default variant would be everybody, whatever the share.
            Some(Serve::Variant(variant)) if self.default_variant.as_ref() != Some(variant) => Ok(only(variant)),
            _ => Err(NoShare::NoVariant),
        }
    }

    /// The flag, as a share where it says nothing else.
    fn in_a_word(self) -> Flag {
        match &self.fallthrough {
            Some(Serve::Split(split)) if self == Self::boolean(Serve::share(split.coverage)) => {
                Flag::Share(split.coverage)
            }
            _ => Flag::from(self),
        }
    }
}

impl std::fmt::Display for NoShare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Logic => "a rule of JsonLogic decides about this flag, and no share",
            Self::NoVariant => "nothing says which variant the share would get: set the whole definition",
        })
    }
}

impl std::error::Error for NoShare {}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(definition: Json) -> Flag {
        serde_json::from_value(definition).unwrap()
    }

    fn share(text: &str) -> Share {
        text.parse().unwrap()
    }

    #[test]
    fn a_flag_in_a_word_stays_one() {
        for word in [json!(true), json!(false), json!("25%"), json!("canary")] {
            assert_eq!(json!(flag(word).with_share(share("12.345%")).unwrap()), json!("12.345%"));
        }
        let off = flag(json!("25%")).with_use(false);
        assert_eq!((off.is_used(), json!(off.with_use(true))), (false, json!("25%")));
        assert_eq!(json!(flag(json!(true)).with_use(false)), json!(false));
    }

    #[test]
    fn only_the_share_changes() {
        let before = json!({
            "variants": {"a": 1, "b": 2, "c": 3}, "default_variant": "c", "metadata": {"team": "x"},
            "rules": [{"id": "staff", "when": {"attribute": "staff", "op": "in", "values": [true]}, "serve": "a"}],
            "fallthrough": {"split": {"algorithm": "native-1", "salt": "s", "coverage": "10%",
                "weights": [{"variant": "a", "weight": 1}, {"variant": "b", "weight": 3}]}},
        });
        let mut after = json!(flag(before.clone()).with_share(share("11%")).unwrap());
        assert_eq!(after["fallthrough"]["split"]["coverage"], "11%");
        after["fallthrough"]["split"]["coverage"] = json!("10%");
        assert_eq!(after, json!(flag(before)));
    }

    #[test]
    fn a_variant_for_everybody_becomes_one_for_a_share() {
        let variants = json!({"a": 1, "b": 2});
        let to_all = flag(json!({"variants": variants, "default_variant": "b", "fallthrough": "a"}));
        let after = json!(to_all.with_share(share("5%")).unwrap());
        assert_eq!(after["fallthrough"]["split"]["weights"], json!([{"variant": "a", "weight": 1}]));
        let to_nobody = flag(json!({"variants": variants, "default_variant": "b", "fallthrough": "b"}));
        assert_eq!(to_nobody.with_share(share("5%")), Err(NoShare::NoVariant));
    }

    #[test]
    fn a_ramp_takes_the_split_that_is_there_and_ends_with_a_share() {
        let split = flag(json!({"fallthrough": {"split": {"salt": "s", "coverage": "1%"}}, "off_variant": "off"}));
        let steps = json!([{"at": "2026-11-21T08:00:00Z", "coverage": "50%"}]);
        let ramped = flag(split.with_ramp(json!({ "steps": steps })).unwrap());
        let written = json!(ramped);
        assert_eq!(written["fallthrough"]["ramp"]["split"]["salt"], "s");
        assert_eq!((&written["fallthrough"]["ramp"]["steps"], &written["off_variant"]), (&steps, &json!("off")));
        let ended = json!(ramped.with_share(share("7%")).unwrap());
        assert_eq!((&ended["fallthrough"]["split"]["salt"], &ended["off_variant"]), (&json!("s"), &json!("off")));
    }

    #[test]
    fn what_is_off_for_a_reason_stays_so() {
        let broken = flag(json!({"status": "maintenance"}));
        assert_eq!(broken.with_use(false).definition().status, Status::Maintenance);
        assert!(broken.with_use(true).is_used());
    }
}
