use strata_config::{LayeredConfig, Secret};

#[derive(LayeredConfig)]
struct App {
    #[config(secret)]
    key: Secret<String>,
    key_file: String,
}

fn main() {}
