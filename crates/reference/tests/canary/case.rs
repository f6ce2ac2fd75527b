//! The secrets of a configuration, found through its schema, each with a marker of its own.

use std::collections::BTreeSet;
use std::fmt::Debug;

use strata_config::schema::{FieldKind, Schema};
use strata_config::{FieldPath, LayeredConfig, Secret, leaves_of, variables};
use strata_config_core::{LeafKind, Rule};
use strata_config_reference::System;
use strata_config_secrets::{BASE64_SCHEME, Fernet, FernetKey, KeyRing, to_base64};

use crate::collection::Collection;
use crate::search::Search;

/// A configuration whose secrets can be marked.
pub(crate) trait Subject: System + Debug + Clone {}

impl<S: System + Debug + Clone> Subject for S {}

/// A secret, and what is said of it.
#[derive(Clone)]
pub(crate) struct Marked {
    pub(crate) path: FieldPath,
    /// The variable that sets it, where one sets it alone.
    pub(crate) variable: Option<String>,
    /// What a source says.
    pub(crate) given: String,
    /// What nobody may see.
    pub(crate) marker: String,
    /// Where its rule wants a URL: the schemes.
    pub(crate) schemes: Vec<&'static str>,
    /// It is always a reference, or the key that opens references, so it can't be anything else.
    pub(crate) fixed: bool,
}

/// A configuration's secrets with their markers, and the key of the process.
pub(crate) struct Case {
    pub(crate) secrets: Vec<Marked>,
    pub(crate) keys: KeyRing,
    pub(crate) key: String,
    salt: String,
}

impl Case {
    /// The secrets of a schema; each salt has other markers.
    pub(crate) fn of<S: Subject>(salt: &str) -> Self {
        let key = FernetKey::generate().unwrap();
        let text = key.to_text().expose().clone();
        Self::with::<S>(salt, KeyRing::new([key]), text)
    }

    /// The same secrets with other markers, and the same key.
    pub(crate) fn again<S: Subject>(&self, salt: &str) -> Self {
        Self::with::<S>(salt, self.keys.clone(), self.key.clone())
    }

    fn with<S: Subject>(salt: &str, keys: KeyRing, key: String) -> Self {
        let mut case = Self { secrets: Vec::new(), keys, key, salt: salt.to_owned() };
        case.walk::<S>(S::SCHEMA, &FieldPath::ROOT);
        case
    }

    /// The same with a secret at a path of older documents, of which the schema knows nothing.
    pub(crate) fn holding(mut self, path: &str, write: impl Fn(&str) -> String) -> Self {
        let marker = word(&self.salt, path);
        let (path, given, schemes) = (FieldPath::parse(path).unwrap(), write(&marker), Vec::new());
        self.secrets.push(Marked { path, variable: None, given, marker, schemes, fixed: false });
        self
    }

    fn walk<S: Subject>(&mut self, schema: &'static Schema, path: &FieldPath) {
        assert!(schema.variants.is_empty(), "the secrets of an enum's variants are to be marked, too");
        for field in schema.fields {
            let below = if field.meta.flatten { path.clone() } else { path.child(field.key) };
            match field.kind {
                FieldKind::Leaf(leaf) if field.is_secret() => {
                    let parts: &[&str] = match leaf.shape().kind {
                        LeafKind::List => &["0", "1"],
                        LeafKind::Map => &["one", "two"],
                        _ => &[],
                    };
                    match parts {
                        [] => self.mark::<S>(below, field.meta.rules),
                        parts => parts.iter().for_each(|part| self.mark::<S>(below.child(part), field.meta.rules)),
                    }
                }
                FieldKind::Leaf(_) => {}
                FieldKind::Nested(schema) | FieldKind::Optional(schema) => self.walk::<S>(schema, &below),
                FieldKind::List(schema) => self.walk::<S>(schema, &below.child("0")),
                FieldKind::Map(schema) => self.walk::<S>(schema, &below.child("one")),
            }
        }
    }

