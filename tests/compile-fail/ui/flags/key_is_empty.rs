use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(key = "")]
    NewDashboard,
}

fn main() {}
