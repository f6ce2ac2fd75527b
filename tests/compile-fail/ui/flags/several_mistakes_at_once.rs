use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features {
    #[flag(key = "a", default = 1)]
    first: bool,
    #[flag(key = "a")]
    second: Option<bool>,
    #[flag(defualt = 3)]
    third: i64,
}

fn main() {}
