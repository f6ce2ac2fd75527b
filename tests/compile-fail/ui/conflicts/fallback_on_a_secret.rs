use strata_config::{LayeredConfig, Secret};

#[derive(LayeredConfig)]
struct App {
    #[config(secret, fallback = "x")]
    key: Secret<String>,
}

fn main() {}
