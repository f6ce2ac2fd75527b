use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(default = LIMIT)]
    Retries,
}

const LIMIT: i64 = 3;

fn main() {}
