//! Configurations of 100 to 10,000 leaves: what a load costs as they grow.
//!
//! Ten leaves make a section, ten sections 100 leaves, ten of these 1,000, and ten of these 10,000. So each leaf is a
//! field with a path of its own, while a program has only a handful of types.

pub mod by_hand;
pub mod contenders;
mod documents;
mod types;

pub use contenders::CONTENDERS;

/// The sizes, in leaves.
pub const SIZES: [usize; 5] = [100, 300, 1_000, 3_000, 10_000];

/// Two documents of one size: the first sets every leaf, the second one in ten again.
pub struct Documents {
    pub json: String,
    pub toml: String,
}

/// A way to load a configuration of any of the sizes.
pub struct Contender {
    pub name: &'static str,
    /// Loads it, in the order of [`SIZES`], and throws it away.
    pub load: [fn(&Documents); 5],
    /// Loads it, and shows it.
    pub show: [fn(&Documents) -> String; 5],
}

/// Panics where a contender loads anything else than the first does, or not what the second document says.
pub fn compare() {
    let [first, others @ ..] = CONTENDERS else { return };
    for (at, leaves) in SIZES.iter().enumerate() {
        let documents = Documents::of(*leaves);
        let shown = (first.show[at])(&documents);
        assert_eq!(shown.matches("retries: 7").count(), leaves / 10, "{shown}");
        for other in others {
            assert!((other.show[at])(&documents) == shown, "{} differs from {}", other.name, first.name);
        }
    }
}
