use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(default = [1, 2])]
    Retries,
}

fn main() {}
