//! Reads every source into a layer and walks it along the schema.

use std::path::{Path, PathBuf};

use super::{Mode, Plan, Source};
use crate::build::Run;
use crate::document::{Fault, NodeId};
use crate::env::EnvSource;
use crate::layer::{Layer, LayerKind};
use crate::load_info::LoadInfo;
use crate::path::FieldPath;
use crate::report::{Finding, Related, Report, Severity, code};
use crate::schema::Schema;
use crate::scope::ScopeLayer;
use crate::source;
use crate::walk::{self, Met, Trail};

/// All layers, their slots, and what was wrong on the way.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) schema: &'static Schema,
    pub(crate) layers: Vec<Layer>,
    /// Layer by layer, one node a slot.
    pub(crate) slots: Vec<NodeId>,
    pub(crate) run: Run,
    env: EnvSource,
    /// Variables that the loader itself reads, so that none of them counts as unknown.
    reserved: Vec<String>,
}

impl Gathered {
    pub(crate) fn new(plan: Plan, schema: &'static Schema) -> Self {
        let run = Run {
            schema,
            mode: plan.mode,
            profile: plan.profile,
            report: Report::new(),
            suppress_missing: false,
            info: LoadInfo { stage: plan.environment, ..LoadInfo::default() },
            replaced: Vec::new(),
            exact: false,
            replacements: Report::new(),
        };
        let count = plan.sources.len();
        let mut gathered = Self {
            schema,
            layers: Vec::with_capacity(count),
            slots: Vec::with_capacity(count * schema.size),
            run,
            env: plan.env.unwrap_or_default(),
            reserved: plan.reserved.iter().chain(&plan.environment_from).cloned().collect(),
        };
        gathered.reserved.extend(plan.sources.iter().filter_map(|source| match source {
            Source::FileFromEnv(variable) => Some(variable.clone()),
            _ => None,
        }));
        gathered.choose(plan.mode_from.as_deref(), plan.environment_from.as_deref());
        for source in plan.sources {
            gathered.source(source);
        }
        gathered.check_profile();
        gathered
    }

    /// Mode and environment, where variables choose them.
    fn choose(&mut self, mode: Option<&str>, environment: Option<&str>) {
        if let Some((name, text)) = mode.and_then(|name| Some((name, self.env.text(name)?))) {
            match Mode::parse(&text) {
                Some(mode) => self.run.mode = mode,
                None => {
                    let mut finding =
                        Finding::new(Severity::Error, code::VARIABLE_CHOICE, FieldPath::ROOT, "no mode of validation");
                    finding.origin = Some(crate::layer::Origin::new(LayerKind::Env, name));
                    finding.help = Some("set it to strict, normal or lenient, or to true for strict".to_owned());
                    self.run.report.push(finding);
                }
            }
        }
        if let Some(text) = environment.and_then(|name| self.env.text(name)) {
            // File names are written in lower case; how the variable is written is nobody's concern.
            self.run.info.stage = Some(text.trim().to_lowercase());
        }
    }

    fn source(&mut self, source: Source) {
        match source {
            Source::File { path, required } => self.file(&path, required, 0),
            Source::FileFromEnv(variable) => {
                if let Some(path) = self.env.text(&variable) {
                    self.file(Path::new(&path), true, 0);
                }
            }
            Source::Dir { path, required } => self.dir(&path, required),
            Source::Text { environment: Some(name), .. } if !self.is_stage(&name) => {}
            Source::Text { name, text, .. } => {
                let read = source::file::from_text(name, text);
                self.document(read, 0);
            }
            Source::Dotenv { path, required } => {
                let path = self.named(&path);
                match source::file::read(&path, required) {
                    Ok(Some((bytes, modified))) => {
                        self.run.info.files.push((path.clone(), modified));
                        let name = path.to_string_lossy().into_owned();
                        self.dotenv(name, bytes);
                    }
                    Ok(None) => {}
                    Err(finding) => self.unreadable(finding),
                }
            }
            Source::DotenvText { name, text } => self.dotenv(name, text.into_bytes()),
            Source::Env => {
                let env = std::mem::take(&mut self.env);
                self.environment(&env);
                self.env = env;
            }
            Source::Args(args) => {
                let read = source::args::read(&args, self.schema);
                self.push_named(read);
            }
            Source::Set(tree) => self.push_named(tree.finish()),
            Source::Layer(layer) => self.push(layer),
        }
    }

