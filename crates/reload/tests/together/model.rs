//! Any sequence of changes against a simple model: a map of what was set, with the defaults beneath it.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use strata_config::LayeredConfig;
use strata_config_reload::{Applied, Batch, Live, Point, UpdateError};
use strata_config_store::{HistoryQuery, MemoryStore, Store};

use crate::db::Db;

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8, validate(range(min = 1, max = 64)))]
    threads: u32,
    #[config(default = 80, reload = "restart")]
    port: u16,
    note: Option<String>,
    #[config(default = [])]
    labels: BTreeMap<String, u32>,
    #[config(nested)]
    db: Db,
}

/// What was set at run time, by path.
type Set = BTreeMap<&'static str, Value>;

/// What a set leads to; nothing where it breaks a rule.
fn effective(set: &Set) -> Option<Config> {
    let number = |path: &str, default: u32| set.get(path).map_or(default, |value| value.as_u64().unwrap() as u32);
    let labels = set.iter().filter_map(|(path, value)| Some((path.strip_prefix("labels.")?, value)));
    let config = Config {
        threads: number("threads", 8),
        port: number("port", 80) as u16,
        note: set.get("note").and_then(|note| Some(note.as_str()?.to_owned())),
        labels: labels.map(|(key, value)| (key.to_owned(), value.as_u64().unwrap() as u32)).collect(),
        db: Db { least: number("db.least", 2), most: number("db.most", 4) },
    };
    let valid = (1..=64).contains(&config.threads) && config.db.least <= config.db.most;
    valid.then_some(config)
}

