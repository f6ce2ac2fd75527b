use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(default = 9223372036854775808)]
    Retries,
}

fn main() {}
