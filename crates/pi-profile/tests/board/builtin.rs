//! The built-in profiles: their memory and their limits.

use strata_config_core::{Bound, ByteSize, Limits, Memory, Profile};
use strata_config_pi_profile::{BUILTIN, builtin};

pub(crate) fn mib(total: u64, ceiling: u64) -> Option<Memory> {
    Some(Memory { total: ByteSize::mib(total), ceiling: ByteSize::mib(ceiling) })
}

pub(crate) fn limits(profile: &Profile, class: &str) -> Limits {
    profile.resources().find(|(known, _)| *known == class).map(|(_, limits)| *limits).unwrap_or_default()
}

#[test]
fn each_has_its_memory() {
    let expected = [
        ("pi_zero_2w", mib(512, 400)),
        ("pi_3", mib(1024, 800)),
        ("pi_4", mib(4096, 3584)),
        ("pi_5", mib(4096, 3584)),
        ("container_128", mib(128, 112)),
        ("container_256", mib(256, 224)),
        ("container_512", mib(512, 448)),
        ("unlimited", None),
    ];
    let found = BUILTIN.map(|name| (name, builtin(name).unwrap().memory()));
    assert_eq!(found, expected);
}

#[test]
fn a_zero_2_w_carries_what_phase_2a_allows_there() {
    let profile = builtin("pi_zero_2w").unwrap();
    let most = |class| limits(&profile, class).max;
    assert_eq!(most("memory_mb"), Some(Bound::Int(400)));
    assert_eq!(most("connections"), Some(Bound::Int(200)));
    assert_eq!(most("cache_entries"), Some(Bound::Int(10_000)));
    assert_eq!(limits(&profile, "threads").default, Some(Bound::Int(4)));
    assert!(profile.resources().all(|(_, limits)| !limits.hard), "swap is slow, but it works");
}

#[test]
fn what_a_container_lacks_ends_it_so_its_memory_is_a_hard_limit_and_nothing_else_is() {
    for (name, memory) in [("container_128", 128), ("container_256", 256), ("container_512", 512)] {
        let profile = builtin(name).unwrap();
        let limits = limits(&profile, "memory_mb");
        assert_eq!((limits.max, limits.hard), (Some(Bound::Int(memory)), true), "{name}");
        assert_eq!(profile.resources().filter(|(_, limits)| limits.hard).count(), 1, "{name}");
    }
}

#[test]
fn unlimited_limits_nothing() {
    let unlimited = builtin("unlimited").unwrap();
    assert!(unlimited.resources().all(|(_, limits)| *limits == Limits::default()));
    assert!(builtin("pi_0").is_none());
}
