use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features;

fn main() {}
