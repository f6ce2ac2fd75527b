use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {}

fn main() {}
