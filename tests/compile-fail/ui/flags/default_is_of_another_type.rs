use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features {
    #[flag(default = "three")]
    retries: i64,
}

fn main() {}
