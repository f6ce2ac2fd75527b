use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
union Features {
    new_dashboard: bool,
}

fn main() {}
