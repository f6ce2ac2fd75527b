use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    #[flag(defualt = true)]
    NewDashboard,
}

fn main() {}
