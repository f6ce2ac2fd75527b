use strata_config::{LayeredConfig, Secret};

#[derive(LayeredConfig)]
struct App {
    key: Secret<String>,
}

fn main() {}
