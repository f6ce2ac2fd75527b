use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag = "checkout-v2"]
    Checkout,
}

fn main() {}
