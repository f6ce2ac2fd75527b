//! One real configuration, loaded by several libraries from the same memory to the same values.

pub mod by_hand;
pub mod case;
pub mod growth;
pub mod ours;
pub mod peers;
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

/// A contender by its module, whose `load` gives the configuration.
macro_rules! contenders {
    ($($name:literal: $module:path $(, $field:ident)?;)*) => {
        /// All of them; the first is what the others are compared with.
        pub const CONTENDERS: &[Contender] = &[$({
            use $module as contender;
            Contender {
                name: $name,
                load: || drop(black_box(contender::load().unwrap())),
                show: || format!("{:#?}", contender::load().unwrap()$(.$field())?),
            }
        },)*];
    };
}

contenders! {
    "by_hand": by_hand;
    "ours": ours, config;
    "confik": peers::confik;
    "schematic": peers::schematic;
    "confique": peers::confique;
    "usage_config": peers::usage_config;
    "figment": peers::figment;
    "smart_config": peers::smart_config;
    "config": peers::config;
    "conf": peers::conf;
    "figue": peers::figue;
}

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
