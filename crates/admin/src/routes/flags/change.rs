//! What a request wants of a flag, and the change of the configuration that does it.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};
use strata_config_core::{FieldPath, Report};
use strata_config_flags::model::{Flag, NoShare, Share};
use strata_config_flags::{Flags, NoPlace, Places};
use strata_config_reload::{Actor, Applied, Batch, DynLive};

use super::no_flag;
use crate::flag_writer::FlagWriter;
use crate::problem::Problem;

/// How often a change of one thing is tried anew where somebody else changed something meanwhile.
const TRIES: usize = 16;

/// What a request wants of a flag.
#[derive(Debug)]
pub(super) enum Change {
    /// This definition, whatever it was.
    Whole { definition: Json, create: bool },
    /// Some things, where the rest stays.
    Parts { share: Option<Share>, enabled: Option<bool>, ramp: Option<Json> },
    /// That what was set is removed.
    Remove,
}

impl Change {
    /// Reads a body.
    ///
    /// # Errors
    /// It says nothing, too much, or something else.
    pub(super) fn read(body: Json) -> Result<Self, Problem> {
        let malformed = |detail: &str| Err(Problem::malformed(detail));
        let Json::Object(mut members) = body else { return malformed("the body is not a JSON object") };
        let mut take = |name: &str| members.remove(name).filter(|value| !value.is_null());
        let (definition, percentage) = (take("definition"), take("percentage"));
        let (enabled, ramp) = (take("enabled"), take("ramp"));
        let create = match take("create") {
            None => true,
            Some(Json::Bool(create)) => create,
            Some(_) => return malformed("`create` is true or false"),
        };
        if let Some(other) = members.keys().find(|name| !NAMES.contains(&name.as_str())) {
            return malformed(&format!("unknown member `{}`; {SHAPES}", other.escape_debug()));
        }
        if let Some(definition) = definition {
            if percentage.is_some() || enabled.is_some() || ramp.is_some() {
                return malformed("`definition` is the whole flag, so nothing else can be said beside it");
            }
            return Ok(Self::Whole { definition, create });
        }
        if percentage.is_some() && ramp.is_some() {
            return malformed("a ramp says the percentage of every moment, so only one of both can be said");
        }
        let enabled = match enabled {
            None => None,
            Some(Json::Bool(enabled)) => Some(enabled),
            Some(_) => return malformed("`enabled` is true or false"),
        };
        let share = percentage.map(share).transpose()?;
        if share.is_none() && enabled.is_none() && ramp.is_none() {
            return malformed(SHAPES);
        }
        Ok(Self::Parts { share, enabled, ramp })
    }

    /// The flag that comes of another one.
    fn of(&self, before: &Flag) -> Result<Json, NoShare> {
        let Self::Parts { share, enabled, ramp } = self else { return Ok(json!(before)) };
        let flag = enabled.map_or_else(|| before.clone(), |enabled| before.with_use(enabled));
        match (share, ramp) {
            (Some(share), _) => flag.with_share(*share).map(|flag| json!(flag)),
            (None, Some(ramp)) => flag.with_ramp(ramp.clone()),
            (None, None) => Ok(json!(flag)),
        }
    }
}

const NAMES: [&str; 5] = ["definition", "percentage", "enabled", "ramp", "create"];
const SHAPES: &str = "a flag is changed by `definition`, or by `percentage` or `ramp`, and `enabled`";

/// Numbers are read as they are written, so that no step is lost or made up.
fn share(percentage: Json) -> Result<Share, Problem> {
    let text = match &percentage {
        Json::Number(number) => match number.as_f64() {
            Some(percent) => format!("{percent}%"),
            None => number.to_string(),
        },
        Json::String(text) => text.clone(),
        _ => return Err(Problem::malformed("`percentage` is a number from 0 to 100, such as 12.345")),
    };
    text.parse().map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", format!("`percentage`: {error}"))
            .with("errors", json!([]))
            .with("warnings", json!([]))
    })
}

