use std::num::NonZeroU16;

use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 0)]
    workers: NonZeroU16,
}

fn main() {}