    /// Whether this is the environment's name, in any case.
    fn is_stage(&self, name: &str) -> bool {
        self.run.info.stage.as_ref().is_some_and(|stage| stage.eq_ignore_ascii_case(name))
    }

    /// The path with the environment's name in it.
    fn named(&self, path: &Path) -> PathBuf {
        match (&self.run.info.stage, path.to_str()) {
            (Some(stage), Some(text)) if text.contains("{environment}") => text.replace("{environment}", stage).into(),
            _ => path.to_owned(),
        }
    }

    fn file(&mut self, path: &Path, required: bool, depth: usize) {
        let path = self.named(path);
        match source::file::read(&path, required) {
            Ok(Some((bytes, modified))) => {
                self.run.info.files.push((path.clone(), modified));
                let read = source::file::from_bytes(&path, bytes);
                self.document(read, depth);
            }
            Ok(None) => {}
            Err(finding) => self.unreadable(finding),
        }
    }

    fn dir(&mut self, path: &Path, required: bool) {
        match source::file::list(path, required) {
            Ok(files) => files.iter().for_each(|file| self.file(file, true, 0)),
            Err(finding) => self.unreadable(finding),
        }
    }

    fn unreadable(&mut self, finding: Box<Finding>) {
        self.run.suppress_missing = true;
        self.run.report.push(*finding);
    }

    /// A file's layer, after those of the files that it includes.
    fn document(&mut self, read: source::file::Read, depth: usize) {
        let source::file::Read { layer, faults } = read;
        let includes = source::file::includes(&layer, self.schema);
        for (node, include) in &includes {
            let known = self.run.info.files.iter().any(|(file, _)| file == include);
            if known || depth >= source::file::MAX_INCLUDES {
                let message = if known { "this file is read already: it can't be included" } else { "includes go too deep" };
                let mut finding = Finding::new(Severity::Error, code::FILE_INCLUDE, FieldPath::ROOT, message);
                finding.origin = Some(layer.origin(*node));
                self.run.report.push(finding);
            } else {
                self.file(include, true, depth + 1);
            }
        }
        self.faults(&layer, faults);
        self.push_walked(layer, !includes.is_empty());
    }

    fn dotenv(&mut self, name: String, bytes: Vec<u8>) {
        let (mut layer, faults) = source::dotenv::read(name, bytes, &self.env);
        self.faults(&layer, faults);
        let start = self.slots.len();
        self.slots.resize(start + self.schema.size, NodeId::NONE);
        let report = &mut self.run.report;
        source::dotenv::fill(&mut layer, self.schema, &mut self.slots[start..], &mut |finding| {
            report.push(finding);
        });
        for finding in source::dotenv::unknown(&layer, self.schema, &self.reserved) {
            report.push(finding);
        }
        self.layers.push(layer);
    }

    fn environment(&mut self, env: &EnvSource) {
        let start = self.slots.len();
        self.slots.resize(start + self.schema.size, NodeId::NONE);
        let read = source::env::read(env, self.schema, &mut self.slots[start..], &self.reserved);
        self.run.info.environment |= read.any;
        for finding in read.findings {
            self.run.report.push(finding);
        }
        self.layers.push(read.layer);
    }

    fn push_named(&mut self, read: source::args::Read) {
        for finding in read.findings {
            self.run.report.push(finding);
        }
        self.push(read.layer);
    }

    pub(crate) fn push(&mut self, layer: Layer) {
        self.push_walked(layer, false);
    }

    /// Walks a structured layer; its `include` key is the loader's own where it was used.
    fn push_walked(&mut self, layer: Layer, includes: bool) {
        let start = self.slots.len();
        self.slots.resize(start + self.schema.size, NodeId::NONE);
        let slots = &mut self.slots[start..];
        let run = &mut self.run;
        let index = self.layers.len();
        let place = ScopeLayer { layer: &layer, index: Some(index) };
        let exact = run.exact;
        walk::walk(&layer.document, NodeId::ROOT, self.schema, exact, slots, Trail::Root(""), &mut |trail, met| {
            if !(includes && trail.to_path() == source::file::INCLUDE) {
                run.met(place, trail, met);
            }
        });
        self.layers.push(layer);
    }

