use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(rename_all = "kebab-case")]
    Checkout,
}

fn main() {}
