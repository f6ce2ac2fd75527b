use strata_config::{LayeredConfig, Secret};

#[derive(LayeredConfig)]
struct App {
    #[config(secret, default = "hunter2")]
    key: Secret<String>,
}

fn main() {}
