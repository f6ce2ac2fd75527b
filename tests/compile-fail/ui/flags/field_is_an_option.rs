use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features {
    banner: Option<String>,
}

fn main() {}
