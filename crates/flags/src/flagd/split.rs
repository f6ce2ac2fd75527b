//! Splits of ours as flagd's `fractional`, where units keep their variants.

use serde_json::{Value as Json, json};

use super::check::within;
use super::condition::check_attribute;
use crate::bucket::{Algorithm, BUCKETS};
use crate::compile::Problems;
use crate::context::TARGETING_KEY;
use crate::logic::HEAVIEST;
use crate::model::{Share, Split};

/// How splits are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Splits<'s> {
    pub(super) flag: &'s str,
    pub(super) fractional: Algorithm,
    pub(super) approximates: bool,
}

/// A split as a rule.
#[derive(Debug)]
pub(super) enum Written {
    /// It serves nobody.
    Nobody,
    /// What it serves to those who have all these attributes.
    To { attributes: Vec<String>, serve: Json, is_approximate: bool },
}

impl Splits<'_> {
    /// `rest` is what those get whom the split leaves out.
    pub(super) fn split(&self, split: &Split, rest: &Json, problems: &mut Problems) -> Written {
        let attributes = match split.bucket_by.is_empty() {
            true => vec![TARGETING_KEY.to_owned()],
            false => split.bucket_by.clone(),
        };
        if split.coverage == Share::NOBODY {
            return Written::Nobody;
        }
        for (index, name) in split.bucket_by.iter().enumerate() {
            within("bucket_by", problems, |problems| {
                within(index, problems, |problems| check_attribute(name, problems))
            });
        }
        if !split.fallback_by.is_empty() {
            within("fallback_by", problems, |problems| problems.push("flagd knows no second choice of attributes"));
        }
        let weights: Vec<(String, u64)> = match split.weights.is_empty() {
            true => vec![("on".to_owned(), 1)],
            false => split.weights.iter().map(|weight| (weight.variant.clone(), weight.weight.into())).collect(),
        };
        let is_whole = split.coverage == Share::EVERYBODY && split.ranges.is_none();
        let mut weighty = weights.iter().filter(|(_, weight)| *weight > 0);
        if let (true, Algorithm::Native1 | Algorithm::FlagdV3, Some((variant, _)), None) =
            (is_whole, split.algorithm, weighty.next(), weighty.next())
        {
            return Written::To { attributes, serve: variant.as_str().into(), is_approximate: false };
        }
        let is_exact = is_whole && split.algorithm == self.fractional;
        let is_near = self.approximates && split.ranges.is_none();
        if !is_exact && !is_near {
            problems.push(format!(
                "flagd would place units otherwise than a split by `{}` with a coverage of {}",
                split.algorithm, split.coverage
            ));
        }
        let salt = split.choice_salt.as_ref().filter(|_| is_exact).or(split.salt.as_ref());
        let buckets = match is_exact {
            true => weights.iter().map(|(variant, weight)| (variant.as_str().into(), *weight)).collect(),
            false => self.approximated(split, &weights, rest, problems),
        };
        let sum: u64 = buckets.iter().map(|(_, weight)| weight).sum();
        if sum > HEAVIEST {
            within("weights", problems, |problems| problems.push(format!("flagd adds up to {HEAVIEST} at most")));
        }
        let buckets = buckets.into_iter().map(|(serve, weight)| json!([serve, weight]));
        let operands: Vec<Json> = self.unit(salt, &attributes).into_iter().chain(buckets).collect();
        Written::To { attributes, serve: json!({"fractional": operands}), is_approximate: !is_exact }
    }

    /// Coverage and weights as weights alone; who is left out gets the rest.
    fn approximated(
        &self,
        split: &Split,
        weights: &[(String, u64)],
        rest: &Json,
        problems: &mut Problems,
    ) -> Vec<(Json, u64)> {
        if self.fractional == Algorithm::FlagdV2 && rest.is_object() && split.coverage != Share::EVERYBODY {
            problems.push("rules after a split with a coverage take the newer `fractional`");
        }
        let coverage = u64::from(split.coverage.steps());
        let sum: u64 = weights.iter().map(|(_, weight)| weight).sum();
        let left_out = (rest.clone(), sum * (u64::from(BUCKETS) - coverage));
        let buckets = weights.iter().map(|(variant, weight)| (variant.as_str().into(), weight * coverage));
        let buckets: Vec<(Json, u64)> = buckets.chain([left_out]).filter(|(_, weight)| *weight > 0).collect();
        let divisor = buckets.iter().fold(0, |divisor, (_, weight)| greatest_common_divisor(divisor, *weight)).max(1);
        buckets.into_iter().map(|(serve, weight)| (serve, weight / divisor)).collect()
    }

    /// What is hashed; none for the flag's key and the targeting key, which `fractional` takes by itself.
    fn unit(&self, salt: Option<&String>, attributes: &[String]) -> Option<Json> {
        let salt = salt.filter(|salt| *salt != self.flag);
        if salt.is_none() && attributes == [TARGETING_KEY] {
            return None;
        }
        let salt = salt.map_or(json!({"var": "$flagd.flagKey"}), |salt| salt.as_str().into());
        let mut parts = vec![salt];
        for (index, name) in attributes.iter().enumerate() {
            if index > 0 {
                parts.push(":".into());
            }
            parts.push(json!({"var": name}));
        }
        Some(json!({"cat": parts}))
    }
}

fn greatest_common_divisor(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}
