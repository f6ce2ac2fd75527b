use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features {
    #[flag(default = "wide")]
    layout: Layout,
}

struct Layout;

fn main() {}
