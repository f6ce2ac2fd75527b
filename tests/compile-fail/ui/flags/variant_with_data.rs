use strata_config::FeatureFlags;

#[derive(FeatureFlags)]
enum Features {
    NewDashboard,
    Retries(i64),
}

fn main() {}
