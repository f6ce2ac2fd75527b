use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features {
    regions: Vec<String>,
}

fn main() {}
