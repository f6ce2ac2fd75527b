use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features {
    #[flag(default = "huge")]
    layout: Layout,
}

#[derive(strata_config::ConfigEnum)]
enum Layout {
    Narrow,
    Wide,
}

fn main() {}
