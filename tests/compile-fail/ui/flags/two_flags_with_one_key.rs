use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    NewDashboard,
    #[flag(key = "new_dashboard")]
    Dashboard,
}

fn main() {}