/// Makes a change.
///
/// # Errors
/// The flag can't be changed, or not so.
pub(super) fn make(
    live: &dyn DynLive,
    flags: &Flags,
    key: &str,
    change: &Change,
    actor: &Actor,
    is_conditional: bool,
) -> Result<Applied, Problem> {
    let mut tries = 0;
    loop {
        let places = flags.places().ok_or_else(|| conflict("these flags do not come from this configuration"))?;
        let before = places.flag(key);
        if flags.overlaid().contains(key) {
            return Err(conflict("another source lies over the configuration, and says this flag: change it there"));
        }
        if before.is_none() && !matches!(change, Change::Whole { create: true, .. }) {
            return Err(no_flag(flags, key));
        }
        let path = place(live, flags, &places, key)?;
        // Of the flag that it was when it was read, and of no other.
        let mut actor = actor.clone();
        let definition = match change {
            Change::Remove => return unset(live, &path, actor),
            Change::Whole { definition, .. } => definition.clone(),
            Change::Parts { .. } => {
                if !is_conditional {
                    actor = actor.if_revision(places.revision());
                }
                let before = before.ok_or_else(|| no_flag(flags, key))?;
                change.of(before).map_err(|no_share| refused(&path, &no_share.to_string()))?
            }
        };
        let batch = Batch::new().set(path.as_str(), &definition);
        stays_whole(live, &batch, &path, &definition)?;
        match live.apply(&batch, actor) {
            Err(error) if error.is_conflict() && !is_conditional && tries < TRIES => tries += 1,
            done => return done.map_err(|error| Problem::of_update(&error)),
        }
    }
}

/// Makes a change of a flag that lives outside the configuration, whose revision stays what it is.
///
/// # Errors
/// The flag can't be changed, or not so.
pub(super) fn make_elsewhere(
    writer: &dyn FlagWriter,
    live: &dyn DynLive,
    flags: &Flags,
    key: &str,
    change: &Change,
    is_dry: bool,
) -> Result<Applied, Problem> {
    let path = FieldPath::ROOT.child(key);
    let read = |json: Json| serde_json::from_value::<Flag>(json).map_err(|error| refused(&path, &error.to_string()));
    let flag = match change {
        Change::Remove => None,
        Change::Whole { definition, .. } => Some(read(definition.clone())?),
        Change::Parts { .. } => {
            let snapshot = flags.snapshot();
            let before = snapshot.set().definition(key).ok_or_else(|| no_flag(flags, key))?;
            Some(read(change.of(before).map_err(|no_share| refused(&path, &no_share.to_string()))?)?)
        }
    };
    if !is_dry {
        match &flag {
            Some(flag) => writer.write(key, flag)?,
            None => writer.remove(key)?,
        }
    }
    let version = live.current();
    Ok(Applied {
        revision: version.revision(),
        entry: None,
        replayed: false,
        changes: Vec::new(),
        pending: version.pending(),
        warnings: Report::new(),
    })
}

fn unset(live: &dyn DynLive, path: &FieldPath, actor: Actor) -> Result<Applied, Problem> {
    live.apply(&Batch::new().unset(path.as_str()), actor).map_err(|error| Problem::of_update(&error))
}

/// Where a flag is to be written.
fn place(live: &dyn DynLive, flags: &Flags, places: &Places, key: &str) -> Result<FieldPath, Problem> {
    places.for_flag(key).map_err(|no_place| match &no_place {
        NoPlace::Made(path) => {
            let settings = beside(live, path);
            let detail = format!("the program makes this flag of other settings: change `{}`", settings.join("`, `"));
            conflict(&detail).with("settings", settings)
        }
        NoPlace::Only(_) => no_flag(flags, key).with("detail", no_place.to_string()),
    })
}

/// A setting, and those that stand beside it in its section: what a flag is likely to be made of.
fn beside(live: &dyn DynLive, path: &FieldPath) -> Vec<String> {
    let mut segments = path.segments();
    segments.pop();
    let section = segments.iter().fold(FieldPath::ROOT, |path, segment| path.child(segment));
    if section.is_root() {
        return vec![path.to_string()];
    }
    let explained = live.current().explain(std::slice::from_ref(&section));
    let others = explained.iter().map(|value| &value.path).filter(|other| *other != path);
    [path].into_iter().chain(others).map(ToString::to_string).collect()
}

/// Maps of settings merge deep: a definition must not get parts of what a weaker source says, for it would mean another
/// flag than the one that was asked for.
fn stays_whole(live: &dyn DynLive, batch: &Batch, path: &FieldPath, definition: &Json) -> Result<(), Problem> {
    let read = |json: &Json| serde_json::from_value::<Flag>(json.clone()).ok();
    let Some(wanted) = read(definition) else { return Ok(()) };
    let preview = live.validate_batch(batch);
    let change = preview.changes.iter().find(|change| change.path == *path);
    let Some(after) = change.and_then(|change| read(&json!(change.after()))) else { return Ok(()) };
    if after == wanted {
        return Ok(());
    }
    let detail = format!(
        "parts of what another source says of `{path}` would stay in the flag: say every member that it has, or \
         remove it there"
    );
    Err(conflict(&detail).with("settings", vec![path.to_string()]))
}

fn refused(path: &FieldPath, message: &str) -> Problem {
    let mut report = Report::new();
    report.error([path.child("fallthrough")], message);
    Problem::invalid(&report)
}

fn conflict(detail: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "conflict", detail)
}
