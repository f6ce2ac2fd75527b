//! `profile` for people.

use serde_json::Value as Json;
use strata_config_core::ByteSize;
use strata_config_pi_profile::{Board, Condition, Throttled};

use super::view::{BudgetView, Setting, View};
use crate::columns;
use crate::explain::{escaped, printable};
use crate::output::Terminal;

/// The most shares that are listed.
const NAMED: usize = 8;

const UNKNOWN: &str = "not known";

pub(super) fn render(view: &View) -> String {
    let mut out = String::new();
    let mut line = |name: &str, text: &str| out.push_str(&format!("{name:<13} {text}\n"));
    let board = &view.board.found;
    line("board", &model(board));
    line("processor", &processor(board));
    line("memory", &memory(board));
    line("control group", &group(board));
    line("temperature", &board.temperature_celsius().map_or(UNKNOWN.to_owned(), |degrees| format!("{degrees:.1} °C")));
    line("throttled", &board.throttled.map_or(UNKNOWN.to_owned(), throttled));
    for fault in &board.faults {
        line("fault", &format!("{}: {}", escaped(&fault.file), escaped(&fault.why)));
    }
    line("profile", &profile(view));
    if let Some(description) = &view.description {
        line("", &escaped(description));
    }
    if let Some(memory) = &view.memory {
        let size = |bytes| size(ByteSize(bytes));
        let (ceiling, system, total) = (size(memory.ceiling), size(memory.system), size(memory.total));
        line("budget", &format!("{ceiling} for the program, {system} for the system, of {total}"));
    }
    line("others", &view.profiles.join(", "));
    if !view.settings.is_empty() {
        out.push('\n');
        out.push_str(&settings(&view.settings));
    }
    if let Some(budget) = &view.budget {
        out.push('\n');
        out.push_str(&needed(budget));
    }
    out
}

fn model(board: &Board) -> String {
    match (&board.model, board.compatible.is_empty()) {
        (Some(model), true) => model.clone(),
        (Some(model), false) => format!("{model} ({})", board.compatible.join(", ")),
        (None, false) => board.compatible.join(", "),
        (None, true) => "no device tree names one".to_owned(),
    }
}

fn processor(board: &Board) -> String {
    let part = board.cpu.part.map(|part| format!("part {part:#05x}"));
    let cores = board.cpu.cores.map(|cores| format!("{cores} {}", if cores == 1 { "core" } else { "cores" }));
    let said: Vec<String> = board.cpu.name.iter().cloned().chain(part).chain(cores).collect();
    if said.is_empty() { UNKNOWN.to_owned() } else { said.join(", ") }
}

fn memory(board: &Board) -> String {
    let memory = board.memory;
    let Some(total) = memory.total else { return UNKNOWN.to_owned() };
    let available = memory.available.map(|available| format!(", {} available", size(available)));
    let swap = memory.swap_total.map(|swap| match (swap.bytes(), memory.swap_free) {
        (0, _) => ", no swap".to_owned(),
        (_, Some(free)) => format!(", {} swap ({} free)", size(swap), size(free)),
        (_, None) => format!(", {} swap", size(swap)),
    });
    format!("{}{}{}", size(total), available.unwrap_or_default(), swap.unwrap_or_default())
}

fn group(board: &Board) -> String {
    let Some(group) = board.cgroup else { return UNKNOWN.to_owned() };
    let limit = group.limit.map_or("no limit".to_owned(), |limit| format!("at most {}", size(limit)));
    let used = group.used.map(|used| format!(", {} used", size(used))).unwrap_or_default();
    format!("version {}, {limit}{used}", group.version)
}

fn throttled(throttled: Throttled) -> String {
    let conditions = [
        ("under-voltage", throttled.under_voltage()),
        ("frequency capped", throttled.frequency_capped()),
        ("throttled", throttled.throttled()),
        ("soft temperature limit", throttled.soft_temperature_limit()),
    ];
    let said: Vec<String> = conditions.into_iter().filter_map(|(name, condition)| when(name, condition)).collect();
    if said.is_empty() { "no, and not since the start".to_owned() } else { said.join("; ") }
}

fn when(name: &str, condition: Condition) -> Option<String> {
    match (condition.now, condition.since_boot) {
        (Some(true), _) => Some(format!("{name} now")),
        (_, Some(true)) => Some(format!("{name} since the start")),
        _ => None,
    }
}

fn profile(view: &View) -> String {
    match (&view.profile, view.chosen_by) {
        (Some(profile), "auto") => format!("{profile} (the board's own)"),
        (Some(profile), _) => format!("{profile} (by name)"),
        (None, "none") => "none (as asked for)".to_owned(),
        (None, _) => "none (no device tree names a board that has one)".to_owned(),
    }
}

fn settings(settings: &[Setting]) -> String {
    let show = |value: &Json| match value {
        Json::Null => String::new(),
        Json::String(text) => escaped(text),
        other => other.to_string(),
    };
    let rows = settings.iter().map(|setting| {
        let hard = if setting.hard { ", hard" } else { "" };
        [
            setting.path.clone(),
            show(&setting.default),
            show(&setting.profile_default),
            show(&setting.min),
            show(&setting.max),
            format!("{}{hard}", setting.because),
        ]
    });
    let titles = ["SETTING", "DEFAULT", "HERE", "AT LEAST", "AT MOST", "BECAUSE OF"];
    columns::render(titles, rows, &Terminal::default())
}

fn needed(budget: &BudgetView) -> String {
    let size = |bytes| size(ByteSize(bytes));
    let of = budget.ceiling.map(|ceiling| format!(" of {}", size(ceiling))).unwrap_or_default();
    let verdict = match (budget.ceiling, budget.fits) {
        (None, _) => "",
        (_, true) => ", which fits",
        (_, false) => ", which is too much",
    };
    let mut out = format!("the defaults need {}{of}{verdict}\n", size(budget.need));
    let rows = budget
        .shares
        .iter()
        .take(NAMED)
        .map(|share| [share.path.clone(), printable(&share.value), size(share.cost), size(share.need)]);
    out.push_str(&columns::render(["SETTING", "VALUE", "A UNIT", "NEEDS"], rows, &Terminal::default()));
    out
}

/// A size for people: in MiB with a tenth, where it is that large.
fn size(size: ByteSize) -> String {
    match size.bytes() {
        bytes if bytes.is_multiple_of(1 << 20) && bytes > 0 => format!("{} MiB", bytes >> 20),
        bytes if bytes >= 1 << 20 => format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
        bytes => format!("{:.1} KiB", bytes as f64 / 1024.0),
    }
}
