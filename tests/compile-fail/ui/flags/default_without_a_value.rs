use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(default)]
    NewDashboard,
}

fn main() {}
