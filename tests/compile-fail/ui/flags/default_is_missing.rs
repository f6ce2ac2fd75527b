use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features {
    retries: i64,
}

fn main() {}
