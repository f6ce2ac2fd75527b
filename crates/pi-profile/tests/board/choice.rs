//! Which profile counts on which machine.

use strata_config::LayeredConfig;
use strata_config_core::Bound;
use strata_config_pi_profile::{Choice, Chosen, ChosenBy, Profiles};

use super::machine::board;
use super::profiles::{limits, mib};

/// A configuration that knows a profile of its own.
#[derive(LayeredConfig, Debug)]
pub(crate) struct Config {
    /// Nested, since profiles are looked for everywhere.
    #[config(nested)]
    pub(crate) db: Database,
}

#[derive(LayeredConfig, Debug)]
pub(crate) struct Database {
    #[config(default = 8, resource = "connections", profile(kiosk(default = 2)))]
    pub(crate) pool_size: u16,
}

fn choose(choice: &str, fixture: &str) -> Chosen {
    Profiles::default().choose(&choice.parse().unwrap(), &board(fixture), Config::SCHEMA).unwrap()
}

fn name(chosen: &Chosen) -> Option<&str> {
    chosen.profile.as_ref().map(strata_config_core::Profile::name)
}

#[test]
fn auto_takes_boards_that_the_device_tree_names_and_no_others() {
    for (fixture, profile) in [
        ("zero_2w", Some("pi_zero_2w")),
        ("pi_3a_plus", Some("pi_3")),
        ("pi_3b_plus", Some("pi_3")),
        ("pi_4", Some("pi_4")),
        ("pi_5", Some("pi_5")),
        ("container_v1", None),
        ("container_v2", None),
        ("laptop", None),
        ("damaged", None),
    ] {
        let chosen = choose("auto", fixture);
        assert_eq!((name(&chosen), chosen.by), (profile, ChosenBy::Auto), "{fixture}");
    }
}

#[test]
fn the_boards_own_memory_counts() {
    for (fixture, memory) in [
        // The graphics' and the kernel's part of the 512 MB belongs to the system's 112.
        ("zero_2w", mib(512, 400)),
        ("pi_3a_plus", mib(512, 400)),
        ("pi_3b_plus", mib(1024, 800)),
        ("pi_4", mib(4096, 3584)),
        ("pi_5", mib(8192, 7680)),
    ] {
        assert_eq!(choose("auto", fixture).profile.unwrap().memory(), memory, "{fixture}");
    }
    let small = choose("auto", "pi_3a_plus").profile.unwrap();
    assert_eq!(limits(&small, "connections").max, Some(Bound::Int(200)), "limits follow the memory");
}

#[test]
fn a_control_group_that_is_smaller_than_the_board_counts() {
    let profile = choose("auto", "pi_4_8gb_limited").profile.unwrap();
    assert_eq!(profile.memory(), mib(192, 168));
    assert_eq!(limits(&profile, "memory_mb").max, Some(Bound::Int(168)));
}

#[test]
fn a_name_wins_over_what_was_detected() {
    let chosen = choose("pi_4", "zero_2w");
    assert_eq!((name(&chosen), chosen.by), (Some("pi_4"), ChosenBy::Option));
    assert_eq!(chosen.profile.unwrap().memory(), mib(4096, 3584));
    assert_eq!(name(&choose("pi_zero_2w", "laptop")), Some("pi_zero_2w"));
}

#[test]
fn a_named_profile_of_the_board_at_hand_has_its_memory() {
    assert_eq!(choose("pi_5", "pi_5").profile.unwrap().memory(), mib(8192, 7680));
}

#[test]
fn none_is_none_on_every_board() {
    let chosen = choose("none", "zero_2w");
    assert_eq!((name(&chosen), chosen.by), (None, ChosenBy::None));
}

#[test]
fn hyphens_spaces_and_capitals_are_forgiven() {
    for text in ["Pi-Zero-2W", "pi zero 2w", " PI_ZERO_2W "] {
        assert_eq!(name(&choose(text, "laptop")), Some("pi_zero_2w"), "{text}");
    }
    assert_eq!("AUTO".parse(), Ok(Choice::Auto));
    assert_eq!("None".parse(), Ok(Choice::None));
}

#[test]
fn a_name_that_attributes_alone_know_is_a_profile() {
    let chosen = choose("kiosk", "laptop");
    let profile = chosen.profile.unwrap();
    assert_eq!((profile.name(), profile.memory()), ("kiosk", None));
    let loaded = Config::loader().profile(profile.name()).load().unwrap();
    assert_eq!(loaded.config().db.pool_size, 2);
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest_and_the_list() {
    let board = board("laptop");
    let refused = Profiles::default().choose(&"pi_zero2w".parse().unwrap(), &board, Config::SCHEMA).unwrap_err();
    assert_eq!(refused.nearest.as_deref(), Some("pi_zero_2w"));
    assert_eq!(
        refused.to_string(),
        "no profile is called `pi_zero2w`; did you mean `pi_zero_2w`? (known: auto, none, pi_zero_2w, pi_3, pi_4, \
         pi_5, container_128, container_256, container_512, unlimited, kiosk)"
    );
}
