use strata_config::{LayeredConfig, Secret};

#[derive(LayeredConfig)]
struct App {
    #[config(secret)]
    #[config(secret)]
    key: Secret<String>,
}

fn main() {}
