use std::collections::HashMap;

use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = ["a"])]
    labels: HashMap<String, String>,
}

fn main() {}
