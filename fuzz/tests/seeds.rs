//! Every committed seed runs once through its target: what was ever found stays found.

use std::fs;
use std::path::Path;

#[test]
fn every_seed_keeps_its_target_s_properties() {
    for (name, target) in strata_config_fuzz::TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name);
        let mut seeds: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        seeds.sort();
        assert!(!seeds.is_empty(), "{name} has no seed");
        for seed in seeds {
            println!("{}", seed.display());
            target(&fs::read(seed).unwrap());
        }
    }
}

#[test]
fn no_input_is_fine_for_every_target() {
    strata_config_fuzz::TARGETS.iter().for_each(|(_, target)| target(b""));
}
