use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(default = true, default = false)]
    Checkout,
}

fn main() {}
