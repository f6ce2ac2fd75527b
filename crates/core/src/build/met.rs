//! What a walk met becomes findings: keys that nobody knows, names that are old, sections that are none.

use super::Run;
use crate::document::{Kind, NodeId};
use crate::excerpt::holds_secrets;
use crate::layer::{Layer, LayerKind, Origin};
use crate::path::FieldPath;
use crate::report::{Finding, Related, Severity, code};
use crate::scope::ScopeLayer;
use crate::source;
use crate::walk::{self, Met, Trail};

/// Findings after which unknown keys are no longer compared with the known ones.
const MOST_SEARCHED: usize = 1_000;

impl Run {
    /// The one setting of this name in another section.
    fn elsewhere(&self, key: &str) -> Option<String> {
        let mut found = source::args::options(self.schema).into_iter().filter(|option| option.field.key == key);
        let only = found.next()?;
        found.next().is_none().then(|| only.path.to_string())
    }

    /// Whether the key of an option that nobody knows may be a secret itself: `--set hunter2=`, where the path was
    /// forgotten and the secret is in base64, or `--set https://ann:hunter2@host?a=b`.
    fn may_be_a_value(&self, layer: &Layer, node: NodeId) -> bool {
        let document = &layer.document;
        let is_name = |key: &str| key.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '-'));
        let is_cut = || document.kind(node) != Kind::Table && document.scalar(node).trim_end_matches('=').is_empty();
        layer.kind == LayerKind::Args && (!is_name(document.key(node)) || is_cut()) && holds_secrets(self.schema)
    }

    /// Reports what a walk met.
    #[cold]
    pub(crate) fn met(&mut self, layer: ScopeLayer<'_>, trail: Trail<'_>, met: Met<'_>) {
        let document = &layer.layer.document;
        let new = |severity, code, message: String| {
            Finding::new(severity, code, FieldPath::from_canonical(trail.to_path()), message)
        };
        let (mut finding, node, at_key) = match met {
            Met::UnknownKey { node, schema, tag } => {
                let mut finding = new(Severity::Error, code::UNKNOWN_KEY, "no setting has this key".to_owned());
                let key = document.key(node);
                // A document of strange keys is another program's; searching for each what was meant would take long.
                let search = self.report.findings().len() < MOST_SEARCHED;
                let near = || walk::nearest(schema, tag, key).or_else(|| self.elsewhere(key));
                let near = search.then(near).flatten();
                if near.is_none() && self.may_be_a_value(layer.layer, node) {
                    self.report.push(nameless());
                    return;
                }
                finding.is_near = near.is_some();
                finding.help = Some(match near {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "remove it, or check its name".to_owned(),
                });
                (finding, node, true)
            }
            Met::SetTwice { node, first } => {
                let (one, other) = (document.key(first).escape_debug(), document.key(node).escape_debug());
                let message = format!("`{one}` and `{other}` are two names of this setting");
                let mut finding = new(Severity::Error, code::DUPLICATE_NAME, message);
                finding.related =
                    vec![Related { path: finding.path.clone(), origin: Some(layer.layer.key_origin(first)) }];
                finding.help = Some("keep one of the two names".to_owned());
                (finding, node, true)
            }
            Met::NotATable { node } => {
                let found = crate::raw::Raw::Node(document, node).view().noun();
                (new(Severity::Error, code::TYPE, format!("expected a table, found {found}")), node, false)
            }
            Met::Deprecated { node, field, alias } => {
                let said = alias.map_or(field.meta.rare().deprecated, |alias| alias.deprecated);
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

/// An option whose text is not repeated.
fn nameless() -> Finding {
    let message = "no setting has this path, which is not repeated, since it may be a value";
    let mut finding = Finding::new(Severity::Error, code::UNKNOWN_KEY, FieldPath::ROOT, message);
    finding.origin = Some(Origin::new(LayerKind::Args, "--set"));
    finding.help = Some("write `--set PATH=VALUE`".to_owned());
    finding
}
