//! Strategies: for whom they hold, and how many of those they reach.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Options;
use super::constraint::{all, all_of, attribute, compared, is_one_of, networks, never};
use super::read::{Notes, Object};
use crate::bucket::Algorithm;
use crate::model::{Condition, Operator, Segment, Share, Split, Test};

/// The field under which a program tells the name of its host, which Unleash's clients ask their system for.
const HOSTNAME: &str = "hostname";

/// What a strategy comes to, variants aside.
#[derive(Debug)]
pub(super) struct Strategy {
    pub(super) name: String,
    /// For whom it holds.
    pub(super) when: Condition,
    /// The share of those that it reaches; all of them where there is none.
    pub(super) share: Option<Split>,
    /// What its own variants are shared out by.
    pub(super) group: String,
    pub(super) stickiness: Option<String>,
}

/// What a strategy is read with.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) feature: &'a str,
    pub(super) options: &'a Options,
    pub(super) segments: &'a BTreeMap<String, Segment>,
    pub(super) refused_segments: &'a BTreeSet<String>,
}

impl Strategy {
    pub(super) fn read(strategy: &Object, around: Around<'_>, notes: &mut Notes) -> Self {
        let name = notes.text(strategy, "name").unwrap_or_else(|| {
            notes.problem("a strategy needs `name`");
            Default::default()
        });
        let mut conditions = vec![segments(strategy, around, notes), all_of(strategy, notes)];
        if notes.boolean(strategy, "disabled").unwrap_or(false) {
            conditions.push(never());
        }
        let parameters = notes.object(strategy, "parameters").cloned().unwrap_or_default();
        let (own, share) = notes.within("parameters", |notes| kind(name, &parameters, around, notes));
        conditions.push(own);
        let text = |key: &str, notes: &mut Notes| {
            notes.within("parameters", |notes| notes.scalar(&parameters, key)).filter(|text| !text.is_empty())
        };
        Self {
            name: name.to_owned(),
            when: all(conditions),
            share,
            group: text("groupId", notes).unwrap_or_else(|| around.feature.to_owned()),
            stickiness: text("stickiness", notes),
        }
    }
}

fn segments(strategy: &Object, around: Around<'_>, notes: &mut Notes) -> Condition {
    let ids = notes.scalars(strategy, "segments");
    let one = |id: String| {
        if around.segments.contains_key(&id) {
            return Condition::Segment(id);
        }
        notes.within("segments", |notes| match around.refused_segments.contains(&id) {
            true => notes.problem(format_args!("the segment {id} is refused")),
            false => notes.warning(format_args!("there is no segment {id}, so the strategy never holds")),
        });
        never()
    };
    all(ids.into_iter().map(one).collect())
}

/// For whom a kind of strategy holds, and how many it reaches.
fn kind(name: &str, parameters: &Object, around: Around<'_>, notes: &mut Notes) -> (Condition, Option<Split>) {
    let everybody = Condition::default();
    match name {
        "default" => (everybody, None),
        "userWithId" => (is_one_of("userId", listed(parameters, "userIds", notes)), None),
        "remoteAddress" => {
            let texts = listed(parameters, "IPs", notes);
            let values = notes.within("IPs", |notes| networks(texts, notes));
            (compared("remoteAddress", Operator::InNetwork, values), None)
        }
        "applicationHostname" => {
            notes.warning(format_args!("asks the context's `{HOSTNAME}`: the program has to say it"));
            let values: Vec<Json> = listed(parameters, "hostNames", notes).into_iter().map(Json::from).collect();
            let is_host = Test {
                attribute: HOSTNAME.to_owned(),
                op: Operator::In,
                values: values.clone(),
                ignore_case: true,
                negate: false,
            };
            (if values.is_empty() { never() } else { Condition::Test(is_host) }, None)
        }
        "gradualRolloutUserId" => rollout("percentage", "userId", "", parameters, around, notes),
        "gradualRolloutSessionId" => rollout("percentage", "sessionId", "", parameters, around, notes),
        "gradualRolloutRandom" => rollout("percentage", "random", "", parameters, around, notes),
        "flexibleRollout" => {
            let stickiness = notes.scalar(parameters, "stickiness").filter(|text| !text.is_empty());
            let stickiness = stickiness.as_deref().unwrap_or("default");
            rollout("rollout", stickiness, around.feature, parameters, around, notes)
        }
        "" => (never(), None),
        unknown => {
            notes.warning(format_args!(
                "`{}` is no strategy of Unleash's own, so it never holds",
                unknown.escape_debug()
            ));
            (never(), None)
        }
    }
}

/// A list in a text, parted by commas.
fn listed(parameters: &Object, name: &str, notes: &mut Notes) -> Vec<String> {
    let text = notes.scalar(parameters, name).unwrap_or_default();
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn rollout(
    percent: &str,
    stickiness: &str,
    usual_group: &str,
    parameters: &Object,
    around: Around<'_>,
    notes: &mut Notes,
) -> (Condition, Option<Split>) {
    let text = notes.scalar(parameters, percent).unwrap_or_default();
    let Some(coverage) = text.trim().parse().ok().and_then(Share::from_percent) else {
        notes.within(percent, |notes| {
            notes.warning(format_args!("`{}` is no percentage, so it never holds", text.escape_debug()));
        });
        return (never(), None);
    };
    let group = notes.scalar(parameters, "groupId").filter(|group| !group.is_empty());
    let is_random = matches!(stickiness, "default" | "random");
    match coverage {
        Share::NOBODY => return (never(), None),
        // Whom chance would place is placed within all. Another stickiness leaves out whoever lacks its field.
        Share::EVERYBODY if is_random => return (Condition::default(), None),
        _ => {}
    }
    let Some(split) = sticky(stickiness, around.options, notes) else {
        return (never(), None);
    };
    let salt = Some(group.unwrap_or_else(|| usual_group.to_owned()));
    (Condition::default(), Some(Split { salt, coverage, ..split }))
}

/// A split by what a rollout or a choice is sticky to; none, with a problem, where that is chance.
pub(super) fn sticky(stickiness: &str, options: &Options, notes: &mut Notes) -> Option<Split> {
    let (by, fallback) = match (stickiness, &options.random_as) {
        // The user, or else the session, or else chance: who is neither is left out.
        ("default", _) => (None, Some("sessionId")),
        ("random", None) => {
            notes.problem(
                "it is up to chance, and nothing is random here: say which field of the context it should be sticky to",
            );
            return None;
        }
        ("random", Some(field)) => (Some(field.as_str()), None),
        ("userId", _) => (None, None),
        (field, _) => (Some(field), None),
    };
    Some(Split {
        algorithm: Algorithm::Unleash,
        bucket_by: by.map(attribute).into_iter().collect(),
        fallback_by: fallback.map(attribute).into_iter().collect(),
        ..Split::default()
    })
}
