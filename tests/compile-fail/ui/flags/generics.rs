use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
struct Features<T> {
    new_dashboard: T,
}

fn main() {}