    /// A document's own faults; what they hide is not reported as missing.
    fn faults(&mut self, layer: &Layer, faults: Vec<Fault>) {
        let index = self.layers.len();
        for fault in faults {
            if fault.code != code::DUPLICATE_KEY {
                self.run.suppress_missing = true;
            }
            let mut finding = Finding::new(Severity::Error, fault.code, FieldPath::ROOT, fault.message);
            finding.origin = Some(crate::layer::Origin::new(layer.kind, layer.position(fault.span.start)));
            finding.spot = Some(crate::build::Spot { layer: index, span: fault.span });
            finding.related = fault
                .related
                .map(|span| Related {
                    path: FieldPath::ROOT,
                    origin: Some(crate::layer::Origin::new(layer.kind, layer.position(span.start))),
                })
                .into_iter()
                .collect();
            self.run.report.push(finding);
        }
    }

    /// A profile that no field names is most likely a typo.
    fn check_profile(&mut self) {
        let Some(profile) = &self.run.profile else { return };
        let mut names = Vec::new();
        profiles(self.schema, &mut names);
        if !names.is_empty() && !names.contains(&profile.as_str()) {
            let message = format!("no setting knows the profile `{profile}`");
            let mut finding = Finding::new(Severity::Warning, code::UNKNOWN_PROFILE, FieldPath::ROOT, message);
            finding.help = Some(format!("known profiles: {}", names.join(", ")));
            self.run.report.push(finding);
        }
    }
}

fn profiles(schema: &'static Schema, names: &mut Vec<&'static str>) {
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    for field in schema.fields.iter().chain(variants) {
        for profile in field.meta.profiles {
            if !names.contains(&profile.name) {
                names.push(profile.name);
            }
        }
        match field.kind {
            crate::schema::FieldKind::Leaf(_) => {}
            crate::schema::FieldKind::Nested(below)
            | crate::schema::FieldKind::Optional(below)
            | crate::schema::FieldKind::List(below)
            | crate::schema::FieldKind::Map(below) => profiles(below, names),
        }
    }
}

impl Run {
    /// The one setting of this name in another section.
    fn elsewhere(&self, key: &str) -> Option<String> {
        let mut found = source::args::options(self.schema).into_iter().filter(|option| option.field.key == key);
        let only = found.next()?;
        found.next().is_none().then(|| only.path.to_string())
    }

    /// Reports what a walk met.
    #[cold]
    pub(crate) fn met(&mut self, layer: ScopeLayer<'_>, trail: Trail<'_>, met: Met<'_>) {
        let document = &layer.layer.document;
        let new = |severity, code, message: String| {
            Finding::new(severity, code, FieldPath::from_canonical(trail.to_path()), message)
        };
        let (mut finding, node, at_key) = match met {
            Met::UnknownKey { node, nearest } => {
                let mut finding = new(Severity::Error, code::UNKNOWN_KEY, "no setting has this key".to_owned());
                finding.help = Some(match nearest.or_else(|| self.elsewhere(document.key(node))) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "remove it, or check its name".to_owned(),
                });
                (finding, node, true)
            }
            Met::SetTwice { node, first } => {
                let message = format!("this setting is also set as `{}`", document.key(first).escape_debug());
                let mut finding = new(Severity::Error, code::DUPLICATE_NAME, message);
                finding.related = vec![Related { path: finding.path.clone(), origin: Some(layer.layer.key_origin(first)) }];
                finding.help = Some("keep one of the two names".to_owned());
                (finding, node, true)
            }
            Met::NotATable { node } => {
                let found = crate::raw::Raw::Node(document, node).view().noun();
                (new(Severity::Error, code::TYPE, format!("expected a table, found {found}")), node, false)
            }
            Met::Deprecated { node, field, alias } => {
                let said = alias.map_or(field.meta.deprecated, |alias| alias.deprecated);
                let said = said.unwrap_or(crate::schema::Deprecation { since: "", note: "" });
                let path = FieldPath::from_canonical(trail.to_path());
                let finding = walk::deprecation(path, said, alias.map(|alias| alias.key), Some(field.key));
                (finding, node, true)
            }
            Met::Computed { node } => {
                let message = "the program computes this value; it is ignored here".to_owned();
                (new(Severity::Warning, code::COMPUTED, message), node, true)
            }
        };
        let span = if at_key { document.key_span(node) } else { document.span(node) };
        finding.origin = Some(if at_key { layer.layer.key_origin(node) } else { layer.layer.origin(node) });
        finding.spot = layer.spot(span);
        self.report.push(finding);
    }
}
