//! `flags list`: what there is.

use std::collections::BTreeMap;

use serde::Serialize;
use strata_config_core::LayeredConfig;
use strata_config_flags::model::{Flag, Moment, Segment, Trip};
use strata_config_flags::{FlagSet, Flags, Stale, Staleness};

use super::view::{Following, Place, View};
use crate::columns;
use crate::context::Context;
use crate::explain::escaped;
use crate::options::Format;
use crate::output::Output;

/// The shape of `--format json`.
#[derive(Serialize)]
struct Answer<'a> {
    /// Every flag is off.
    kill_switch: bool,
    flags: Vec<Listed<'a>>,
    segments: BTreeMap<&'a str, &'a Segment>,
}

/// A flag.
#[derive(Serialize)]
struct Listed<'a> {
    key: &'a str,
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    status: &'static str,
    /// What it serves, in a few words.
    serves: String,
    description: Option<String>,
    owner: Option<String>,
    lifecycle: Option<&'static str>,
    expires: Option<Moment>,
    /// Signs that it has outlived its use.
    stale: Vec<&'static str>,
    guard: Option<Guarded<'a>>,
    origin: Option<Place>,
    definition: &'a Flag,
}

/// What a flag's guard does now: `closed`, or `tripped` and why.
#[derive(Serialize)]
struct Guarded<'a> {
    state: &'static str,
    action: &'static str,
    trip: Option<&'a Trip>,
}

pub(super) fn run<C: LayeredConfig>(context: &Context<'_, C>) -> Result<Output, Output> {
    let following = context.flags()?;
    let view = following.flags.get();
    let answer = answer(&view, &following);
    if context.options.format == Format::Json {
        return Ok(Output::json(&answer));
    }
    if answer.flags.is_empty() {
        return Ok(Output::text("no flags\n"));
    }
    let dash = || "-".to_owned();
    let rows = answer.flags.iter().map(|flag| {
        [
            escaped(flag.key),
            flag.kind.unwrap_or("-").to_owned(),
            flag.status.to_owned(),
            escaped(&flag.serves),
            flag.owner.as_deref().map_or_else(dash, escaped),
            age(flag),
            flag.guard.as_ref().map_or("-", |guard| guard.state).to_owned(),
            flag.origin.as_ref().map_or_else(dash, |place| format!("{} ({})", place.words, place.path)),
        ]
    });
    let titles = ["KEY", "TYPE", "STATUS", "SERVES", "OWNER", "STALE", "GUARD", "ORIGIN"];
    let text = columns::render(titles, rows, &context.terminal);
    let killed = if answer.kill_switch { "\nthe kill switch is on: every flag is off\n" } else { "" };
    Ok(Output::text(text + killed))
}

fn answer<'a, C: LayeredConfig>(view: &'a View, following: &Following<C>) -> Answer<'a> {
    let (set, now) = (&view.set, Moment::now());
    let mut signs = signs(set, now);
    let places = following.places();
    let listed = |key: &'a str| {
        let flag = set.definition(key)?;
        let definition = flag.definition();
        let lifecycle = definition.lifecycle.clone().unwrap_or_default();
        let trip = set.trip(key);
        let guard = definition.guard.as_ref().map(|guard| Guarded {
            state: if trip.is_some() { "tripped" } else { "closed" },
            action: guard.action.as_str(),
            trip,
        });
        Some(Listed {
            key,
            kind: definition.value_type().map(|kind| kind.as_str()),
            status: definition.status.as_str(),
            serves: definition.summary(now),
            description: definition.description.clone(),
            owner: lifecycle.owner,
            lifecycle: lifecycle.kind.map(|kind| kind.as_str()),
            expires: lifecycle.expires,
            stale: signs.remove(key).unwrap_or_default(),
            guard,
            origin: places.of(key),
            definition: flag,
        })
    };
    Answer {
        kill_switch: set.is_killed(),
        flags: set.keys().filter_map(listed).collect(),
        segments: set.segments().collect(),
    }
}

/// The signs that the definitions alone tell: nobody has asked for any flag in this process.
fn signs(set: &FlagSet, now: Moment) -> BTreeMap<String, Vec<&'static str>> {
    // It was compiled a moment ago.
    let Ok(set) = FlagSet::compile(set.sources(), Some(set)) else { return BTreeMap::new() };
    let words = |stale: Stale| (stale.key, stale.signs.iter().map(Staleness::as_str).collect());
    Flags::new(set).stale(now).into_iter().map(words).collect()
}

/// Until when it is meant to live, in a few words.
fn age(flag: &Listed<'_>) -> String {
    let day = |moment: Moment| moment.to_string().chars().take(10).collect::<String>();
    let is_expired = flag.stale.contains(&"expired");
    let expires =
        flag.expires.map(|moment| format!("{} {}", if is_expired { "expired" } else { "until" }, day(moment)));
    let is_constant = flag.lifecycle.is_some() && flag.stale.contains(&"constant_in_configuration");
    let parts: Vec<String> = expires.into_iter().chain(is_constant.then(|| "constant".to_owned())).collect();
    if parts.is_empty() { "-".to_owned() } else { parts.join(", ") }
}
