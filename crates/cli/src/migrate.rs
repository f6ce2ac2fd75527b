//! `migrate`: documents of other versions, planned, rewritten, taken back; files by `-f`, stores by `--store`.

use std::fmt::Write as _;
use std::sync::Arc;

use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;
use strata_config_core::LayeredConfig;
use strata_config_migrate::{FilePlan, MigrateError, Migrations, Patch, Plan, Record, StorePlan};
use strata_config_store::Store;

use crate::columns;
use crate::context::Context;
use crate::explain::escaped;
use crate::options::{self, Format};
use crate::output::Output;

/// The shape of `--format json`, for each document.
#[derive(Serialize)]
struct Shown {
    /// The file, or the store's address.
    target: String,
    /// The file's name, or `base` or `runtime` of a store.
    document: String,
    from: String,
    to: String,
    direction: &'static str,
    steps: Vec<ShownStep>,
    changes: usize,
    nodes: usize,
    micros: u128,
    /// Comments and order stay.
    lossless: bool,
    patch: Patch,
    written: bool,
    /// The file as it was, or the snapshot of the store.
    backup: Option<String>,
    /// The store's revision that holds it.
    revision: Option<u64>,
}

#[derive(Serialize)]
struct ShownStep {
    id: String,
    description: String,
    from: String,
    to: String,
    checksum: String,
    changes: usize,
    micros: u128,
    irreversible: Option<String>,
}

/// The shape of `history --format json`, for each step.
#[derive(Serialize)]
struct ShownRecord {
    target: String,
    #[serde(flatten)]
    record: Record,
}

pub(crate) fn command() -> Command {
    let to = || Arg::new("to").long("to").value_name("VERSION");
    let writing = |command: Command| {
        command
            .arg(
                Arg::new("write")
                    .long("write")
                    .action(ArgAction::SetTrue)
                    .help("Writes it, with a backup before and a history after; else nothing is changed"),
            )
            .arg(
                Arg::new("lossy")
                    .long("lossy")
                    .action(ArgAction::SetTrue)
                    .help("Consents to a file that loses its comments, where its format has no other way"),
            )
            .arg(Arg::new("actor").long("actor").value_name("NAME").help("Who does it"))
    };
    let plan = Command::new("plan")
        .about("Shows the steps to a version, what each changes, and how long it takes")
        .arg(to().help("The version to reach [the program's own]"));
    let up = writing(Command::new("up"))
        .about("Brings files (-f) or a store (--store) to a later version")
        .arg(to().help("The version to reach [the program's own]"));
    let down = writing(Command::new("down"))
        .about("Takes files (-f) or a store (--store) back to an earlier version")
        .arg(to().required(true).help("The version to go back to"));
    let history = Command::new("history").about("Shows which steps were taken, by whom and when");
    Command::new("migrate")
        .about("Brings documents of other versions to the program's own, and back")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args(options::args())
        .subcommands([plan, up, down, history].map(|command| command.args(options::args())))
}

pub(crate) fn run<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Output {
    let Some(migrations) = &context.command.migrations else {
        return context.failed("missing", "this application declares no migrations");
    };
    let Some((name, matches)) = matches.subcommand() else {
        return Output::usage("a command is needed: plan, up, down or history");
    };
    if context.options.files.is_empty() && context.options.store.is_none() {
        return Output::usage("name what to migrate: a file with -f, or a store with --store");
    }
    let done = match name {
        "history" => history(context),
        "plan" => migrate(context, migrations, matches, None, false),
        "up" | "down" => migrate(context, migrations, matches, Some(name), matches.get_flag("write")),
        _ => return Output::usage("a command is needed: plan, up, down or history"),
    };
    done.unwrap_or_else(|failed| failed)
}

/// A document's target with what would be done to it.
enum Target {
    File(String, Box<FilePlan>),
    Store(Arc<dyn Store>, StorePlan),
}

fn migrate<C: LayeredConfig>(
    context: &Context<'_, C>,
    migrations: &Migrations,
    matches: &ArgMatches,
    way: Option<&str>,
    write: bool,
) -> Result<Output, Output> {
    let to = matches.get_one::<String>("to").map(String::as_str);
    let mut targets = Vec::new();
    // All that stands in the way is told at once.
    let mut refused: Vec<Refused> = Vec::new();
    for path in &context.options.files {
        let name = path.display().to_string();
        let plan = migrations.plan_file::<C>(path, to).map_err(|error| (error.code(), error.to_string()));
        match plan.and_then(|plan| check_way(way, &name, plan.plan()).map(|()| plan)) {
            Ok(plan) => targets.push(Target::File(name, Box::new(plan))),
            Err(why) => refused.push(why),
        }
    }
    if let Some(store) = context.named_store()? {
        let plan = migrations.plan_store::<C>(&*store, to).map_err(|error| (error.code(), error.to_string()));
        let is_right = |plan: &StorePlan| plan.plans().try_for_each(|(name, plan)| check_way(way, name, plan));
        match plan.and_then(|plan| is_right(&plan).map(|()| plan)) {
            Ok(plan) => targets.push(Target::Store(store, plan)),
            Err(why) => refused.push(why),
        }
    }
    if let Some((code, _)) = refused.first() {
        let messages: Vec<&str> = refused.iter().map(|(_, message)| message.trim_end()).collect();
        return Err(context.failed(code, messages.join("\n")));
    }
    // Nothing is written before everything is planned.
    let mut shown = Vec::new();
    for target in &targets {
        let actor = || match matches.get_one::<String>("actor").or(context.command.actor.as_ref()) {
            Some(name) => name.clone(),
            None => "cli".to_owned(),
        };
        match target {
            Target::File(name, plan) => {
                let mut file = Shown::of(name, name, plan.plan(), plan.is_lossless());
                if write && !plan.plan().is_empty() {
                    let written = plan.write(&actor(), matches.get_flag("lossy"));
                    let written = written.map_err(|error| failed(context, &error))?;
                    (file.written, file.backup) = (true, Some(written.backup.display().to_string()));
                }
                shown.push(file);
            }
            Target::Store(store, plan) => {
                let mut documents: Vec<Shown> =
                    plan.plans().map(|(name, plan)| Shown::of(&store.url(), name, plan, true)).collect();
                if write {
                    let done = plan.apply(&**store, &actor()).map_err(|error| failed(context, &error))?;
                    for (document, done) in documents.iter_mut().zip(std::iter::repeat(done)) {
                        let Some(done) = done.filter(|_| !document.steps.is_empty()) else { continue };
                        document.written = true;
                        (document.backup, document.revision) = (Some(done.snapshot), Some(done.revision));
                    }
                }
                shown.extend(documents);
            }
        }
    }
    if context.options.format == Format::Json {
        return Ok(Output::json(&shown));
    }
    Ok(Output::text(shown.iter().map(|document| document.text(context, way)).collect::<String>()))
}