/// One value that is set, or unset.
type Step = (&'static str, Option<Value>);

fn step() -> impl Strategy<Value = Step> {
    let number = |path, range: std::ops::Range<u32>| {
        proptest::option::weighted(0.8, range.prop_map(Value::from)).prop_map(move |value| (path, value))
    };
    let note = prop_oneof![Just(Value::Null), Just(json!("a")), Just(json!("b"))];
    prop_oneof![
        number("threads", 0..70),
        number("port", 80..83),
        number("labels.a", 0..3),
        number("labels.b", 0..3),
        number("db.least", 0..8),
        number("db.most", 0..8),
        proptest::option::of(note).prop_map(|value| ("note", value)),
    ]
}

#[derive(Debug, Clone)]
enum Op {
    One(Step),
    /// A patch, in which a null unsets.
    Update(Vec<Step>),
    Apply(Vec<Step>),
    Reset,
    Rollback(prop::sample::Index),
    /// Another process's.
    External(Vec<Step>),
    /// The process ends, and another begins.
    Restart,
}

fn op() -> impl Strategy<Value = Op> {
    let steps = || proptest::collection::vec(step(), 1..5);
    prop_oneof![
        4 => step().prop_map(Op::One),
        3 => steps().prop_map(Op::Update),
        3 => steps().prop_map(Op::Apply),
        1 => Just(Op::Reset),
        2 => any::<prop::sample::Index>().prop_map(Op::Rollback),
        2 => steps().prop_map(Op::External),
        1 => Just(Op::Restart),
    ]
}

fn batch(steps: &[Step]) -> Batch {
    steps.iter().fold(Batch::new(), |batch, (path, value)| match value {
        Some(value) => batch.set(path, value),
        None => batch.unset(path),
    })
}

fn patch(steps: &[Step]) -> Value {
    let mut patch = Map::new();
    for (path, value) in steps {
        let value = value.clone().unwrap_or(Value::Null);
        match path.split_once('.') {
            Some((section, key)) => patch.entry(section).or_insert_with(|| json!({}))[key] = value,
            None => drop(patch.insert((*path).to_owned(), value)),
        }
    }
    Value::Object(patch)
}

fn with(set: &Set, steps: &[Step], is_patch: bool) -> Set {
    let mut set = set.clone();
    for (path, value) in steps {
        match value {
            Some(value) => drop(set.insert(path, value.clone())),
            // In a patch, the null of an optional value is the value none.
            None if is_patch && *path == "note" => drop(set.insert(path, Value::Null)),
            None => drop(set.remove(path)),
        }
    }
    set
}

struct World {
    store: Arc<dyn Store>,
    live: Live<Config>,
    /// What was set after each revision.
    sets: Vec<Set>,
    /// The port of the process that runs.
    port: u16,
}

impl World {
    fn new() -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        Self { live: open(&store), store, sets: vec![Set::new()], port: 80 }
    }

    fn set(&self) -> &Set {
        self.sets.last().unwrap()
    }

    /// Compares what became of a change with what the model says of it.
    fn expect(&mut self, outcome: Result<Applied, UpdateError>, next: Set) {
        let is_new = next != *self.set();
        match (outcome, effective(&next)) {
            (Ok(applied), Some(_)) => {
                assert_eq!(applied.entry.is_some(), is_new);
                if is_new {
                    self.sets.push(next);
                }
                assert_eq!(applied.revision as usize, self.sets.len() - 1);
            }
            (Err(error), None) => assert!(error.is_invalid(), "{error}"),
            (outcome, wanted) => panic!("{outcome:?}, and the model says {wanted:?}"),
        }
    }

    fn run(&mut self, op: &Op) {
        match op {
            Op::One((path, Some(value))) => {
                let next = with(self.set(), &[(path, Some(value.clone()))], false);
                self.expect(self.live.set(path, value, "ann"), next);
            }
            Op::One((path, None)) => {
                self.expect(self.live.unset(path, "ann"), with(self.set(), &[(path, None)], false))
            }
            Op::Update(steps) => self.expect(self.live.update(&patch(steps), "ann"), with(self.set(), steps, true)),
            Op::Apply(steps) => self.expect(self.live.apply(&batch(steps), "ann"), with(self.set(), steps, false)),
            Op::Reset => self.expect(self.live.reset("ann"), Set::new()),
            Op::Rollback(index) => {
                let revision = index.index(self.sets.len());
                let outcome = self.live.rollback(&Point::Revision(revision as u64), "ann");
                self.expect(outcome, self.sets[revision].clone());
            }
            Op::External(steps) => {
                let outcome = open(&self.store).apply(&batch(steps), "bob");
                self.expect(outcome, with(self.set(), steps, false));
                self.live.reload_all().unwrap();
            }
            Op::Restart => {
                self.live = open(&self.store);
                self.port = self.live.get().port;
            }
        }
    }

    fn check(&self) {
        let desired = effective(self.set()).unwrap();
        let running = Config { port: self.port, ..desired.clone() };
        let version = self.live.version();
        assert_eq!((&**version.desired(), &*self.live.get()), (&desired, &running));
        let pending: Vec<String> = version.pending().iter().map(|change| change.path.to_string()).collect();
        assert_eq!(pending, if desired == running { vec![] } else { vec!["port".to_owned()] });
        let revision = self.sets.len() as u64 - 1;
        assert_eq!((version.revision(), self.store.load().unwrap().revision), (revision, revision));
        assert_eq!(self.live.history(&HistoryQuery::default()).unwrap().len() as u64, revision);
        assert_eq!(*open(&self.store).get(), desired);
    }
}

fn open(store: &Arc<dyn Store>) -> Live<Config> {
    Live::of(Config::loader()).store(Arc::clone(store)).open().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_changes_is_what_a_map_would_be(ops in proptest::collection::vec(op(), 1..24)) {
        let mut world = World::new();
        let mut events = world.live.changes();
        for op in &ops {
            let before = world.sets.len();
            world.run(op);
            world.check();
            if matches!(op, Op::Restart) {
                events = world.live.changes();
            } else {
                let told: Vec<u64> = std::iter::from_fn(|| events.next_within(std::time::Duration::ZERO))
                    .map(|event| event.after.revision())
                    .collect();
                prop_assert_eq!(told, (before as u64..world.sets.len() as u64).collect::<Vec<_>>());
            }
        }
    }
}
