//! Every contender loads the same values, and these are what the sources say.

use strata_config_bench::{case, compare, growth};

/// Without a harness, since the environment needs a program of its own.
fn main() {
    case::enter_environment();
    compare();
    growth::compare();
}