/// Why a document can't be migrated: the code, and what is told.
type Refused = (&'static str, String);

/// `up` goes up and `down` goes down, so that a slip in a version does no harm.
fn check_way(way: Option<&str>, name: &str, plan: &Plan) -> Result<(), Refused> {
    match way {
        Some(way) if !plan.is_empty() && way != plan.direction().as_str() => {
            let (from, to, right) = (plan.from(), plan.to(), plan.direction().as_str());
            Err(("unreachable", format!("{name}: from {from} to {to} the way is {right}")))
        }
        _ => Ok(()),
    }
}

fn history<C: LayeredConfig>(context: &Context<'_, C>) -> Result<Output, Output> {
    let mut shown = Vec::new();
    let mut add = |target: String, records: Vec<Record>| {
        shown.extend(records.into_iter().map(|record| ShownRecord { target: target.clone(), record }));
    };
    for path in &context.options.files {
        let records = Migrations::file_history(path).map_err(|error| failed(context, &error))?;
        add(path.display().to_string(), records);
    }
    if let Some(store) = context.named_store()? {
        let records = Migrations::store_history(&*store).map_err(|error| failed(context, &error))?;
        add(store.url(), records);
    }
    if context.options.format == Format::Json {
        return Ok(Output::json(&shown));
    }
    if shown.is_empty() {
        return Ok(Output::text("no migrations\n"));
    }
    let rows = shown.iter().map(|ShownRecord { record, .. }| {
        let took = format!("{} µs", record.micros);
        let checksum = record.checksum.get(..12).unwrap_or_default().to_owned();
        let versions = format!("{} {} {}", record.from, record.direction, record.to);
        [record.at.to_string(), escaped(&record.actor), escaped(&record.id), versions, took, checksum]
    });
    let heads = ["AT", "ACTOR", "STEP", "VERSIONS", "TOOK", "CHECKSUM"];
    Ok(Output::text(columns::render(heads, rows, &context.terminal)))
}

impl Shown {
    fn of(target: &str, document: &str, plan: &Plan, lossless: bool) -> Self {
        let steps = plan.steps().iter().map(|step| ShownStep {
            id: step.id().to_owned(),
            description: step.description().to_owned(),
            from: step.from().to_string(),
            to: step.to().to_string(),
            checksum: step.checksum().to_owned(),
            changes: step.changes(),
            micros: step.took().as_micros(),
            irreversible: step.why_irreversible().map(str::to_owned),
        });
        Self {
            target: target.to_owned(),
            document: document.to_owned(),
            from: plan.from().to_string(),
            to: plan.to().to_string(),
            direction: plan.direction().as_str(),
            steps: steps.collect(),
            changes: plan.changes(),
            nodes: plan.nodes(),
            micros: plan.took().as_micros(),
            lossless,
            patch: plan.patch(),
            written: false,
            backup: None,
            revision: None,
        }
    }

    fn text<C: LayeredConfig>(&self, context: &Context<'_, C>, way: Option<&str>) -> String {
        let Self { target, document, from, to, .. } = self;
        let name = if target == document { escaped(target) } else { format!("{} {document}", escaped(target)) };
        if self.steps.is_empty() {
            return format!("{name}: at version {to}\n");
        }
        let mut text = format!("{name}: {from} to {to}, {} changes in {} µs\n", self.changes, self.micros);
        let rows = self.steps.iter().map(|step| {
            let irreversible = step.irreversible.as_ref().map(|why| format!(" (no way back: {why})"));
            [
                format!("{} to {}", step.from, step.to),
                escaped(&step.id),
                step.changes.to_string(),
                format!("{} µs", step.micros),
                escaped(&format!("{}{}", step.description, irreversible.unwrap_or_default())),
            ]
        });
        text += &columns::render(["VERSIONS", "STEP", "CHANGES", "TOOK", "WHAT"], rows, &context.terminal);
        for operation in self.patch.operations() {
            let line = serde_json::to_string(operation).unwrap_or_default();
            let _ = writeln!(text, "  {}", escaped(&line));
        }
        if !self.lossless {
            text += "its comments would be lost: --lossy consents\n";
        }
        match (&self.backup, way) {
            (Some(backup), _) => {
                let _ = writeln!(text, "written; as it was: {}", escaped(backup));
            }
            (None, Some(_)) => text += "nothing was written: --write does\n",
            (None, None) => {}
        }
        text
    }
}

fn failed<C: LayeredConfig>(context: &Context<'_, C>, error: &MigrateError) -> Output {
    context.failed(error.code(), error.to_string())
}
