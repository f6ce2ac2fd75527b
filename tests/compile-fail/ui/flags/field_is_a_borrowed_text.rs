use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features {
    #[flag(default = "hi")]
    greeting: &'static str,
}

fn main() {}
