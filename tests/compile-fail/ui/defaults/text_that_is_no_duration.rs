use std::time::Duration;

use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = "30 parsecs")]
    wait: Duration,
}

fn main() {}
