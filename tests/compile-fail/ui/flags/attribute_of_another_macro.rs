use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(rename = "checkout-v2")]
    Checkout,
}

fn main() {}
