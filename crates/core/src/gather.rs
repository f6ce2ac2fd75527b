//! Reads every source into a layer and walks it along the schema.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::build::{Builder, Run};
use crate::document::{Fault, NodeId};
use crate::env::EnvSource;
use crate::layer::{Layer, LayerKind, Origin};
use crate::layered::LayeredConfig;
use crate::load_info::LoadInfo;
use crate::mode::Mode;
use crate::path::FieldPath;
use crate::plan::{Plan, Planned, Source};
use crate::report::{Finding, Related, Report, Severity, Spot, code};
use crate::resolve::Resolving;
use crate::schema::Schema;
use crate::scope::{Scope, ScopeLayer};
use crate::source;
use crate::upgrade::Upgrade;
use crate::walk::{self, Trail};

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
    /// Who reads references to secrets, where anybody does.
    pub(crate) resolving: Option<Box<Resolving>>,
    pub(crate) upgrade: Option<Arc<dyn Upgrade>>,
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
            resolving: plan.resolving,
            upgrade: plan.upgrade,
        };
        gathered.reserved.extend(plan.sources.iter().filter_map(|planned| match &planned.source {
            Source::FileFromEnv(variable) => Some(variable.clone()),
            _ => None,
        }));
        gathered.choose(plan.mode_from.as_deref(), plan.environment_from.as_deref());
        if let Some(applied) = gathered.run.profile.clone() {
            if let Some(finding) = (applied.does.unknown)(schema, &applied.profile) {
                gathered.run.report.push(finding);
            }
            if let Some(layer) = applied.profile.layer() {
                gathered.push(layer.clone());
            }
        }
        for Planned { source, read } in plan.sources {
            read(&mut gathered, source);
        }
        gathered
    }

    /// The same choices, without any layer and without findings.
    pub(crate) fn choosing_as(other: &Self) -> Self {
        let plan = Plan { mode: other.run.mode, ..Plan::default() };
        let mut gathered = Self::new(plan, other.schema);
        // The profile's own layer is the other's.
        gathered.run.profile.clone_from(&other.run.profile);
        gathered.run.report = Report::new();
        gathered.run.info.stage.clone_from(&other.run.info.stage);
        gathered.env = other.env.clone();
        gathered.reserved.clone_from(&other.reserved);
        gathered.resolving.clone_from(&other.resolving);
        gathered.upgrade.clone_from(&other.upgrade);
        gathered
    }

    /// A variable's value, where it is set and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        self.env.text(name)
    }

    /// Mode and environment, where variables choose them.
    fn choose(&mut self, mode: Option<&str>, environment: Option<&str>) {
        if let Some((name, text)) = mode.and_then(|name| Some((name, self.env.text(name)?))) {
            match Mode::parse(&text) {
                Some(mode) => self.run.mode = mode,
                None => {
                    let mut finding =
                        Finding::new(Severity::Error, code::VARIABLE_CHOICE, FieldPath::ROOT, "no mode of validation");
                    finding.origin = Some(Origin::new(LayerKind::Env, name));
                    finding.help = Some("set it to strict, normal or lenient, or to true for strict".to_owned());
                    self.run.report.push(finding);
                }
            }
        }
        if let Some(text) = environment.and_then(|name| self.env.text(name)) {
            // File names are written in lower case; how the variable is written is nobody's concern.
            let stage = text.trim().to_ascii_lowercase();
            if stage.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_')) {
                self.run.info.stage = Some(stage);
            } else {
                // It becomes a part of file names, so it must not lead elsewhere.
                let message = "no name of an environment";
                let mut finding = Finding::new(Severity::Error, code::VARIABLE_CHOICE, FieldPath::ROOT, message);
                finding.origin = environment.map(|name| Origin::new(LayerKind::Env, name));
                finding.help = Some("a name has ASCII letters, digits, `-` and `_`, such as `production`".to_owned());
                self.run.report.push(finding);
            }
        }
    }

    /// Reads a document.
    pub(crate) fn files(&mut self, source: Source) {
        match source {
            Source::File { path, required } => self.file(&path, required, 0),
            Source::FileFromEnv(variable) => {
                if let Some(path) = self.env.text(&variable) {
                    self.file(Path::new(&path), true, 0);
                }
            }
            Source::Text { environment: Some(name), .. } if !self.is_stage(&name) => {}
            Source::Text { name, text, .. } => {
                let read = source::file::from_text(name, text);
                self.document(read, 0);
            }
            _ => {}
        }
    }

    /// Reads a folder's documents.
    pub(crate) fn dirs(&mut self, source: Source) {
        let Source::Dir { path, required } = source else { return };
        match source::file::list(&path, required) {
            Ok(files) => files.iter().for_each(|file| self.file(file, true, 0)),
            Err(finding) => self.unreadable(finding),
        }
    }

    /// Reads a `.env` file.
    pub(crate) fn dotenvs(&mut self, source: Source) {
        match source {
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
            _ => {}
        }
    }

    /// Reads the environment.
    pub(crate) fn variables(&mut self, _: Source) {
        let env = std::mem::take(&mut self.env);
        self.environment(&env.at_this_moment());
        self.env = env;
    }

    /// Reads the command line.
    pub(crate) fn arguments(&mut self, source: Source) {
        let Source::Args(args) = source else { return };
        let read = source::args::read(&args, self.schema);
        self.push_named(read);
    }

    /// Takes values that the program set one by one.
    pub(crate) fn sets(&mut self, source: Source) {
        if let Source::Set(tree) = source {
            self.push_named(tree.finish());
        }
    }

    /// Takes a layer that the program made.
    pub(crate) fn values(&mut self, source: Source) {
        if let Source::Layer(layer) = source {
            self.push(layer);
        }
    }

    /// Whether this is the environment's name, in any case.
    fn is_stage(&self, name: &str) -> bool {
        self.run.info.stage.as_ref().is_some_and(|stage| stage.eq_ignore_ascii_case(name))
    }

    /// The path with the environment's name in it.
    pub(crate) fn named(&self, path: &Path) -> PathBuf {
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

    fn unreadable(&mut self, finding: Box<Finding>) {
        self.run.suppress_missing = true;
        self.run.report.push(*finding);
    }

    /// A file's layer, after those of the files that it includes.
    fn document(&mut self, read: source::file::Read, depth: usize) {
        let source::file::Read { layer, faults } = read;
        let includes = source::file::includes(&layer, self.schema);
        for (node, include) in includes.iter().flatten() {
            let Some(include) = include else {
                let message = "expected the name of a file to include";
                let path = FieldPath::ROOT.child(source::file::INCLUDE);
                let mut finding = Finding::new(Severity::Error, code::TYPE, path, message);
                finding.origin = Some(layer.origin(*node));
                self.run.report.push(finding);
                continue;
            };
            let known = self.run.info.files.iter().any(|(file, _)| file == include);
            if known || depth >= source::file::MAX_INCLUDES {
                let message =
                    if known { "this file is read already: it can't be included" } else { "includes go too deep" };
                let mut finding = Finding::new(Severity::Error, code::FILE_INCLUDE, FieldPath::ROOT, message);
                finding.origin = Some(layer.origin(*node));
                self.run.report.push(finding);
            } else {
                self.file(include, true, depth + 1);
            }
        }
        let is_whole = faults.is_empty();
        self.faults(&layer, faults);
        self.push_upgraded(layer, is_whole, includes.is_some());
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

    /// Takes a layer of which nothing counts, since nobody knows what it says.
    pub(crate) fn push_unread(&mut self, layer: Layer) {
        let start = self.slots.len();
        self.slots.resize(start + self.schema.size, NodeId::NONE);
        self.layers.push(layer);
    }

    /// Walks a structured layer; its `include` key is the loader's own where it was used.
    pub(crate) fn push_walked(&mut self, layer: Layer, includes: bool) {
        let start = self.slots.len();
        self.slots.resize(start + self.schema.size, NodeId::NONE);
        let version_key = self.version_key();
        let slots = &mut self.slots[start..];
        let run = &mut self.run;
        let index = self.layers.len();
        let place = ScopeLayer { layer: &layer, index: Some(index) };
        let exact = run.exact;
        walk::walk(&layer.document, NodeId::ROOT, self.schema, exact, slots, Trail::Root(""), &mut |trail, met| {
            let own = match trail.to_path().as_str() {
                source::file::INCLUDE => includes,
                // By this key editors find the schema to complete and check with.
                "\"$schema\"" => place.layer.kind == LayerKind::File,
                path => version_key.as_deref() == Some(path),
            };
            if !own {
                run.met(place, trail, met);
            }
        });
        self.layers.push(layer);
    }

    /// A document's own faults; what they hide is not reported as missing.
    pub(crate) fn faults(&mut self, layer: &Layer, faults: Vec<Fault>) {
        let index = self.layers.len();
        for fault in faults {
            if fault.code != code::DUPLICATE_KEY {
                self.run.suppress_missing = true;
            }
            let mut finding = Finding::new(Severity::Error, fault.code, FieldPath::ROOT, fault.message);
            finding.origin = Some(Origin::new(layer.kind, layer.position(fault.span.start)));
            finding.spot = Some(Spot { layer: index, span: fault.span });
            finding.related = fault
                .related
                .map(|span| Related {
                    path: FieldPath::ROOT,
                    origin: Some(Origin::new(layer.kind, layer.position(span.start))),
                })
                .into_iter()
                .collect();
            self.run.report.push(finding);
        }
    }
}

impl Gathered {
    /// One pass over the slots.
    pub(crate) fn pass<C: LayeredConfig>(&mut self) -> Option<C> {
        let scope = Scope {
            schema: self.schema,
            layers: self
                .layers
                .iter()
                .enumerate()
                .map(|(index, layer)| ScopeLayer { layer, index: Some(index) })
                .collect(),
            slots: Cow::Borrowed(&self.slots),
        };
        Builder::new(&mut self.run, &scope, String::with_capacity(64)).run(C::build)
    }

    /// One layer that is the whole configuration: nothing merges with defaults, computed values stand.
    pub(crate) fn exact(layer: Layer, schema: &'static Schema) -> Self {
        let mut gathered = Self::new(Plan::default(), schema);
        gathered.run.exact = true;
        gathered.push(layer);
        gathered
    }

    /// The configuration of an exact layer.
    pub(crate) fn build_exact<C: LayeredConfig>(mut self) -> Result<C, Report> {
        let config = self.pass::<C>();
        let report = std::mem::take(&mut self.run.report);
        match config {
            Some(config) if report.is_valid() => Ok(config),
            _ => Err(report),
        }
    }
}
