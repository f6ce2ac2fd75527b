use std::time::Duration;

use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(unit = "MB")]
    wait: Duration,
}

fn main() {}
