//! Boards from fixtures: what is found of each, what is wrong with a damaged one, and which profile it gets.

#[path = "board/choice.rs"]
mod choice;
#[path = "board/damage.rs"]
mod damage;
#[path = "board/detection.rs"]
mod detection;
#[path = "board/machine.rs"]
mod machine;
#[path = "board/own.rs"]
mod own;
#[path = "board/builtin.rs"]
mod profiles;
