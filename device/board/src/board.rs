//! The board: found, told, and its profile chosen.

use std::path::Path;

use strata_config::{LayeredConfig, Profile};
use strata_config_pi_profile::{Board, Choice, Profiles, UnknownProfile};
use strata_config_reload::Version;

use crate::phase2a::Phase2aConfig;

/// Finds the board, tells of it, and gives its profile.
///
/// # Errors
/// `auto` names nothing, so there is none in truth.
pub(crate) fn choose(root: &Path) -> Result<Option<Profile>, UnknownProfile> {
    let board = Board::detect(root);
    println!("board {}", board.model.as_deref().unwrap_or("-"));
    println!("kind {}", board.kind().unwrap_or("-"));
    let number = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    println!(
        "machine cores={} total={} cgroup={}",
        number(board.cpu.cores.map(u64::from)),
        number(board.memory.total.map(|size| size.bytes())),
        number(board.cgroup.and_then(|group| group.limit).map(|size| size.bytes())),
    );
    board.faults.iter().for_each(|fault| println!("fault {} {}", fault.file, fault.why));
    let chosen = Profiles::default().choose(&Choice::Auto, &board, Phase2aConfig::SCHEMA)?;
    match chosen.profile.as_ref().map(|profile| (profile.name(), profile.memory())) {
        Some((name, Some(memory))) => {
            println!("profile {name} total={} ceiling={}", memory.total.bytes(), memory.ceiling.bytes());
        }
        Some((name, None)) => println!("profile {name}"),
        None => println!("profile -"),
    }
    Ok(chosen.profile)
}

/// Tells what memory the configuration will need.
pub(crate) fn tell_budget(version: &Version<Phase2aConfig>) {
    let budget = version.budget();
    println!("budget need={} shares={}", budget.need.bytes(), budget.shares.len());
}
