//! One `--kebab-path` flag for every leaf, for any application's own command line.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches};
use strata_config_core::schema::{FieldKind, Schema};
use strata_config_core::{LayeredConfig, LeafKind, LeafOption, Loader, Shape, options};

/// A flag for every leaf of a schema: `--db-pool-size` for `db.pool_size`, its help the first line of the docstring.
///
/// A boolean's flag may stand without a value: `--debug` is `--debug=true`. The others take the grammar of variables.
/// Values are judged when the configuration is loaded, so that they are reported with everything else.
///
/// ```
/// use clap::Command;
/// use strata_config::LayeredConfig;
/// use strata_config_cli::{leaf_args, with_leaf_args};
///
/// #[derive(LayeredConfig)]
/// struct AppConfig {
///     /// TCP port.
///     #[config(default = 8080)]
///     port: u16,
/// }
///
/// let app = Command::new("app").args(leaf_args(AppConfig::SCHEMA));
/// let matches = app.get_matches_from(["app", "--port", "9000"]);
/// let loaded = with_leaf_args(AppConfig::loader().env(), &matches).load()?;
/// assert_eq!(loaded.port, 9000);
/// assert_eq!(loaded.origin("port").unwrap().to_string(), "--port, shadows the default 8080");
/// # Ok::<(), strata_config::Report>(())
/// ```
#[must_use]
pub fn leaf_args(schema: &'static Schema) -> Vec<Arg> {
    options(schema).into_iter().map(|option| arg(&option)).collect()
}

/// Adds the flags of [`leaf_args`] that were given, above all sources of the loader.
pub fn with_leaf_args<C: LayeredConfig>(loader: Loader<C>, matches: &ArgMatches) -> Loader<C> {
    let mut given = given(C::SCHEMA, matches);
    given.sort_by_key(|(index, _)| *index);
    // The first argument is the program's name.
    loader.args(std::iter::once(OsString::new()).chain(given.into_iter().map(|(_, arg)| arg)))
}

/// The flags that were given, as [`Loader::args`] reads them, each with its place on the command line.
pub(crate) fn given(schema: &'static Schema, matches: &ArgMatches) -> Vec<(usize, OsString)> {
    let mut given = Vec::new();
    for option in options(schema) {
        let id = id(&option);
        // An application may have left a flag out.
        let Ok(Some(values)) = matches.try_get_many::<String>(&id) else { continue };
        let indices = matches.indices_of(&id).unwrap_or_default();
        given.extend(indices.zip(values).map(|(index, value)| (index, format!("--{}={value}", option.name).into())));
    }
    given
}

fn arg(option: &LeafOption) -> Arg {
    let shape = match option.field.kind {
        FieldKind::Leaf(leaf) => leaf.shape(),
        FieldKind::List(_) => Shape { kind: LeafKind::List, ..Shape::default() },
        _ => Shape { kind: LeafKind::Map, ..Shape::default() },
    };
    let arg = Arg::new(id(option))
        .long(option.name.clone())
        .help(help(option, &shape))
        .value_name(value_name(&shape))
        // Given twice, the later one counts, as with `--set`.
        .action(ArgAction::Append)
        .help_heading("Settings");
    if option.is_switch() {
        arg.num_args(0..=1).require_equals(true).default_missing_value("true")
    } else {
        arg.allow_negative_numbers(true)
    }
}

/// An identifier that no argument of the application has.
fn id(option: &LeafOption) -> String {
    format!("setting:{}", option.path)
}

fn help(option: &LeafOption, shape: &Shape) -> String {
    let line = option.field.doc.lines().next().unwrap_or_default().trim();
    match shape.kind {
        LeafKind::Enum(choices) if !choices.is_empty() => format!("{line} [{}]", choices.join(", ")).trim().to_owned(),
        _ => line.to_owned(),
    }
}

fn value_name(shape: &Shape) -> String {
    match shape.kind {
        LeafKind::List => "A,B".to_owned(),
        LeafKind::Map => "KEY=VALUE".to_owned(),
        LeafKind::Any | LeafKind::Struct => "JSON".to_owned(),
        _ => shape.type_word().to_uppercase(),
    }
}