    fn mark<S: Subject>(&mut self, path: FieldPath, rules: &'static [Rule]) {
        let named = variables(S::SCHEMA).into_iter().find(|variable| variable.path == path);
        let variable = named.map(|variable| variable.name);
        let marker = word(&self.salt, path.as_str());
        let url = rules.iter().find_map(|rule| match rule {
            Rule::Text(rule) if rule.name == "url" => Some(rule.args),
            _ => None,
        });
        let secret = Marked { path, variable, given: String::new(), marker, schemes: Vec::new(), fixed: false };
        self.secrets.push(match (url, secret.variable.as_deref()) {
            (Some(schemes), _) => {
                // Nobody listens there.
                let given = format!("{}://user:{}@127.0.0.1:1/0", schemes.first().unwrap_or(&"https"), secret.marker);
                Marked { given, schemes: schemes.to_vec(), ..secret }
            }
            // The process's own key: it opens what the others hold.
            (_, Some("ENCRYPTION_KEY")) => {
                Marked { given: self.key.clone(), marker: self.key.clone(), fixed: true, ..secret }
            }
            (_, Some("JWT_SECRET_ENCRYPTED")) => {
                let token = self.keys.encrypt(&secret.marker).unwrap();
                Marked { given: format!("{BASE64_SCHEME}:{}", to_base64(&token)), fixed: true, ..secret }
            }
            _ => Marked { given: secret.marker.clone(), ..secret },
        });
    }

    /// Those that may hold anything.
    pub(crate) fn free(&self) -> impl Iterator<Item = &Marked> {
        self.secrets.iter().filter(|secret| !secret.fixed)
    }

    /// A collection that searches for these.
    pub(crate) fn collection(&self) -> Collection {
        Collection::new(self.search())
    }

    /// A search for these, and for the key.
    pub(crate) fn search(&self) -> Search {
        let mut search = Search::default();
        search.add("the process's key", &self.key);
        search.add("the default of a secret", crate::shelf::DEFAULT);
        self.add_to(&mut search);
        search
    }

    pub(crate) fn add_to(&self, search: &mut Search) {
        for secret in self.secrets.iter().filter(|secret| secret.marker != self.key) {
            search.add(secret.path.as_str(), &secret.marker);
        }
    }

    pub(crate) fn fernet(&self) -> std::sync::Arc<Fernet> {
        std::sync::Arc::new(Fernet::new(self.keys.clone()))
    }

    /// A reference that leads to a text.
    pub(crate) fn sealed(&self, text: &str) -> String {
        format!("fernet:{}", self.keys.encrypt(text).unwrap())
    }

    /// Every secret has arrived in a configuration: what is searched for is there.
    #[track_caller]
    pub(crate) fn is_in<C: LayeredConfig>(&self, config: &C) {
        let held = exposed(config);
        let is_missing = |secret: &&Marked| !held.iter().any(|text| text.contains(&secret.marker));
        let missing: Vec<_> = self.secrets.iter().filter(is_missing).map(|secret| secret.path.as_str()).collect();
        assert!(missing.is_empty(), "these secrets are not in the configuration: {missing:?}");
    }
}

/// Every secret text of a configuration, as it is.
pub(crate) fn exposed<C: LayeredConfig>(config: &C) -> BTreeSet<String> {
    type Map = std::collections::BTreeMap<String, Secret<String>>;
    let mut held = BTreeSet::new();
    leaves_of::<Secret<String>>(config, &mut |leaf| {
        held.insert(leaf.value().expose().clone());
    });
    leaves_of::<Option<Secret<String>>>(config, &mut |leaf| {
        held.extend(leaf.value().iter().map(|secret| secret.expose().clone()));
    });
    leaves_of::<Vec<Secret<String>>>(config, &mut |leaf| {
        held.extend(leaf.value().iter().map(|secret| secret.expose().clone()));
    });
    leaves_of::<Map>(config, &mut |leaf| held.extend(leaf.value().values().map(|secret| secret.expose().clone())));
    held
}

/// Forty letters and digits that are the same for the same names, and nowhere else.
pub(crate) fn word(salt: &str, name: &str) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    // FNV-1a, then splitmix64.
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut state = salt.bytes().chain([0]).chain(name.bytes()).fold(0xcbf2_9ce4_8422_2325, fold);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let bits = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        char::from(LETTERS[((bits ^ (bits >> 31)) % 62) as usize])
    };
    (0..40).map(|_| next()).collect()
}
