use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(default = None)]
    Retries,
}

fn main() {}
