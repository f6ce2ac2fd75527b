use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(key = 7)]
    NewDashboard,
}

fn main() {}
