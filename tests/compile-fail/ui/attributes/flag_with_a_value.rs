use strata_config::{LayeredConfig, Secret};

#[derive(LayeredConfig)]
struct App {
    #[config(secret = true)]
    key: Secret<String>,
}

fn main() {}
