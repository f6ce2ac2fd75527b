use std::time::Duration;

use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = "2h", validate(range(max = "90m")))]
    wait: Duration,
}

fn main() {}
