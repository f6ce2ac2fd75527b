//! What `profile` tells, in the shape of its JSON.

use serde::Serialize;
use serde_json::{Value as Json, json};
use strata_config_core::schema::Lit;
use strata_config_core::{Because, Budget, ByteSize, Memory, Profile, Schema, Value, options};
use strata_config_pi_profile::{Board, Condition, Throttled};

use super::Found;

/// The answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    pub(super) board: BoardView,
    pub(super) profile: Option<String>,
    pub(super) chosen_by: &'static str,
    pub(super) memory: Option<MemoryView>,
    pub(super) profiles: Vec<String>,
    pub(super) settings: Vec<Setting>,
    pub(super) budget: Option<BudgetView>,
    /// What a profile of the user's own is for.
    #[serde(skip)]
    pub(super) description: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct BoardView {
    #[serde(flatten)]
    json: Json,
    #[serde(skip)]
    pub(super) found: Board,
}

#[derive(Debug, Serialize)]
pub(super) struct MemoryView {
    pub(super) total: u64,
    pub(super) ceiling: u64,
    pub(super) system: u64,
}

/// What the profile says of a setting.
#[derive(Debug, Serialize)]
pub(super) struct Setting {
    pub(super) path: String,
    pub(super) default: Json,
    pub(super) profile_default: Json,
    pub(super) min: Json,
    pub(super) max: Json,
    pub(super) hard: bool,
    pub(super) because: String,
}

/// What the defaults need.
#[derive(Debug, Serialize)]
pub(super) struct BudgetView {
    pub(super) need: u64,
    pub(super) ceiling: Option<u64>,
    pub(super) total: Option<u64>,
    pub(super) fits: bool,
    pub(super) shares: Vec<ShareView>,
}

#[derive(Debug, Serialize)]
pub(super) struct ShareView {
    pub(super) path: String,
    pub(super) value: Value,
    pub(super) cost: u64,
    pub(super) need: u64,
}

impl View {
    pub(super) fn of(found: &Found, schema: &'static Schema, budget: Option<Budget>) -> Self {
        let profile = found.chosen.profile.as_ref();
        Self {
            board: BoardView { json: board(&found.board), found: found.board.clone() },
            profile: profile.map(|profile| profile.name().to_owned()),
            chosen_by: found.chosen.by.as_str(),
            memory: profile.and_then(Profile::memory).map(MemoryView::of),
            profiles: found.profiles.names(schema),
            settings: profile.map(|profile| settings(profile, schema)).unwrap_or_default(),
            budget: budget.filter(|budget| !budget.shares.is_empty()).map(BudgetView::of),
            description: profile.and_then(|profile| found.profiles.description(profile.name())).map(str::to_owned),
        }
    }
}

impl MemoryView {
    fn of(memory: Memory) -> Self {
        let (total, ceiling) = (memory.total.bytes(), memory.ceiling.bytes());
        Self { total, ceiling, system: total.saturating_sub(ceiling) }
    }
}

impl BudgetView {
    fn of(budget: Budget) -> Self {
        let share = |share: strata_config_core::Share| ShareView {
            path: share.path.to_string(),
            value: share.value,
            cost: share.cost.bytes(),
            need: share.need.bytes(),
        };
        Self {
            need: budget.need.bytes(),
            ceiling: budget.memory.map(|memory| memory.ceiling.bytes()),
            total: budget.memory.map(|memory| memory.total.bytes()),
            fits: budget.excess().is_none(),
            shares: budget.shares.into_iter().map(share).collect(),
        }
    }
}

/// Every setting of which the profile says something.
fn settings(profile: &Profile, schema: &'static Schema) -> Vec<Setting> {
    let values = profile.layer().map(|layer| Value::of_document(layer.document()));
    let settings = options(schema).into_iter().filter_map(|option| {
        let said = profile.of_setting(option.field, &option.path);
        let value = values.as_ref().and_then(|values| values.at(&option.path)).filter(|_| !option.field.is_secret());
        if said.is_none() && value.is_none() {
            return None;
        }
        let bound = |lit: Option<Lit>| lit.as_ref().map_or(Json::Null, json_of);
        let default = match option.field.meta.default {
            strata_config_core::schema::Default::Lit(lit) if !option.field.is_secret() => json_of(&lit),
            _ => Json::Null,
        };
        let because = match said.as_ref().map(|said| said.because) {
            Some(Because::Class(class)) => format!("class {class}"),
            Some(Because::Attribute) => "attribute".to_owned(),
            Some(Because::Setting) | None => "setting".to_owned(),
        };
        let hard = said.as_ref().is_some_and(|said| said.hard);
        let (own, min, max) = said.map_or((None, None, None), |said| (said.default, said.min, said.max));
        let own = value.map_or_else(|| bound(own), |value| json!(value));
        let path = option.path.to_string();
        Some(Setting { path, default, profile_default: own, min: bound(min), max: bound(max), hard, because })
    });
    settings.collect()
}

fn json_of(lit: &Lit) -> Json {
    match lit {
        Lit::Null => Json::Null,
        Lit::Bool(value) => json!(value),
        Lit::Int(value) => i64::try_from(*value).map_or_else(|_| json!(value.to_string()), |value| json!(value)),
        Lit::Float(value) => json!(value),
        Lit::Str(text) => json!(text),
        Lit::List(items) => items.iter().map(json_of).collect(),
        Lit::Map(entries) => entries.iter().map(|(key, value)| ((*key).to_owned(), json_of(value))).collect(),
    }
}

fn board(board: &Board) -> Json {
    let size = |size: Option<ByteSize>| size.map(ByteSize::bytes);
    json!({
        "model": board.model,
        "compatible": board.compatible,
        "cpu": {
            "implementer": board.cpu.implementer.map(|number| format!("{number:#04x}")),
            "part": board.cpu.part.map(|number| format!("{number:#05x}")),
            "name": board.cpu.name,
            "cores": board.cpu.cores,
        },
        "memory": {
            "total": size(board.memory.total),
            "available": size(board.memory.available),
            "swap_total": size(board.memory.swap_total),
            "swap_free": size(board.memory.swap_free),
        },
        "cgroup": board.cgroup.map(|group| json!({
            "version": group.version,
            "limit": size(group.limit),
            "used": size(group.used),
        })),
        "temperature_c": board.temperature_celsius(),
        "throttled": board.throttled.map(throttled),
        "kind": board.kind(),
        "faults": board.faults.iter().map(|fault| json!({"file": fault.file, "why": fault.why})).collect::<Vec<_>>(),
    })
}

fn throttled(throttled: Throttled) -> Json {
    let condition = |condition: Condition| json!({"now": condition.now, "since_boot": condition.since_boot});
    json!({
        "under_voltage": condition(throttled.under_voltage()),
        "frequency_capped": condition(throttled.frequency_capped()),
        "throttled": condition(throttled.throttled()),
        "soft_temperature_limit": condition(throttled.soft_temperature_limit()),
    })
}
