//! One real configuration, loaded by several libraries from the same memory to the same values.

pub mod by_hand;
pub mod case;
pub mod figment;
pub mod ours;
pub mod phase2a;

use std::hint::black_box;

/// A way to load the configuration.
pub struct Contender {
    pub name: &'static str,
    /// Loads it, and throws it away.
    pub load: fn(),
    /// Loads it, and shows it.
    pub show: fn() -> String,
}

/// All of them; the first is what the others are compared with.
pub const CONTENDERS: &[Contender] = &[
    Contender {
        name: "by_hand",
        load: || drop(black_box(by_hand::load().unwrap())),
        show: || format!("{:#?}", by_hand::load().unwrap()),
    },
    Contender {
        name: "ours",
        load: || drop(black_box(ours::load().unwrap())),
        show: || format!("{:#?}", ours::load().unwrap().config()),
    },
    Contender {
        name: "figment",
        load: || drop(black_box(figment::load().unwrap())),
        show: || format!("{:#?}", figment::load().unwrap()),
    },
];

/// Panics where a contender loads anything else than the first does, or where that is not what the sources say.
pub fn compare() {
    let [first, others @ ..] = CONTENDERS else { return };
    let shown = (first.show)();
    let samples = [
        ("a default", "db_pool_overflow: 20,"),
        ("JSON", "fallback_failure_threshold: 4,"),
        ("TOML", "config_version: \"1.2.0\","),
        ("a variable", "http_connection_timeout: 6.25,"),
        ("an override", "batch_size: 12,"),
    ];
    for (source, line) in samples {
        assert!(shown.contains(line), "{source}: {line}\n{shown}");
    }
    for other in others {
        assert_eq!((other.show)(), shown, "{} differs from {}", other.name, first.name);
    }
}
