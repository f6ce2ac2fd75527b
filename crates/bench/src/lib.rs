//! One real configuration, loaded by several libraries from the same memory to the same values.

pub mod by_hand;
pub mod case;
pub mod figment;
pub mod phase2a;

#[cfg(test)]
mod tests;
