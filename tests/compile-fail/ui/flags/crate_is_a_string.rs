use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
#[flag(crate = "strata_config_flags")]
enum Features {
    Checkout,
}

fn main() {}
