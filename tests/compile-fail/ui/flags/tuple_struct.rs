use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features(bool, bool);

fn main() {}
