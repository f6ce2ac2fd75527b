use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features {
    #[flag(default = 3)]
    retries: u32,
}

fn main() {}
