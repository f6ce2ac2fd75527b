//! Every contender serves all targets and a quarter of everybody else, with whole answers.

/// Without a harness, as the comparison names by itself what fails.
fn main() {
    strata_config_bench_flags::compare();
}
