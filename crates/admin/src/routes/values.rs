//! The list of all values, with all that is known of them.

use std::fmt;
use std::str::FromStr;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use strata_config_core::{Explained, FieldPath, LayerKind};
use strata_config_reload::Declared;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::changing::unchanged;
use super::paths;
use crate::answer::Answer;
use crate::auth::{Caller, Read};
use crate::context::Context;
use crate::current::Current;
use crate::dialect::Operation;
use crate::problem::Problem;
use crate::request::{MOST, Page, PageOf, Words};
use crate::wire::ValueView;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(list_values))
}

/// Values, with all that is known of them.
#[derive(Serialize, ToSchema)]
struct ValuesView {
    /// The store's revision that is in effect.
    revision: u64,
    /// This process's count of changes.
    generation: u64,
    /// How many there are that the filters let through.
    total: usize,
    values: Vec<ValueView>,
    /// The cursor of the rest; null where this is all.
    next: Option<String>,
}

/// Which values are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// A path: the values at and below it.
    prefix: Option<String>,
    /// Words that the path, the documentation or the value has in it, in any case of letters.
    q: Option<String>,
    /// The kind of source that they come from.
    layer: Option<String>,
    /// Whether any source sets them, other than defaults and profiles.
    set: Option<bool>,
    /// Whether a change of them waits for a restart.
    pending: Option<bool>,
    /// The most items of a page: from 1 to 1,000, 1,000 where nothing is said.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Where a value stands in the list: its number, for one that is gone with all around it, and its path.
#[derive(Debug, Clone)]
struct Place {
    at: usize,
    path: String,
}

/// The path goes over the wire as hexadecimal digits, so that it is not taken for something to be written by hand.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-", self.at)?;
        self.path.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, digits) = text.split_once('-').ok_or(())?;
        let pairs = digits.as_bytes().chunks(2).map(|pair| {
            let pair = str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        });
        let bytes: Vec<u8> = pairs.collect::<Option<_>>().ok_or(())?;
        Ok(Self { at: at.parse().map_err(drop)?, path: String::from_utf8(bytes).map_err(drop)? })
    }
}

/// Every value, and where it came from
#[utoipa::path(get, path = "/values", tag = "values", params(Filter), responses(
    (status = 200, description = "The values", body = ValuesView),
    (status = 304, description = "The configuration is still the one of `If-None-Match`"),
))]
async fn list_values(
    _caller: Caller<Read>,
    State(context): State<Context>,
    Words(filter): Words<Filter>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let page: PageOf<Place> = Page::new(filter.limit.clone(), filter.cursor.clone()).usually(MOST)?;
    let prefix = filter.prefix.as_deref().map(paths::parse).transpose()?;
    let words = filter.q.as_deref().map(str::to_lowercase);
    let current = context.app.current();
    if let Some(response) = unchanged(&current, &headers) {
        return Ok(response);
    }
    let all = all(&current);
    let first = page.after.as_ref().map_or(0, |place| after(&all, place));
    let matches = |entry: &Entry<'_>| {
        prefix.as_ref().is_none_or(|prefix| prefix.contains(&entry.path))
            && filter.layer.as_deref().is_none_or(|layer| entry.layer().is_some_and(|own| own.as_str() == layer))
            && filter.set.is_none_or(|set| set == entry.is_set())
            && filter.pending.is_none_or(|pending| pending == entry.is_pending(&current))
            && words.as_ref().is_none_or(|words| entry.has(words))
    };
    let found: Vec<(usize, &Entry<'_>)> = all.iter().enumerate().filter(|(_, entry)| matches(entry)).collect();
    let total = found.len();
    let rest = found.into_iter().filter(|(at, _)| *at >= first).take(page.limit + 1).collect();
    let (shown, next) = page.cut(rest, |(at, entry)| Place { at: *at, path: entry.path.to_string() });
    let view = ValuesView {
        revision: current.version.revision(),
        generation: current.version.generation(),
        total,
        values: shown.iter().map(|(_, entry)| entry.view(&current)).collect(),
        next,
    };
    Ok(Answer::new(Operation::Values, &view).etag(&current.etag).into_response())
}

/// One of the values.
struct Entry<'c> {
    path: FieldPath,
    held: Held<'c>,
}

enum Held<'c> {
    Explained(&'c Explained),
    Declared(&'c Declared),
}

fn all(current: &Current) -> Vec<Entry<'_>> {
    let explained = current.explained().iter();
    let explained = explained.map(|value| Entry { path: value.path.clone(), held: Held::Explained(value) });
    let declared = current.version.declared().iter();
    let declared = declared.map(|key| Entry { path: FieldPath::ROOT.child(&key.key), held: Held::Declared(key) });
    explained.chain(declared).collect()
}

/// Where the list goes on after a path that stood at a place: also where it stands elsewhere now, or is gone.
fn after(all: &[Entry<'_>], place: &Place) -> usize {
    if let Some(found) = all.iter().position(|entry| entry.path.as_str() == place.path) {
        return found + 1;
    }
    // An entry of a map, or what stood below one: after those of its siblings that come before it.
    let gone = FieldPath::parse(&place.path).unwrap_or_default();
    let segments = gone.segments();
    for depth in (1..segments.len()).rev() {
        let above = segments[..depth].iter().fold(FieldPath::ROOT, |above, segment| above.child(segment));
        let siblings = || all.iter().enumerate().filter(|(_, entry)| above.contains(&entry.path));
        if let Some((last, _)) = siblings().next_back() {
            return siblings().find(|(_, entry)| entry.path > gone).map_or(last + 1, |(first, _)| first);
        }
    }
    place.at
}

impl Entry<'_> {
    fn layer(&self) -> Option<LayerKind> {
        match self.held {
            Held::Explained(explained) => explained.origin.as_ref().map(|origin| origin.layer),
            Held::Declared(declared) => Some(declared.origin.layer),
        }
    }

    fn is_set(&self) -> bool {
        self.layer().is_some_and(|layer| !matches!(layer, LayerKind::Default | LayerKind::Profile))
    }

    fn is_pending(&self, current: &Current) -> bool {
        current.pending().iter().any(|change| change.path == self.path)
    }

    /// Whether these words, in small letters, are anywhere in it.
    fn has(&self, words: &str) -> bool {
        let (doc, value) = match self.held {
            Held::Explained(explained) => (explained.doc, &explained.value),
            Held::Declared(declared) => (declared.doc.as_str(), &declared.value),
        };
        [self.path.as_str(), doc, &value.to_text()].iter().any(|text| text.to_lowercase().contains(words))
    }

    fn view(&self, current: &Current) -> ValueView {
        match self.held {
            Held::Explained(explained) => ValueView::of(explained, current),
            Held::Declared(declared) => ValueView::of_declared(declared),
        }
    }
}
