use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
#[flag(rename_all = "kebab-case")]
struct Features {
    #[flag(key = "checkout-v2")]
    checkout: bool,
    checkout_v2: bool,
}

fn main() {}
