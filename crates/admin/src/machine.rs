//! The machine that the program runs on, looked at again now and then.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use strata_config_pi_profile::{Board, ChosenBy};

use crate::wire::BoardView;

/// How old an answer may be: what changes, such as the temperature, changes slowly.
const FRESH: Duration = Duration::from_secs(5);

/// The machine, and why the profile is the one.
#[derive(Debug)]
pub(crate) struct Machine {
    root: PathBuf,
    pub(crate) chosen_by: ChosenBy,
    found: Mutex<Option<(Instant, BoardView)>>,
}

impl Machine {
    pub(crate) fn new(root: PathBuf, chosen_by: ChosenBy) -> Self {
        Self { root, chosen_by, found: Mutex::new(None) }
    }

    /// What its files tell; reading them may wait.
    pub(crate) fn board(&self) -> BoardView {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        match &*found {
            Some((when, board)) if when.elapsed() < FRESH => board.clone(),
            _ => {
                let board = BoardView::of(&Board::detect(&self.root));
                *found = Some((Instant::now(), board.clone()));
                board
            }
        }
    }
}
