use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
#[flag(rename_all = "dotted")]
enum Features {
    Checkout,
}

fn main() {}
