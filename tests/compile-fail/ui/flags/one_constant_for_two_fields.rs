use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features {
    checkout: bool,
    #[allow(non_snake_case)]
    Checkout: bool,
}

fn main() {}
